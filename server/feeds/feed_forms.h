// A feed in a form other than iCalendar: the same entries as values, written by calendars/forms.h. Made anew
// as a whole when something in it changed; few readers ask for these.
#pragma once

#include "base/services.h"
#include "calendars/calendar.h"
#include "feeds/feed_contents.h"
#include "feeds/feed_key.h"

#include <string>

namespace kutsu::feeds
{

// The feed as a value in its language.
calendars::Calendar calendar_of(Site const& site, FeedKey const& key, Contents const& contents);
// Not for Form::ics, which FeedWriter writes.
std::string write_form(Site const& site, FeedKey const& key, Contents const& contents);

}
