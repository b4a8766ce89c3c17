#include "base/messages.h"
#include "base/problem.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace kutsu
{
namespace
{

std::set<std::string> parameters_of(std::string const& pattern)
{
    UErrorCode status = U_ZERO_ERROR;
    icu::MessagePattern const parsed(icu::UnicodeString::fromUTF8(pattern), nullptr, status);
    EXPECT_TRUE(U_SUCCESS(status)) << pattern;
    std::set<std::string> names;
    for (int32_t i = 0; i < parsed.countParts(); ++i) {
        auto const& part = parsed.getPart(i);
        if (part.getType() != UMSGPAT_PART_TYPE_ARG_NAME && part.getType() != UMSGPAT_PART_TYPE_ARG_NUMBER)
            continue;
        std::string name;
        parsed.getSubstring(part).toUTF8String(name);
        names.insert(name);
    }
    return names;
}

// The plural categories a pattern has words for.
std::set<std::string> categories_of(std::string const& pattern)
{
    static std::regex const selector(R"((=0|zero|one|two|few|many|other) ?\{)");
    std::set<std::string> found;
    for (std::sregex_iterator at(pattern.begin(), pattern.end(), selector), end; at != end; ++at)
        found.insert((*at)[1]);
    return found;
}

std::vector<std::filesystem::path> sources()
{
    std::vector<std::filesystem::path> files;
    auto const root = std::filesystem::path(KUTSU_SOURCE_DIR) / "server";
    for (auto const& entry : std::filesystem::recursive_directory_iterator(root)) {
        if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h")
            files.push_back(entry.path());
    }
    return files;
}

std::string contents(std::filesystem::path const& file)
{
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

// message(language, "key" … and sentence(language, "key" …; a first argument may be a call of its own.
std::set<std::string> keys_used_in(std::string const& source)
{
    static std::regex const use(R"re(\b(?:message|sentence)\(\s*[\w.>()\[\]*:-]+,\s*"([^"]+)")re");
    std::set<std::string> keys;
    for (std::sregex_iterator at(source.begin(), source.end(), use), end; at != end; ++at)
        keys.insert((*at)[1]);
    return keys;
}

TEST(Messages, EveryLanguageHasEveryKey)
{
    auto const finnish = message_keys("fi");

    ASSERT_GT(finnish.size(), 200U);
    for (auto const& language : languages())
        EXPECT_EQ(message_keys(language), finnish) << language;
}

TEST(Messages, AllLanguagesTakeTheSameParameters)
{
    for (auto const& key : message_keys("fi")) {
        auto const expected = parameters_of(message_pattern("fi", key));
        for (auto const& language : languages())
            EXPECT_EQ(parameters_of(message_pattern(language, key)), expected) << language << " " << key;
    }
}

TEST(Messages, EveryPatternParses)
{
    for (auto const& language : languages()) {
        for (auto const& key : message_keys(language)) {
            UErrorCode status = U_ZERO_ERROR;
            auto const pattern = icu::UnicodeString::fromUTF8(message_pattern(language, key));
            icu::MessageFormat const format(pattern, icu::Locale(language.c_str()), status);
            EXPECT_TRUE(U_SUCCESS(status)) << language << " " << key;
        }
    }
}

TEST(Messages, NoneIsEmptyOrUntrimmed)
{
    for (auto const& language : languages()) {
        for (auto const& key : message_keys(language))
            EXPECT_FALSE(message_pattern(language, key).empty()) << language << " " << key;
    }
}

TEST(Messages, RussianPluralsHaveAllTheirForms)
{
    for (auto const& key : message_keys("ru")) {
        auto const pattern = message_pattern("ru", key);
        // Without a number in it, a form for one and a form for more are enough.
        if (pattern.find(", plural") == std::string::npos || pattern.find('#') == std::string::npos)
            continue;
        auto const found = categories_of(pattern);
        for (auto const* category : {"one", "few", "many", "other"})
            EXPECT_TRUE(found.contains(category)) << key << " lacks " << category;
    }
}

TEST(Messages, EveryKeyInTheCodeExists)
{
    std::size_t uses = 0;
    for (auto const& file : sources()) {
        for (auto const& key : keys_used_in(contents(file))) {
            ++uses;
            EXPECT_TRUE(has_message("fi", key)) << file << ": " << key;
        }
    }
    EXPECT_GT(uses, 100U);
}

TEST(Messages, EveryProblemHasWords)
{
    for (int name = static_cast<int>(ProblemName::validation); name <= static_cast<int>(ProblemName::gone);
         ++name) {
        auto const key = "problem." + std::string(wire_name(static_cast<ProblemName>(name)));
        for (auto const& language : languages()) {
            EXPECT_TRUE(has_message(language, key + ".title")) << key;
            EXPECT_TRUE(has_message(language, key + ".detail")) << key;
        }
    }
}

TEST(Messages, RussianCountsAreRight)
{
    constexpr std::array<std::pair<std::int64_t, char const*>, 7> samples = {{{1, "Свободно 1 место"},
                                                                              {2, "Свободно 2 места"},
                                                                              {5, "Свободно 5 мест"},
                                                                              {11, "Свободно 11 мест"},
                                                                              {21, "Свободно 21 место"},
                                                                              {22, "Свободно 22 места"},
                                                                              {25, "Свободно 25 мест"}}};

    for (auto const& [free, expected] : samples)
        EXPECT_EQ(message("ru", "seats.free", {{"free", free}}), expected);
}

TEST(Messages, FinnishAndEnglishCountsAreRight)
{
    EXPECT_EQ(message("fi", "seats.few", {{"free", std::int64_t{1}}}), "Enää 1 paikka jäljellä");
    EXPECT_EQ(message("fi", "seats.few", {{"free", std::int64_t{2}}}), "Enää 2 paikkaa jäljellä");
    EXPECT_EQ(message("en", "seats.few", {{"free", std::int64_t{1}}}), "Only 1 seat left");
    EXPECT_EQ(message("en", "seats.few", {{"free", std::int64_t{0}}}), "No seats left");
}

TEST(Messages, CitiesOfZonesAndVenuesAreKnown)
{
    EXPECT_EQ(message("fi", "zone.Europe/Moscow"), "Petroskoi");
    EXPECT_EQ(message("ru", "zone.Asia/Almaty"), "Петропавловск");
    EXPECT_EQ(message("fi", "city_in.petrozavodsk"), "Petroskoissa");
    EXPECT_EQ(message("ru", "city_in.joensuu"), "в Йоэнсуу");
}

}
}
