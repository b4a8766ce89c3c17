#include "base/json.h"
#include "base/local_time.h"
#include "base/messages.h"
#include "base/secret.h"
#include "base/text.h"
#include "base/unicode.h"

#include <gtest/gtest.h>

namespace kutsu
{
namespace
{

Instant utc(std::string_view text)
{
    return parse_instant(text).value();
}

std::string shown(std::string_view local, std::string_view zone)
{
    auto const derived = to_instant(parse_local(local).value(), zone);
    return derived ? format_utc(derived->at) + (derived->repeated ? " twice" : "") : "none";
}

TEST(LocalTime, derives_instants_by_the_rules_of_their_time)
{
    EXPECT_EQ(shown("2027-05-27T08:30", "Europe/Helsinki"), "2027-05-27T05:30:00Z");
    EXPECT_EQ(shown("2005-03-15T10:00", "Europe/Moscow"), "2005-03-15T07:00:00Z");
    EXPECT_EQ(shown("2011-11-15T12:00", "Europe/Moscow"), "2011-11-15T08:00:00Z");
    EXPECT_EQ(shown("2014-11-15T11:00", "Europe/Moscow"), "2014-11-15T08:00:00Z");
    EXPECT_EQ(shown("2024-02-29T12:00", "Asia/Almaty"), "2024-02-29T06:00:00Z");
    EXPECT_EQ(shown("2027-05-27T10:30", "Asia/Almaty"), "2027-05-27T05:30:00Z");
}

TEST(LocalTime, knows_the_nights_of_change_in_Joensuu)
{
    EXPECT_EQ(shown("2027-03-28T03:30", "Europe/Helsinki"), "none");
    EXPECT_EQ(shown("2027-03-28T04:00", "Europe/Helsinki"), "2027-03-28T01:00:00Z");
    EXPECT_EQ(shown("2027-10-31T03:30", "Europe/Helsinki"), "2027-10-31T00:30:00Z twice");
    EXPECT_EQ(shown("2027-10-31T04:00", "Europe/Helsinki"), "2027-10-31T02:00:00Z");
}

TEST(LocalTime, knows_only_zones_of_the_tz_database)
{
    EXPECT_TRUE(is_known_zone("Asia/Almaty"));
    for (auto const* zone : {"", "Mars/Olympus", "../etc/passwd", "/etc/localtime"})
        EXPECT_FALSE(is_known_zone(zone)) << zone;
}

TEST(LocalTime, knows_which_rules_it_has)
{
    auto const version = tzdata_version(); // such as 2025b

    EXPECT_TRUE(version.starts_with("20")) << version;
    EXPECT_GE(version.size(), 5U);
}

TEST(LocalTime, reads_only_whole_well_formed_times)
{
    for (auto const* text : {"2027-05-27", "2027-13-01T00:00", "2027-02-29T00:00", "2027-05-27T24:00",
                             "2027-05-27 08:30", "2027-05-27T8:30", "2027-05-27T08:60", "x027-05-27T08:30"})
        EXPECT_FALSE(parse_local(text)) << text;
    EXPECT_EQ(format_local(*parse_local("2027-05-27T08:30:05")), "2027-05-27T08:30:05");
}

TEST(LocalTime, reads_and_writes_RFC_3339)
{
    EXPECT_EQ(utc("2027-05-27T08:30:00+03:00"), utc("2027-05-27T05:30:00Z"));
    EXPECT_EQ(utc("2027-05-27T05:30:00.250Z") - utc("2027-05-27T05:30:00Z"), std::chrono::milliseconds(250));
    EXPECT_EQ(format_rfc3339(utc("2027-01-27T05:30:00Z"), "Europe/Helsinki"), "2027-01-27T07:30:00+02:00");
    for (auto const* text :
         {"2027-05-27T08:30:00", "2027-05-27T08:30:00+0300", "2027-05-27T08:30:00+25:00", "soon", ""})
        EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(Text, falls_back_to_words_that_exist_and_says_in_which_language)
{
    Text text;
    text.set("ru", "Семинар");
    text.set("fi", "Seminaari");

    EXPECT_EQ(text.best("ru")->text, "Семинар");
    EXPECT_EQ(text.best("en")->language, "fi");
    EXPECT_FALSE(text.in("en"));
    EXPECT_EQ(Text().best("fi"), nullptr);
    EXPECT_EQ(text_from_stored(to_stored(text)), text);
}

TEST(Unicode, refuses_broken_text_and_NUL)
{
    EXPECT_TRUE(is_clean_utf8("Ёлкин 👩‍🚀 שלום"));
    EXPECT_FALSE(is_clean_utf8(std::string_view("a\0b", 3)));
    EXPECT_FALSE(is_clean_utf8("\xff"));
    EXPECT_FALSE(is_clean_utf8("\xed\xa0\x80"));
}

TEST(Unicode, tidies_lines_without_losing_letters)
{
    EXPECT_EQ(tidy_line("  Anna\t\nIvanova\x01 "), "Anna Ivanova");
    EXPECT_EQ(tidy_line("A\xcc\x88iti"), "\xc3\x84iti"); // A + combining diaeresis is Ä
    EXPECT_EQ(count_characters("Щербинина"), 9U);
}

TEST(Unicode, accepts_addresses_of_any_script_and_no_headers)
{
    for (auto const* good : {"anna@example.org", "анна@пример.рф", "a+b.c@sub.example.org"})
        EXPECT_TRUE(is_email(good)) << good;
    for (auto const* bad : {"", "anna", "@example.org", "anna@", "a b@example.org", "a@b@example.org",
                            "a@example.org\r\nBcc: x@y.z", "<a@example.org>", "a,b@example.org",
                            ".a@example.org", "a..b@example.org", "a@-example.org"})
        EXPECT_FALSE(is_email(bad)) << bad;
    EXPECT_FALSE(is_email(std::string(250, 'a') + "@b.fi"));
}

TEST(Unicode, folds_scripts_for_addresses_and_search)
{
    EXPECT_EQ(slugify("Йоэнсуу"), "joensuu");
    EXPECT_EQ(slugify("Värtsilä / Niirala"), "vartsila-niirala");
    EXPECT_EQ(fold_for_search("ÖHMAN"), "ohman");
}

TEST(Secret, the_same_submission_has_the_same_token_only_with_the_same_key)
{
    Key const key{1};
    Key const other{2};
    auto const token = registration_token(key, "id");

    EXPECT_EQ(token, registration_token(key, "id"));
    EXPECT_NE(token, registration_token(other, "id"));
    EXPECT_NE(token, registration_token(key, "id2"));
    EXPECT_EQ(token.size(), 43U);
}

TEST(Secret, what_is_sealed_opens_with_its_key_alone)
{
    SystemRandom random;
    Key const key{7};
    auto const sealed = seal(key, "ZZ0000022", random);

    EXPECT_EQ(unseal(key, sealed), "ZZ0000022");
    EXPECT_EQ(sealed.find("ZZ0000022"), std::string::npos);
    EXPECT_THROW(unseal(Key{8}, sealed), std::runtime_error);
    auto damaged = sealed;
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    EXPECT_THROW(unseal(key, damaged), std::runtime_error);
}

TEST(Json, reports_every_wrong_member_by_path)
{
    std::vector<FieldError> errors;
    auto const parsed = parse_json(R"({"name": 1, "when": "x", "extra": true})").value();
    ObjectReader reader(parsed.as_object(), errors, "guest");
    reader.required_text("name");
    reader.required_text("email");
    reader.integer("when");
    reader.finish();

    std::vector<std::string> told;
    for (auto const& error : errors)
        told.push_back(error.field + ":" + error.message);
    EXPECT_EQ(told,
              (std::vector<std::string>{"guest.name:field.expected_text", "guest.email:field.missing",
                                        "guest.when:field.expected_number", "guest.extra:field.unknown"}));
}

TEST(Json, refuses_NUL_by_field)
{
    std::vector<FieldError> errors;
    auto const parsed = parse_json("{\"name\": \"a\\u0000b\"}").value();
    ObjectReader reader(parsed.as_object(), errors);

    EXPECT_FALSE(reader.text("name"));
    ASSERT_EQ(errors.size(), 1U);
    EXPECT_EQ(errors.front().message, "field.bad_characters");
}

TEST(Json, refuses_depth_and_broken_text)
{
    EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')));
    EXPECT_FALSE(parse_json("{\"a\": \"\xff\"}"));
    EXPECT_FALSE(parse_json("{"));
}

TEST(Messages, chooses_the_readers_language)
{
    EXPECT_EQ(negotiate_language("ru-RU,ru;q=0.9,en;q=0.8", "fi"), "ru");
    EXPECT_EQ(negotiate_language("sv, en;q=0.5", "fi"), "en");
    EXPECT_EQ(negotiate_language("de", "fi"), "fi");
    EXPECT_EQ(negotiate_language(";;,=q,", "fi"), "fi");
}

TEST(Messages, writes_times_as_each_language_does)
{
    auto const local = parse_local("2027-02-09T09:00").value();

    EXPECT_EQ(format_time("fi", local), "9.00");
    EXPECT_EQ(format_time("en", local), "09:00");
    EXPECT_EQ(format_time("ru", local), "09:00");
    EXPECT_EQ(format_date_long("fi", local), "tiistai 9. helmikuuta 2027");
    EXPECT_EQ(format_date_long("ru", local), "вторник, 9 февраля 2027\u202fг.");
    EXPECT_EQ(format_date_long("en", local), "Tuesday, 9 February 2027");
}

}
}
