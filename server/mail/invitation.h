// The calendar message within a mail about somebody's place: an invitation when they have one and when the
// event moves, its withdrawal when they lose it. UID and contents are those of the feeds.
#pragma once

#include "calendars/itip.h"
#include "mail/compose.h"
#include "mail/message.h"

#include <optional>
#include <string_view>

namespace kutsu::mail
{

// What a mail of this kind brings to calendars; nothing for most.
std::optional<calendars::Method> brings_calendar(std::string_view kind);

// Nothing for other kinds, and for a withdrawal of what was never sent.
std::optional<CalendarPart> calendar_part(OutboxRow const& row, events::Event const& event, Site const& site,
                                          std::string_view language);

}
