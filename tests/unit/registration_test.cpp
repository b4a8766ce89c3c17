#include "registration/registration.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

Instant utc(std::string_view text)
{
    return parse_instant(text).value();
}

Text words(std::string const& text)
{
    Text result;
    result.set("fi", text);
    return result;
}

events::Session session(std::string id, std::string_view starts, std::string_view ends, bool sign_up = true)
{
    events::Session made;
    made.id = std::move(id);
    made.status = "confirmed";
    made.sign_up = sign_up;
    made.span = {{{}, "Europe/Helsinki", utc(starts)}, {{}, "Europe/Helsinki", utc(ends)}};
    return made;
}

// The form of the spring seminar: who represents a company says its size.
events::Event seminar()
{
    events::Event event;
    event.slug = "ev-sem-spring";
    event.form.emplace();
    events::Question company{"company", "boolean", words("Edustan yritystä"), true};
    events::Question size{
        "size", "choice", words("Koko"), true, {{"micro", words("alle 10")}, {"small", words("10–49")}}};
    size.visible_if_question = "company";
    size.visible_if_in = {true};
    events::Question diet{"diet", "text", words("Ruokavalio")};
    events::Question topics{
        "topics", "multi_choice", words("Aiheet"), false, {{"a", words("A")}, {"b", words("B")}}};
    event.form->questions = {diet, company, size, topics};
    event.sessions = {session("s1", "2027-05-27T07:50:00Z", "2027-05-27T09:10:00Z"),
                      session("s2", "2027-05-27T07:50:00Z", "2027-05-27T09:10:00Z"),
                      session("s3", "2027-05-27T09:10:00Z", "2027-05-27T10:00:00Z"),
                      session("talk", "2027-05-27T06:00:00Z", "2027-05-27T07:00:00Z", false)};
    return event;
}

std::vector<std::string> told(std::vector<FieldError> const& errors)
{
    std::vector<std::string> fields;
    for (auto const& error : errors)
        fields.push_back(error.field + ":" + error.message);
    std::ranges::sort(fields);
    return fields;
}

Submission with_answers(char const* answers)
{
    Submission submission;
    submission.answers = json::parse(answers).as_object();
    return submission;
}

std::vector<std::string> told_by(char const* answers)
{
    auto submission = with_answers(answers);
    return told(check(submission, seminar()));
}

constexpr char const* id = "3F2504E0-4F89-41D3-9A0C-0305E82C3301";

TEST(Registration, needs_only_name_and_email)
{
    auto const submission =
        decode_submission({{"name", " Светлана  Щербинина "}, {"email", "sveta@example.org"}}, "ru", false);

    ASSERT_TRUE(submission);
    EXPECT_EQ(submission->name, "Светлана Щербинина");
    EXPECT_EQ(submission->language, "ru");
    EXPECT_EQ(submission->seats(), 1);
}

TEST(Registration, reports_all_mistakes_at_once)
{
    auto const submission = decode_submission({{"submission_id", "7"},
                                               {"name", "  "},
                                               {"email", "nobody"},
                                               {"language", "xx"},
                                               {"attendance", "maybe"},
                                               {"companions", json::array{json::object{{"name", ""}}}},
                                               {"seat", 3}},
                                              "fi", true);

    ASSERT_FALSE(submission);
    EXPECT_EQ(told(submission.error().errors),
              (std::vector<std::string>{"attendance:field.unknown_choice", "companions.0.name:field.name",
                                        "email:field.email", "language:field.language", "name:field.name",
                                        "seat:field.unknown", "submission_id:field.submission_id"}));
}

TEST(Registration, takes_names_of_two_hundred_characters_of_any_script_and_no_more)
{
    auto const of_length = [](int length) {
        std::string name;
        for (int i = 0; i < length; ++i)
            name += "Щ";
        return decode_submission({{"name", name}, {"email", "a@example.org"}}, "ru", false).has_value();
    };

    EXPECT_TRUE(of_length(200));
    EXPECT_FALSE(of_length(201));
}

TEST(Registration, takes_at_most_nine_companions)
{
    json::array companions;
    for (int i = 0; i < 10; ++i)
        companions.push_back({{"name", "X"}});
    json::object fields{{"name", "A"}, {"email", "a@example.org"}, {"companions", companions}};

    EXPECT_EQ(told(decode_submission(fields, "fi", false).error().errors),
              (std::vector<std::string>{"companions:field.too_many"}));
    companions.pop_back();
    fields["companions"] = companions;
    EXPECT_EQ(decode_submission(fields, "fi", false)->seats(), 10);
}

TEST(Registration, writes_submission_ids_in_one_way)
{
    json::object const fields{{"submission_id", id}, {"name", "A"}, {"email", "a@example.org"}};

    EXPECT_EQ(decode_submission(fields, "fi", true)->submission_id, "3f2504e0-4f89-41d3-9a0c-0305e82c3301");
    EXPECT_FALSE(decode_submission({{"name", "A"}, {"email", "a@example.org"}}, "fi", true));
}

