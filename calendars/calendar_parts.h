// What feeds and invitations share in writing.
#pragma once

#include "calendars/calendar.h"
#include "calendars/lines.h"

#include <span>
#include <string>
#include <vector>

namespace kutsu::calendars
{

// Everything between BEGIN:VEVENT and END:VEVENT; the zones it refers to are added to `zones`.
void write_event_lines(LineWriter& out, Event const& event, Utc stamp, std::vector<std::string>& zones);
// BEGIN:VCALENDAR and what has to stand first in it.
void write_calendar_frame(LineWriter& out);
// Zones and entries after a head, and the end.
std::string finish_calendar(std::string head, std::span<Fragment const> fragments);

}
