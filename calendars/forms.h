// The other forms of the same calendar: jCal (RFC 7265), xCal (RFC 6321) and JSCalendar (RFC 8984), made from
// the value that the iCalendar writer takes. UTF-8, no blank between tokens, the same value gives the same
// bytes.
//
// jCal and xCal hold what the .ics form holds, zones included, without the X- twins that only readers of .ics
// need. JSCalendar refers to zones by their IANA names and is the one form that holds several languages.
#pragma once

#include "calendars/calendar.h"

#include <span>
#include <string>

namespace kutsu::calendars
{

std::string write_jcal(Calendar const& calendar);
std::string write_xcal(Calendar const& calendar);

struct Translation
{
    LanguageTag language;
    Calendar calendar;
};
// A Group of Events. `others` are the same calendar in other languages: words that are really in that
// language become the entries' `localizations` (section 4.6.1). `group` is the calendar's own UID.
std::string write_jscalendar(Calendar const& calendar, Uid const& group,
                             std::span<Translation const> others = {});

}
