#include "base/code.h"
#include "base/messages.h"
#include "pages_samples.h"
#include "registration/admission.h"
#include "registration/allotment.h"
#include "registration/invitation.h"

#include <gtest/gtest.h>

#include <set>

namespace kutsu::registration
{
namespace
{

using samples::spring;

Key const key{7};
Instant const now = parse_instant("2027-05-03T06:00:00Z").value();

std::vector<std::string> fields_of(Problem const& problem)
{
    std::vector<std::string> fields;
    for (auto const& error : problem.errors)
        fields.push_back(error.field);
    return fields;
}

TEST(Codes, AreReadableAndTheSameForTheSame)
{
    auto const code = typed_code(key, "invitation one");

    ASSERT_EQ(code.size(), 14U);
    EXPECT_EQ(code[4], '-');
    EXPECT_EQ(code[9], '-');
    EXPECT_EQ(code.find_first_of("01ILOU"), std::string::npos) << code;
    EXPECT_EQ(code, typed_code(key, "invitation one"));
    EXPECT_NE(code, typed_code(key, "invitation two"));
    EXPECT_NE(code, typed_code(Key{8}, "invitation one"));
}

TEST(Codes, UseTheWholeAlphabetEvenly)
{
    std::map<char, int> letters;
    for (int i = 0; i < 1000; ++i) {
        for (char const c : tidy_code(typed_code(key, std::to_string(i))))
            ++letters[c];
    }
    EXPECT_EQ(letters.size(), 30U);
    for (auto const& [letter, count] : letters)
        EXPECT_NEAR(count, 12'000 / 30, 120) << letter;
}

TEST(Codes, AreComparedWithoutBlanksHyphensAndCase)
{
    EXPECT_EQ(tidy_code(" k7qm-4xhp\t2RTB "), "K7QM4XHP2RTB");
    EXPECT_EQ(tidy_code("ä–"), "");
    EXPECT_EQ(code_hash("k7qm 4xhp 2rtb"), code_hash("K7QM-4XHP-2RTB"));
}

TEST(Invitation, LinesAreReadAsPeoplePasteThem)
{
    std::vector<FieldError> errors;
    auto const read = read_lines("Nimi;Sähköposti\r\n"
                                 "Anna Ivanova; anna@example.org; ru; 2\r\n"
                                 "\n"
                                 "Boris <boris@example.org>\n"
                                 "\"Virtanen, Maija\",maija@example.org\n"
                                 "Щербинина\tsveta@example.org\ten",
                                 "fi", errors);

    EXPECT_TRUE(errors.empty());
    ASSERT_EQ(read.size(), 4U);
    EXPECT_EQ(read[0].name + " " + read[0].email + " " + read[0].language,
              "Anna Ivanova anna@example.org ru");
    EXPECT_EQ(read[0].seats, 2);
    EXPECT_EQ(read[0].path, "lines.2");
    EXPECT_EQ(read[1].name + " " + read[1].email + " " + read[1].language, "Boris boris@example.org fi");
    EXPECT_EQ(read[2].name, "Virtanen, Maija");
    EXPECT_EQ(read[3].language, "en");
}

TEST(Invitation, WhatIsWrongWithLinesIsSaidByLine)
{
    struct Row
    {
        std::string line;
        std::string field;
    };
    for (auto const& [line, field] : std::vector<Row>{
             {"Anna; anna", "lines.2.email"},
             {"; anna@example.org", "lines.2.name"},
             {"Anna; anna@example.org; sv", "lines.2.language"},
             {"Anna; anna@example.org; fi; many", "lines.2.seats"},
             {"Anna; anna@example.org; fi; 11", "lines.2.seats"},
             {"Anna; first@example.org", "lines.2.email"},
         }) {
        auto const inviting =
            decode_inviting({{"lines", "First; FIRST@example.org\n" + line}}, spring(), "fi");
        ASSERT_FALSE(inviting) << line;
        EXPECT_EQ(fields_of(inviting.error()), std::vector{field}) << line;
    }
}

TEST(Invitation, WhatIsWrongWithItemsIsSaidByPath)
{
    struct Row
    {
        std::string item;
        std::string field;
    };
    for (auto const& [item, field] : std::vector<Row>{
             {R"({"name": "", "email": "a@b.fi"})", "items.0.name"},
             {R"({"name": "A", "email": "b.fi"})", "items.0.email"},
             {R"({"name": "A", "email": "a@b.fi", "seats": 0})", "items.0.seats"},
             {R"({"name": "A", "email": "a@b.fi", "language": "de"})", "items.0.language"},
             {R"({"name": "A", "email": "a@b.fi", "expires": "soon"})", "items.0.expires"},
             {R"({"name": "A", "email": "a@b.fi", "expires": "2027-03-28T03:30"})", "items.0.expires"},
             {R"({"name": "A", "email": "a@b.fi", "colour": 1})", "items.0.colour"},
             {R"({"label": "", "seats": 5})", "items.0.label"},
             {R"({"label": "Press", "seats": 10001})", "items.0.seats"},
             {R"(7)", "items.0"},
         }) {
        auto const inviting = decode_inviting({{"items", json::array{json::parse(item)}}}, spring(), "fi");
        ASSERT_FALSE(inviting) << item;
        EXPECT_EQ(fields_of(inviting.error()), std::vector{field}) << item;
    }
}

TEST(Invitation, ADeadlineIsTheEventsWallTime)
{
    std::vector<FieldError> errors;

    EXPECT_EQ(read_deadline("2027-05-20", "Europe/Helsinki", "expires", errors)->at,
              parse_instant("2027-05-20T20:59:00Z"));
    EXPECT_EQ(read_deadline("2027-05-20T16:00", "Asia/Almaty", "expires", errors)->at,
              parse_instant("2027-05-20T11:00:00Z"));
    EXPECT_TRUE(errors.empty());
}

Invitation personal(std::string state)
{
    Invitation made;
    made.id = "i1";
    made.is_personal = true;
    made.state = std::move(state);
    return made;
}

TEST(Invitation, IsSentOnceAndRemindedAtMostOnceADay)
{
    auto made = personal("invited");
    EXPECT_EQ(may_send(made, now), Mailing::sent);
    EXPECT_EQ(may_remind(made, now), Mailing::not_sent);
    made.sent_at = now;
    EXPECT_EQ(may_send(made, now), Mailing::sent_before);
    EXPECT_EQ(may_remind(made, now + std::chrono::hours(23)), Mailing::too_soon);
    EXPECT_EQ(may_remind(made, now + std::chrono::hours(24)), Mailing::sent);
    made.reminded_at = now + std::chrono::hours(24);
    EXPECT_EQ(may_remind(made, now + std::chrono::hours(47)), Mailing::too_soon);
    EXPECT_EQ(may_remind(made, now + std::chrono::hours(48)), Mailing::sent);
}

TEST(Invitation, ThereIsSomebodyToRemindOrNot)
{
    struct Row
    {
        std::string state;
        Mailing expected;
    };
    for (auto const& [state, expected] : std::vector<Row>{{"opened", Mailing::sent},
                                                          {"registered", Mailing::answered},
                                                          {"declined", Mailing::answered},
                                                          {"withdrawn", Mailing::withdrawn}}) {
        auto made = personal(state);
        made.sent_at = now - std::chrono::hours(48);
        EXPECT_EQ(may_remind(made, now), expected) << state;
    }
    auto shared = personal("invited");
    shared.is_personal = false;
    EXPECT_EQ(may_remind(shared, now), Mailing::no_address);
    auto late = personal("invited");
    late.sent_at = now - std::chrono::hours(48);
    late.expires_at = now;
    EXPECT_EQ(may_remind(late, now), Mailing::expired);
    EXPECT_FALSE(holds(late, now));
}

TEST(Approval, DecisionsAreReadWithReasonsInEveryLanguage)
{
    auto const read = decode_verdicts(json::parse(R"({"items": [
        {"registration": "r1", "to": "declined", "template": "late", "reason": {"fi": "Omin sanoin."}},
        {"registration": "r2", "to": "confirmed", "if_full": "waitlisted", "notify": false},
        {"registration": "r3", "to": "declined", "reason": "Sorry"}]})")
                                          .as_object())
                          .value();

