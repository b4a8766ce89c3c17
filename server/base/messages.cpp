#include "base/messages.h"

#include "base/embedded.h"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <unicode/dtitvfmt.h>
#include <unicode/dtptngen.h>
#include <unicode/locdspnm.h>
#include <unicode/msgfmt.h>
#include <unicode/smpdtfmt.h>

#include <array>
#include <map>
#include <memory>
#include <stdexcept>

namespace kutsu
{
namespace
{

using Catalogue = std::map<std::string, std::map<std::string, std::string, std::less<>>, std::less<>>;

Catalogue load()
{
    Catalogue catalogue;
    for (auto const& file : embedded_messages()) {
        auto const language = std::string(file.path.substr(0, file.path.find('.')));
        auto const parsed = boost::json::parse(file.bytes);
        for (auto const& [key, pattern] : parsed.as_object())
            catalogue[language].emplace(key, pattern.as_string());
    }
    return catalogue;
}

Catalogue const& catalogue()
{
    static Catalogue const loaded = load();
    return loaded;
}

// English as written in Europe: 24 hours, day before month.
icu::Locale locale_of(std::string_view language)
{
    return language == "en" ? icu::Locale("en", "GB") : icu::Locale(std::string(language).c_str());
}

icu::UnicodeString unicode(std::string_view text)
{
    return icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
}

std::string utf8(icu::UnicodeString const& text)
{
    std::string result;
    text.toUTF8String(result);
    return result;
}

void require(UErrorCode status, std::string_view what)
{
    if (U_FAILURE(status))
        throw std::logic_error(fmt::format("ICU: {}: {}", what, u_errorName(status)));
}

// Formatters are costly to make (8 µs) and not to be shared between threads.
icu::MessageFormat const& formatter(std::string_view language, std::string_view key)
{
    thread_local std::map<std::string, std::unique_ptr<icu::MessageFormat>, std::less<>> made;
    auto name = fmt::format("{}/{}", language, key);
    auto& format = made[name];
    if (!format) {
        UErrorCode status = U_ZERO_ERROR;
        format = std::make_unique<icu::MessageFormat>(unicode(message_pattern(language, key)),
                                                      locale_of(language), status);
        require(status, name);
    }
    return *format;
}

// ICU is given local fields as if they were UTC and formats them in UTC: its own zone data is too old
// (2022e).
UDate as_utc(LocalTime local)
{
    return static_cast<double>(local.time_since_epoch().count()) * 1000.0;
}

icu::SimpleDateFormat const& date_formatter(std::string_view language, char const* skeleton)
{
    thread_local std::map<std::string, std::unique_ptr<icu::SimpleDateFormat>, std::less<>> made;
    auto& format = made[fmt::format("{}/{}", language, skeleton)];
    if (!format) {
        UErrorCode status = U_ZERO_ERROR;
        auto const locale = locale_of(language);
        std::unique_ptr<icu::DateTimePatternGenerator> generator(
            icu::DateTimePatternGenerator::createInstance(locale, status));
        require(status, "date patterns");
        auto pattern = generator->getBestPattern(icu::UnicodeString(skeleton), status);
        // Finnish "tiistaina" is for sentences ("on Tuesday"); a date that stands alone says "tiistai".
        pattern.findAndReplace("EEEE", "cccc");
        format = std::make_unique<icu::SimpleDateFormat>(pattern, locale, status);
        require(status, "date format");
        format->setTimeZone(*icu::TimeZone::getGMT());
    }
    return *format;
}

std::string format_date(std::string_view language, char const* skeleton, LocalTime local)
{
    icu::UnicodeString text;
    date_formatter(language, skeleton).format(as_utc(local), text);
    return utf8(text);
}

// The quality of one element of Accept-Language, in thousandths.
int quality_of(std::string_view element)
{
    auto const at = element.find(";q=");
    if (at == std::string_view::npos)
        return 1000;
    double quality = 0;
    try {
        quality = std::stod(std::string(element.substr(at + 3)));
    } catch (std::exception const&) {
        return 0;
    }
    return static_cast<int>(quality * 1000);
}

}

std::vector<std::string> const& languages()
{
    static std::vector<std::string> const offered = [] {
        std::vector<std::string> names;
        for (auto const* first : {"fi", "en", "ru"}) {
            if (catalogue().contains(first))
                names.emplace_back(first);
        }
        for (auto const& [language, words] : catalogue()) {
            if (std::ranges::find(names, language) == names.end())
                names.push_back(language);
        }
        return names;
    }();
    return offered;
}

bool is_language(std::string_view language)
{
    return catalogue().contains(language);
}

std::string negotiate_language(std::string_view accept_language, std::string_view fallback)
{
    std::string best(fallback);
    int best_quality = 0;
    for (std::size_t begin = 0; begin < accept_language.size();) {
        auto const end = std::min(accept_language.find(',', begin), accept_language.size());
        auto element = accept_language.substr(begin, end - begin);
        begin = end + 1;
        while (!element.empty() && element.front() == ' ')
            element.remove_prefix(1);
        auto const language = element.substr(0, element.find_first_of("-;"));
        if (auto const quality = quality_of(element); is_language(language) && quality > best_quality) {
            best = language;
            best_quality = quality;
        }
    }
    return best;
}

std::string message_pattern(std::string_view language, std::string_view key)
{
    auto const words = catalogue().find(language);
    if (words != catalogue().end()) {
        if (auto const found = words->second.find(key); found != words->second.end())
            return found->second;
    }
    throw std::logic_error(fmt::format("no message '{}' in '{}'", key, language));
}

std::string message(std::string_view language, std::string_view key, Arguments const& arguments)
{
    auto const& format = formatter(language, key);
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (auto const& [name, value] : arguments) {
        names.push_back(unicode(name));
        if (auto const* number = std::get_if<std::int64_t>(&value))
            values.emplace_back(static_cast<int64_t>(*number));
        else
            values.emplace_back(unicode(std::get<std::string>(value)));
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString result;
    format.format(names.data(), values.data(), static_cast<int>(names.size()), result, status);
    require(status, key);
    return utf8(result);
}

bool has_message(std::string_view language, std::string_view key)
{
    auto const words = catalogue().find(language);
    return words != catalogue().end() && words->second.contains(key);
}

std::vector<std::string> message_keys(std::string_view language)
{
    std::vector<std::string> keys;
    if (auto const words = catalogue().find(language); words != catalogue().end()) {
        for (auto const& [key, pattern] : words->second)
            keys.push_back(key);
    }
    return keys;
}

std::string format_date_long(std::string_view language, LocalTime local)
{
    return format_date(language, "yMMMMEEEEd", local);
}

std::string format_date_short(std::string_view language, LocalTime local)
{
    // English spells the month: 09/02/2027 is two different days on two sides of an ocean.
    return format_date(language, language == "en" ? "yMMMd" : "yMd", local);
}

std::string format_time(std::string_view language, LocalTime local)
{
    return format_date(language, language == "fi" ? "Hm" : "HHmm", local);
}

std::string format_month(std::string_view language, LocalTime local)
{
    return format_date(language, "yLLLL", local);
}

std::string format_date_range(std::string_view language, LocalTime from, LocalTime to)
{
    if (date::floor<date::days>(from) == date::floor<date::days>(to))
        return format_date_long(language, from);
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::DateIntervalFormat> format(
        icu::DateIntervalFormat::createInstance("yMMMMd", locale_of(language), status));
    require(status, "date interval");
    format->setTimeZone(*icu::TimeZone::getGMT());
    icu::DateInterval const interval(as_utc(from), as_utc(to));
    icu::UnicodeString text;
    icu::FieldPosition position(icu::FieldPosition::DONT_CARE);
    format->format(&interval, text, position, status);
    require(status, "date interval");
    return utf8(text);
}

std::string language_name(std::string_view in_language, std::string_view of_language)
{
    std::unique_ptr<icu::LocaleDisplayNames> const names(
        icu::LocaleDisplayNames::createInstance(locale_of(in_language)));
    icu::UnicodeString result;
    names->languageDisplayName(std::string(of_language).c_str(), result);
    return utf8(result);
}

}