TEST(RegistrationForm, an_unticked_box_is_a_no)
{
    auto submission = with_answers("{}");

    EXPECT_TRUE(check(submission, seminar()).empty());
    EXPECT_EQ(submission.answers, (json::object{{"company", false}}));
}

TEST(RegistrationForm, asks_for_the_size_of_companies_only)
{
    using Told = std::vector<std::string>;

    EXPECT_EQ(told_by(R"({"company": true})"), Told{"answers.size:field.missing"});
    EXPECT_EQ(told_by(R"({"company": true, "size": "huge"})"), Told{"answers.size:field.unknown_choice"});
    EXPECT_EQ(told_by(R"({"company": true, "size": "micro"})"), Told{});
    EXPECT_EQ(told_by(R"({"company": "yes"})"), Told{"answers.company:field.expected_boolean"});
    EXPECT_EQ(told_by(R"({"colour": "red"})"), Told{"answers.colour:field.unknown_question"});
    EXPECT_EQ(told_by(R"({"topics": ["a", "c"]})"), Told{"answers.topics:field.unknown_choice"});
}

TEST(RegistrationForm, forgets_answers_that_were_not_asked)
{
    auto submission = with_answers(R"({"company": false, "size": "micro", "diet": "  "})");

    EXPECT_TRUE(check(submission, seminar()).empty());
    EXPECT_EQ(submission.answers, (json::object{{"company", false}}));
}

TEST(RegistrationForm, sessions_must_be_choosable_and_not_overlap)
{
    auto const told_of = [](std::vector<std::string> sessions) {
        Submission submission;
        submission.sessions = std::move(sessions);
        return told(check(submission, seminar()));
    };
    using Told = std::vector<std::string>;

    EXPECT_EQ(told_of({"s1", "s3"}), Told{});
    EXPECT_EQ(told_of({"s1", "s2"}), Told{"sessions:field.sessions_overlap"});
    EXPECT_EQ(told_of({"talk"}), Told{"sessions:field.unknown_session"});
    EXPECT_EQ(told_of({"nowhere"}), Told{"sessions:field.unknown_session"});
}

TEST(RegistrationForm, the_plain_form_says_the_same_as_JSON)
{
    auto const object = object_from_form({{"name", "Anna"},
                                          {"email", "a@example.org"},
                                          {"organisation", ""},
                                          {"answers.company", "true"},
                                          {"answers.size", "small"},
                                          {"answers.topics", "a"},
                                          {"answers.topics", "b"},
                                          {"sessions", "s1"},
                                          {"companions.0.name", "Ben"},
                                          {"companions.0.email", ""},
                                          {"companions.1.name", ""},
                                          {"website", ""}},
                                         seminar());
    auto const submission = decode_submission(object, "fi", false);

    ASSERT_TRUE(submission);
    EXPECT_EQ(submission->answers,
              (json::object{{"company", true}, {"size", "small"}, {"topics", json::array{"a", "b"}}}));
    EXPECT_EQ(submission->sessions, std::vector<std::string>{"s1"});
    EXPECT_EQ(submission->companions.size(), 1U);
    EXPECT_FALSE(submission->organisation);
}

TEST(Registration, contents_are_the_same_whatever_the_order_of_keys)
{
    auto a = with_answers(R"({"x": 1, "y": 2})");
    auto b = with_answers(R"({"y": 2, "x": 1})");

    EXPECT_EQ(canonical_contents(a), canonical_contents(b));
    b.name = "Other";
    EXPECT_NE(canonical_contents(a), canonical_contents(b));
}

TEST(Event, registration_state_follows_dates_seats_and_status)
{
    using events::RegistrationState;
    auto event = seminar();
    event.status = "published";
    event.span = {{{}, "Europe/Helsinki", utc("2027-05-27T05:30:00Z")},
                  {{}, "Europe/Helsinki", utc("2027-05-27T11:45:00Z")}};
    event.form->opens = events::Moment{{}, "Europe/Helsinki", utc("2027-04-12T06:00:00Z")};
    event.form->closes = events::Moment{{}, "Europe/Helsinki", utc("2027-05-21T13:00:00Z")};
    event.seats = {60, 0, 0, 60};
    auto const at = [&](std::string_view now) { return registration_state(event, utc(now)); };

    EXPECT_EQ(at("2027-04-12T05:59:59Z"), RegistrationState::not_open_yet);
    EXPECT_EQ(at("2027-04-12T06:00:00Z"), RegistrationState::open);
    EXPECT_EQ(at("2027-05-21T13:00:00Z"), RegistrationState::closed);
    EXPECT_EQ(at("2027-05-27T11:45:00Z"), RegistrationState::over);
    event.seats = {60, 60, 0, 0};
    EXPECT_EQ(at("2027-05-03T06:00:00Z"), RegistrationState::full);
    event.form->waitlist = true;
    EXPECT_EQ(at("2027-05-03T06:00:00Z"), RegistrationState::waitlist);
    event.seats = {60, 59, 3, 1};
    EXPECT_EQ(at("2027-05-03T06:00:00Z"), RegistrationState::waitlist); // nobody passes the queue
    event.status = "cancelled";
    EXPECT_EQ(at("2027-05-03T06:00:00Z"), RegistrationState::cancelled);
}

}
}