    ASSERT_EQ(read.size(), 3U);
    EXPECT_EQ(read[0].decision.reason.in("fi"), "Omin sanoin.");
    EXPECT_EQ(read[0].decision.reason.in("ru"), message("ru", "approval.reason.late"));
    EXPECT_TRUE(read[1].or_waitlist);
    EXPECT_FALSE(read[1].decision.notify);
    EXPECT_TRUE(read[1].decision.reason.empty());
    EXPECT_EQ(read[2].decision.reason.in("en"), "Sorry");
}

TEST(Approval, WhatIsWrongWithDecisionsIsSaidByPath)
{
    struct Row
    {
        std::string body;
        std::string field;
    };
    auto const long_reason = std::string(1001, 'x');
    for (auto const& [body, field] : std::vector<Row>{
             {R"({})", "items"},
             {R"({"items": [5]})", "items.0"},
             {R"({"items": [{"to": "confirmed"}]})", "items.0.registration"},
             {R"({"items": [{"registration": "r", "to": "offered"}]})", "items.0.to"},
             {R"({"items": [{"registration": "r", "to": "declined", "template": "mood"}]})",
              "items.0.template"},
             {R"({"items": [{"registration": "r", "to": "confirmed", "if_full": "shout"}]})",
              "items.0.if_full"},
             {R"({"items": [{"registration": "r", "to": "declined", "reason": {"sv": "nej"}}]})",
              "items.0.reason.sv"},
             {R"({"items": [{"registration": "r", "to": "declined", "reason": ")" + long_reason + R"("}]})",
              "items.0.reason"},
             {R"({"items": [], "colour": 1})", "colour"},
         }) {
        auto const read = decode_verdicts(json::parse(body).as_object());
        ASSERT_FALSE(read) << body;
        EXPECT_EQ(fields_of(read.error()), std::vector{field}) << body;
    }
}

TEST(Approval, ARefusalSaysWhenInBothCities)
{
    auto event = spring();
    event.form->opens = samples::moment("2027-05-10T08:00");
    event.form->closes = samples::moment("2027-05-21T16:00");

    auto const early = explained({ProblemName::not_open_yet, {}, {}, {}, {}, {}}, event, "fi");
    auto const words = message("fi", early.detail, early.arguments);
    EXPECT_NE(words.find("8.00"), std::string::npos) << words;
    EXPECT_NE(words.find("10.00"), std::string::npos) << words; // Petropavl
    auto const late = explained({ProblemName::closed, {}, {}, {}, {}, {}}, event, "ru");
    EXPECT_NE(message("ru", late.detail, late.arguments).find("18:00"), std::string::npos);
    auto const code = explained({ProblemName::not_allowed, {}, {}, {}, {}, {}}, event, "en");
    ASSERT_EQ(fields_of(code), std::vector<std::string>{"invitation"});
}

TEST(Allotment, WhatIsWrongIsSaidByField)
{
    struct Row
    {
        std::string name;
        std::string value;
    };
    json::object const right{{"organisation", "Silta ry"},
                             {"contact_name", "Maija"},
                             {"contact_email", "m@example.org"},
                             {"language", "fi"},
                             {"seats", 5},
                             {"until", "2027-05-20T16:00"}};
    ASSERT_TRUE(decode_allotment(right, spring(), "fi"));
    std::vector<Row> const wrongs{{"organisation", R"("")"},
                                  {"contact_name", R"(" ")"},
                                  {"contact_email", R"("m")"},
                                  {"language", R"("de")"},
                                  {"seats", "0"},
                                  {"seats", "1001"},
                                  {"until", R"("2028-01-01")"},
                                  {"until", R"("soon")"}};
    for (auto const& [name, value] : wrongs) {
        auto wrong = right;
        wrong[name] = json::parse(value);
        auto const read = decode_allotment(wrong, spring(), "fi");
        ASSERT_FALSE(read) << name;
        EXPECT_EQ(fields_of(read.error()), std::vector{name});
    }
}

TEST(Allotment, CanBeFilledUntilItsDeadline)
{
    Allotment kept;
    kept.state = "open";
    kept.until_at = now + std::chrono::hours(1);

    EXPECT_TRUE(can_be_filled(kept, spring(), now));
    EXPECT_FALSE(can_be_filled(kept, spring(), kept.until_at));
    auto off = spring();
    off.status = "cancelled";
    EXPECT_FALSE(can_be_filled(kept, off, now));
    kept.state = "released";
    EXPECT_FALSE(can_be_filled(kept, spring(), now));
}

}
}
