// All words people read: ICU MessageFormat messages from server/messages/*.json, compiled into the program.
// Lookups of a key that does not exist throw std::logic_error, so a test that renders a page finds them.
#pragma once

#include "base/local_time.h"
#include "base/problem.h"

#include <string>
#include <string_view>
#include <vector>

namespace kutsu
{

// The languages with a message file, in the order they are offered: fi, en, ru.
std::vector<std::string> const& languages();
bool is_language(std::string_view language);
// The best of ours for an Accept-Language header; `fallback` when none fits.
std::string negotiate_language(std::string_view accept_language, std::string_view fallback);

// The message in this language with its parameters put in. {count} style plurals take an integer argument.
std::string message(std::string_view language, std::string_view key, Arguments const& arguments = {});
bool has_message(std::string_view language, std::string_view key);
// Every key of a language, sorted.
std::vector<std::string> message_keys(std::string_view language);
// A message before formatting, as written in the catalogue.
std::string message_pattern(std::string_view language, std::string_view key);

// Local times in the notation of a language, by ICU's skeletons; no zone is involved.
std::string format_date_long(std::string_view language, LocalTime local);  // torstai 27. toukokuuta 2027
std::string format_date_short(std::string_view language, LocalTime local); // 27.5.2027, 27 May 2027
std::string format_time(std::string_view language, LocalTime local);       // 8.30, 08:30
std::string format_month(std::string_view language, LocalTime local);      // toukokuu 2027
// A range on one or several days: "27.–28. toukokuuta 2027".
std::string format_date_range(std::string_view language, LocalTime from, LocalTime to);
// The name of a language, written in another: ("ru", "fi") → "финский".
std::string language_name(std::string_view in_language, std::string_view of_language);

}
