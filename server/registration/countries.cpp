#include "registration/countries.h"

#include "base/messages.h"

#include <unicode/coll.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <map>
#include <memory>

namespace kutsu::registration
{
namespace
{

std::vector<std::string> codes_of_iso()
{
    std::vector<std::string> codes;
    for (auto const* const* code = icu::Locale::getISOCountries(); *code; ++code)
        codes.emplace_back(*code);
    std::ranges::sort(codes);
    return codes;
}

icu::UnicodeString display_name_of(std::string const& language, std::string const& code)
{
    icu::UnicodeString name;
    icu::Locale("und", code.c_str()).getDisplayCountry(icu::Locale(language.c_str()), name);
    return name;
}

std::vector<Country> sorted_countries(std::string const& language)
{
    std::vector<std::pair<icu::UnicodeString, std::string>> named;
    for (auto const& code : country_codes())
        named.emplace_back(display_name_of(language, code), code);
    UErrorCode wrong = U_ZERO_ERROR;
    std::unique_ptr<icu::Collator> const order(
        icu::Collator::createInstance(icu::Locale(language.c_str()), wrong));
    std::ranges::sort(named, [&](auto const& a, auto const& b) {
        UErrorCode ignored = U_ZERO_ERROR;
        return order ? order->compare(a.first, b.first, ignored) == UCOL_LESS : a.first < b.first;
    });
    std::vector<Country> all;
    for (auto const& [name, code] : named)
        name.toUTF8String(all.emplace_back(code, std::string()).name);
    return all;
}

}

std::vector<std::string> const& country_codes()
{
    static std::vector<std::string> const codes = codes_of_iso();
    return codes;
}

bool is_country(std::string_view code)
{
    return std::ranges::binary_search(country_codes(), code);
}

std::vector<Country> const& countries(std::string_view language)
{
    static std::map<std::string, std::vector<Country>, std::less<>> const by_language = [] {
        std::map<std::string, std::vector<Country>, std::less<>> all;
        for (auto const& each : languages())
            all.emplace(each, sorted_countries(each));
        return all;
    }();
    static std::vector<Country> const none;
    auto const found = by_language.find(language);
    return found == by_language.end() ? none : found->second;
}

std::string country_name(std::string_view language, std::string_view code)
{
    auto const& all = countries(language);
    auto const found = std::ranges::find(all, code, &Country::code);
    return found == all.end() ? std::string(code) : found->name;
}

}
