// The table of tests/forms/cases.json, which the browser's rules are held to as well, and what is the
// server's alone.
#include "registration/answer_rules.h"
#include "registration/countries.h"
#include "registration/form_definition.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace kutsu::registration
{
namespace
{

json::object table()
{
    std::ifstream file(std::string(KUTSU_SOURCE_DIR) + "/tests/forms/cases.json");
    std::stringstream text;
    text << file.rdbuf();
    return json::parse(text.str()).as_object();
}

// A form of the table: as an organiser would send it, with words where people need some.
events::Event event_of(json::array const& rules)
{
    json::array questions;
    for (auto question : rules) {
        auto& object = question.as_object();
        object["label"] = json::object{{"fi", "Kysymys"}};
        if (auto* options = object.if_contains("options")) {
            for (auto& option : options->as_array())
                option.as_object()["label"] = json::object{{"fi", "Vaihtoehto"}};
        }
        questions.push_back(std::move(question));
    }
    events::Event event;
    event.form.emplace();
    // Not edited_form(): the table holds a circle, which that refuses.
    for (auto const& question : questions) {
        events::Question made;
        made.key = question.at("key").as_string();
        made.type = question.at("type").as_string();
        made.required = question.at("required").as_bool();
        made.step = question.at("step").as_int64();
        auto const& object = question.as_object();
        if (auto const* min = object.if_contains("min"))
            made.min = *min;
        if (auto const* max = object.if_contains("max"))
            made.max = *max;
        if (auto const* options = object.if_contains("options")) {
            for (auto const& option : options->as_array())
                made.options.push_back({std::string(option.at("value").as_string()), {}});
        }
        if (auto const* condition = object.if_contains("visible_if")) {
            made.visible_if_question = condition->at("question").as_string();
            auto const& in = condition->at("in").as_array();
            made.visible_if_in.assign(in.begin(), in.end());
        }
        event.form->questions.push_back(std::move(made));
    }
    return event;
}

std::map<std::string, std::string> told(std::vector<FieldError> const& errors)
{
    std::map<std::string, std::string> wrong;
    for (auto const& error : errors)
        wrong[error.field.substr(std::string("answers.").size())] = error.message;
    return wrong;
}

std::map<std::string, std::string> expected(json::object const& row)
{
    std::map<std::string, std::string> wrong;
    if (auto const* listed = row.if_contains("wrong")) {
        for (auto const& [key, message] : listed->as_object())
            wrong[key] = message.as_string();
    }
    return wrong;
}

json::value limit_of(FieldError const& error)
{
    auto const& value = error.arguments.at(0).value;
    if (auto const* number = std::get_if<std::int64_t>(&value))
        return *number;
    return json::value(std::get<std::string>(value));
}

TEST(AnswerRules, judge_the_shared_table)
{
    auto const all = table();
    for (std::size_t number = 0; auto const& each : all.at("cases").as_array()) {
        SCOPED_TRACE(std::to_string(number++) + " " + json::serialize(each));
        auto const& row = each.as_object();
        auto const event = event_of(all.at("forms").at(row.at("form").as_string()).as_array());
        auto answers = row.at("answers").as_object();
        auto const errors = check_answers(answers, event);
        EXPECT_EQ(told(errors), expected(row));
        if (auto const* kept = row.if_contains("kept")) {
            EXPECT_EQ(answers, kept->as_object()) << json::serialize(answers);
        }
        for (auto const& error : errors) {
            auto const* limits = row.if_contains("limits");
            auto const key = error.field.substr(8);
            if (limits && limits->as_object().contains(key))
                EXPECT_EQ(limit_of(error), limits->at(key));
        }
    }
}

TEST(AnswerRules, know_the_countries_of_the_shared_table)
{
    std::string listed;
    for (auto const& code : country_codes())
        listed += (listed.empty() ? "" : " ") + code;
    EXPECT_EQ(listed, table().at("countries").as_string());
    EXPECT_EQ(country_name("fi", "KZ"), "Kazakstan");
    EXPECT_EQ(country_name("ru", "FI"), "Финляндия");
    EXPECT_EQ(countries("fi").front().code, "AF");
}

TEST(AnswerRules, refuse_what_cannot_be_stored)
{
    auto const event = event_of(table().at("forms").at("basic").as_array());
    json::object answers{{"l", std::string("a\0b", 3)}, {"t", "\xff\xfe\xfd"}, {"colour", "red"}};

    auto const wrong = told(check_answers(answers, event));

    EXPECT_EQ(wrong.at("l"), "field.bad_characters");
    EXPECT_EQ(wrong.at("t"), "field.bad_characters");
    EXPECT_EQ(wrong.at("colour"), "field.unknown_question");
}

// ── Changing answers afterwards ──

events::Event two_steps()
{
    auto event = event_of(table().at("forms").at("required").as_array());
    events::Question old;
    old.key = "old";
    old.type = "text";
    event.form->archived.push_back(old);
    return event;
}

json::object const whole = {{"t", "x"},
                            {"n", 1},
                            {"c", "a"},
                            {"m", json::array{"a"}},
                            {"b", true},
                            {"ok", true},
                            {"later", "y"},
                            {"old", "kept"},
                            {"cv", "file-00000000000000000000000000000001"}};

TEST(ChangedAnswers, keep_those_of_the_second_step_and_of_questions_no_longer_asked)
{
    json::object wanted = whole;
    wanted.erase("later");
    wanted.erase("old");
    wanted["t"] = "other";

    EXPECT_TRUE(check_changed_answers(wanted, whole, two_steps()).empty());
    auto expected = whole;
    expected["t"] = "other";
    EXPECT_EQ(wanted, expected);
}

TEST(ChangedAnswers, empty_with_null_what_is_named)
{
    json::object wanted = whole;
    wanted["later"] = nullptr;
    wanted["old"] = nullptr;

    EXPECT_TRUE(check_changed_answers(wanted, whole, two_steps()).empty());
    EXPECT_FALSE(wanted.contains("later"));
    EXPECT_FALSE(wanted.contains("old"));
}

TEST(ChangedAnswers, do_not_judge_again_what_stands)
{
    auto event = two_steps();
    event.form->questions[1].min = 10; // n was 1 when it was answered
    json::object wanted = whole;
    wanted["t"] = "other";
    EXPECT_TRUE(check_changed_answers(wanted, whole, event).empty());

    wanted["n"] = 2;
    EXPECT_EQ(told(check_changed_answers(wanted, whole, event)).at("n"), "field.too_small");
    wanted.erase("n");
    EXPECT_EQ(told(check_changed_answers(wanted, whole, event)).at("n"), "field.missing");
}

TEST(ChangedAnswers, know_no_other_questions)
{
    json::object wanted = whole;
    wanted["colour"] = "red";

    EXPECT_EQ(told(check_changed_answers(wanted, whole, two_steps())).at("colour"), "field.unknown_question");
}

}
}
