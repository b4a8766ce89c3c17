// Name, description and refreshing of a calendar, in the feed's language.
#pragma once

#include "base/services.h"
#include "calendars/calendar.h"
#include "feeds/feed_key.h"

namespace kutsu::feeds
{

// `example` is an event of this feed, null when there is none left; `event_day`: something in it is on today,
// so readers that ask how often to come are told to come more often (R54).
calendars::CalendarHead head_of(Site const& site, FeedKey const& key, events::Event const* example,
                                bool event_day);

}
