// A person's own calendar (contract §4): their events, the sessions they chose, offers they have to answer.
// It says where they stand, in its titles and statuses, and shows nobody else's data, no ticket and no link
// with which its reader could act (R68–R70).
#pragma once

#include "calendars/calendar.h"
#include "events/catalogue.h"
#include "registration/personal_calendar.h"

namespace kutsu::feeds
{

struct PersonalView
{
    std::string language;
    bool sessions = true;
    bool past_all = false;
    Instant now;
};

// Pure. Events that this person may no longer see are left out; what ended more than 400 days ago too.
calendars::Calendar personal_calendar(Site const& site, events::Picture const& picture,
                                      registration::PersonalCalendar const& own, PersonalView const& view);

}
