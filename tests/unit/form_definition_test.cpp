#include "events/form_json.h"
#include "registration/form_definition.h"
#include "registration/form_page_parts.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using Told = std::vector<std::string>;

Told told(std::vector<FieldError> const& errors)
{
    Told list;
    for (auto const& error : errors)
        list.push_back(error.field + ":" + error.message);
    std::ranges::sort(list);
    return list;
}

events::RegistrationForm empty_form()
{
    events::RegistrationForm form;
    form.version = 3;
    form.time_zone = "Europe/Helsinki";
    return form;
}

Result<FormEdit> edited(char const* sent, events::RegistrationForm const& present = empty_form())
{
    return edited_form(json::parse(sent).as_object(), present);
}

Told told_by(char const* sent)
{
    auto const edit = edited(sent);
    return edit ? Told() : told(edit.error().errors);
}

// A question with a label around these members.
std::string question(std::string const& members)
{
    return R"({"questions": [{"key": "q", "label": {"fi": "K"}, )" + members + "}]}";
}

Told told_of(std::string const& members)
{
    return told_by(question(members).c_str());
}

TEST(FormDefinition, reads_back_what_it_writes)
{
    auto const edit = edited(R"({
        "time_zone": "Asia/Almaty", "opens": "2027-04-12T09:00", "closes": "2027-05-21T16:00",
        "admission": "approval", "waitlist": true, "offer_hours": 24, "offer_working_hours": true,
        "group_policy": "skip", "session_overlap": "warn", "hybrid": true, "reminders": false,
        "reapprove_on_edit": true,
        "pools": [{"key": "press", "by": "participant_type", "label": {"fi": "Media"}, "capacity": 5},
                  {"key": "remote", "by": "attendance", "label": {"fi": "Etä"}, "capacity": null}],
        "questions": [
            {"key": "bus", "type": "boolean", "label": {"fi": "Bussi", "ru": "Автобус"}, "required": true},
            {"key": "stop", "type": "choice", "label": {"fi": "Pysäkki"}, "help": {"fi": "Ohje"}, "step": 2,
             "options": [{"value": "a", "label": {"fi": "A"}}], "visible_if": {"question": "bus", "in": [true]}},
            {"key": "diet", "type": "text", "label": {"fi": "Ruoka"}, "special_category": true, "purpose": "Ruokailu",
             "retention_days": 14, "min": 2, "max": 100}]})");
    ASSERT_TRUE(edit);
    auto const definition = events::form_definition(edit->form, events::Reader::organiser);

    auto const again = edited_form(definition, empty_form());

    ASSERT_TRUE(again) << told(again.error().errors).front();
    EXPECT_EQ(events::form_definition(again->form, events::Reader::organiser), definition);
    EXPECT_EQ(definition.at("opens_at").as_string(), "2027-04-12T09:00:00+05:00");
    EXPECT_EQ(definition.at("questions").at(1).at("visible_if").at("question").as_string(), "bus");
}

TEST(FormDefinition, says_purposes_to_organisers_only)
{
    auto const edit = edited(question(R"("type": "text", "purpose": "Badges", "retention_days": 3)").c_str());
    auto const open = events::form_definition(edit->form, events::Reader::anyone);

    EXPECT_FALSE(open.at("questions").at(0).as_object().contains("purpose"));
    EXPECT_FALSE(open.contains("archived"));
    EXPECT_EQ(open.at("questions").at(0).at("retention_days").as_int64(), 3);
}

TEST(FormDefinition, leaves_what_is_not_sent)
{
    auto present = empty_form();
    present.waitlist = true;
    present.offer_hours = 12;
    auto const edit = edited(R"({"hybrid": true, "version": 3, "archived": [], "opens_at": null})", present);

    ASSERT_TRUE(edit);
    EXPECT_TRUE(edit->form.waitlist);
    EXPECT_TRUE(edit->form.hybrid);
    EXPECT_EQ(edit->form.offer_hours, 12);
}

TEST(FormDefinition, names_the_path_of_every_mistake)
{
    EXPECT_EQ(
        told_by(R"({"admission": "maybe", "offer_hours": 0, "waitlist": 1, "colour": "red",
                          "opens": "tomorrow", "pools": [{"key": "on top", "label": {}}]})"),
        (Told{"admission:field.unknown_choice", "colour:field.unknown", "offer_hours:field.out_of_range",
              "opens:field.local_time", "pools.0.key:field.question_key", "pools.0.label:field.missing",
              "waitlist:field.expected_boolean"}));
    EXPECT_EQ(told_by(R"({"questions": [{"type": "text"}, 7, {"key": "a", "type": "text", "label": {"fi": 3},
                          "required": "yes", "size": 1}]})"),
              (Told{"questions.0.key:field.missing", "questions.1:field.expected_object",
                    "questions.2.label.fi:field.expected_text", "questions.2.required:field.expected_boolean",
                    "questions.2.size:field.unknown"}));
    EXPECT_EQ(told_by(R"({"time_zone": "Mars/Olympus"})"), Told{"time_zone:field.time_zone"});
    EXPECT_EQ(told_by(R"({"opens": "2027-03-28T03:30"})"), Told{"opens:field.time_does_not_exist"});
    EXPECT_EQ(told_by(R"({"opens": "2027-05-01T09:00", "closes": "2027-05-01T09:00"})"),
              Told{"closes:field.closes_before_opens"});
}

TEST(FormDefinition, judges_each_question)
{
    EXPECT_EQ(told_of(R"("type": "text")"), Told{});
    EXPECT_EQ(told_of(R"("type": "magic")"), Told{"questions.0.type:field.unknown_choice"});
    EXPECT_EQ(told_of(R"("type": "text", "step": 3)"), Told{"questions.0.step:field.unknown_choice"});
    EXPECT_EQ(told_of(R"("type": "choice")"), Told{"questions.0.options:field.missing"});
    EXPECT_EQ(told_of(R"("type": "text", "options": [{"value": "a", "label": {"fi": "A"}}])"),
              Told{"questions.0.options:field.options_only_for_choices"});
    EXPECT_EQ(
        told_of(R"("type": "choice", "options": [{"value": "a", "label": {"fi": "A"}},
                                                       {"value": "a", "label": {}}, {"value": "", "label": {"fi": "C"}}])"),
        (Told{"questions.0.options.1.label:field.missing", "questions.0.options.1.value:field.option_twice",
              "questions.0.options.2.value:field.missing"}));
    EXPECT_EQ(told_of(R"("type": "text", "retention_days": 0)"),
              Told{"questions.0.retention_days:field.out_of_range"});
}

TEST(FormDefinition, knows_which_bounds_a_type_can_have)
{
    EXPECT_EQ(told_of(R"("type": "number", "min": -5, "max": 5)"), Told{});
    EXPECT_EQ(told_of(R"("type": "number", "min": 6, "max": 5)"), Told{"questions.0.max:field.bound_order"});
    EXPECT_EQ(told_of(R"("type": "number", "min": "low")"), Told{"questions.0.min:field.bound"});
    EXPECT_EQ(told_of(R"("type": "text", "min": -1)"), Told{"questions.0.min:field.bound"});
    EXPECT_EQ(told_of(R"("type": "date", "min": "2027-05-01", "max": "2027-04-01")"),
              Told{"questions.0.max:field.bound_order"});
    EXPECT_EQ(told_of(R"("type": "date", "min": 5)"), Told{"questions.0.min:field.bound"});
    EXPECT_EQ(told_of(R"("type": "boolean", "min": 1)"), Told{"questions.0.min:field.bound"});
    EXPECT_EQ(told_of(R"("type": "file", "max": 3)"), Told{"questions.0.max:field.bound"});
}

// a depends on …, as one form.
Told told_of_conditions(std::vector<std::pair<std::string, std::string>> const& conditions)
{
    json::array questions;
    for (auto const& [key, on] : conditions) {
        json::object made{{"key", key}, {"type", "boolean"}, {"label", {{"fi", "K"}}}};
        if (!on.empty())
            made["visible_if"] = {{"question", on}, {"in", {true}}};
        questions.push_back(std::move(made));
    }
    auto const edit = edited_form({{"questions", std::move(questions)}}, empty_form());
    return edit ? Told() : told(edit.error().errors);
}

TEST(FormDefinition, refuses_conditions_that_lead_nowhere_or_round)
{
    EXPECT_EQ(told_of_conditions({{"a", ""}, {"b", "a"}, {"c", "b"}}), Told{});
    EXPECT_EQ(told_of_conditions({{"a", "gone"}}),
              Told{"questions.0.visible_if.question:field.condition_unknown"});
    EXPECT_EQ(told_of_conditions({{"a", "a"}}),
              Told{"questions.0.visible_if.question:field.condition_circle"});
    EXPECT_EQ(told_of_conditions({{"a", "c"}, {"b", "a"}, {"c", "b"}, {"d", "c"}}),
              (Told{"questions.0.visible_if.question:field.condition_circle",
                    "questions.1.visible_if.question:field.condition_circle",
                    "questions.2.visible_if.question:field.condition_circle"}));
}

TEST(FormDefinition, refuses_conditions_that_can_never_hold)
{
    auto const with = [](char const* other, char const* condition) {
        auto const sent = std::string(R"({"questions": [{"key": "a", "label": {"fi": "A"}, )") + other +
                          R"(}, {"key": "b", "type": "text", "label": {"fi": "B"}, "visible_if": )" +
                          condition + "}]}";
        return told_by(sent.c_str());
    };
    EXPECT_EQ(with(R"("type": "boolean")", R"({"question": "a", "in": ["yes"]})"),
              Told{"questions.1.visible_if.in.0:field.condition_impossible"});
    EXPECT_EQ(with(R"("type": "boolean")", R"({"question": "a", "in": []})"),
              Told{"questions.1.visible_if.in:field.missing"});
    EXPECT_EQ(with(R"("type": "multi_choice", "options": [{"value": "x", "label": {"fi": "X"}}])",
                   R"({"question": "a", "in": ["x", "y"]})"),
              Told{"questions.1.visible_if.in.1:field.condition_impossible"});
    EXPECT_EQ(with(R"("type": "number", "max": 5)", R"({"question": "a", "in": [3, 9]})"),
              Told{"questions.1.visible_if.in.1:field.condition_impossible"});
    EXPECT_EQ(with(R"("type": "boolean", "step": 2)", R"({"question": "a", "in": [true]})"),
              Told{"questions.1.visible_if.question:field.condition_later"});
}

TEST(FormDefinition, refuses_more_than_it_can_hold)
{
    json::array questions;
    for (int i = 0; i <= 100; ++i)
        questions.push_back({{"key", "q" + std::to_string(i)}, {"type", "text"}, {"label", {{"fi", "K"}}}});
    EXPECT_EQ(told(edited_form({{"questions", questions}}, empty_form()).error().errors),
              Told{"questions:field.too_many"});
    questions.pop_back();
    EXPECT_TRUE(edited_form({{"questions", questions}}, empty_form()));
    EXPECT_EQ(told_by(R"({"questions": [{"key": "a", "type": "text", "label": {"fi": "A"}},
                                        {"key": "a", "type": "text", "label": {"fi": "B"}}]})"),
              Told{"questions.1.key:field.question_twice"});
}

TEST(FormDefinition, keeps_the_state_of_words_that_stay)
{
    auto present = empty_form();
    events::Question known;
    known.key = "q";
    known.label.set("fi", "Kysymys", TextStatus::approved);
    known.label.set("ru", "Вопрос", TextStatus::stale);
    present.questions = {known};
    auto const edit = edited(
        R"({"questions": [{"key": "q", "type": "text", "label": {"fi": "Uusi", "ru": "Вопрос"}}]})", present);

    ASSERT_TRUE(edit);
    EXPECT_EQ(edit->form.questions[0].label.all()[1].status, TextStatus::stale);
    EXPECT_EQ(edit->form.questions[0].label.in("fi"), "Uusi");
}

// ── What answers forbid ──

events::RegistrationForm with_questions()
{
    auto const edit = edited(R"({"questions": [{"key": "diet", "type": "text", "label": {"fi": "Ruoka"}},
                                               {"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}}]})");
    auto form = edit->form;
    form.version = 3;
    return form;
}

TEST(FormVersions, answered_questions_go_only_into_the_archive)
{
    auto const present = with_questions();
    auto edit =
        edited(R"({"questions": [{"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}}]})", present);
    EXPECT_EQ(told(settle_with_answers(*edit, present, {"diet"})),
              Told{"questions:field.question_has_answers"});

    auto kept = edited(
        R"({"archive": true, "questions": [{"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}}]})",
        present);
    EXPECT_TRUE(settle_with_answers(*kept, present, {"diet"}).empty());
    ASSERT_EQ(kept->form.archived.size(), 1U);
    EXPECT_EQ(kept->form.archived[0].key, "diet");
    EXPECT_EQ(kept->form.archived[0].archived_in_version, 4);

    auto gone =
        edited(R"({"questions": [{"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}}]})", present);
    EXPECT_TRUE(settle_with_answers(*gone, present, {}).empty());
    EXPECT_TRUE(gone->form.archived.empty());
}

TEST(FormVersions, an_archived_question_may_come_back_as_it_was)
{
    auto present = with_questions();
    present.archived = {present.questions.front()};
    present.questions.erase(present.questions.begin());
    present.archived[0].archived_in_version = 3;
    auto const back = [&](std::string const& type) {
        auto edit = edited((R"({"questions": [{"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}},
                              {"key": "diet", "type": ")" +
                            type + R"(", "label": {"fi": "Ruoka"}}]})")
                               .c_str(),
                           present);
        auto errors = told(settle_with_answers(*edit, present, {"diet"}));
        return std::pair(errors, edit->form);
    };

    EXPECT_EQ(back("number").first, Told{"questions.1.type:field.type_has_answers"});
    auto const [errors, form] = back("text");
    EXPECT_TRUE(errors.empty());
    EXPECT_TRUE(form.archived.empty());
    EXPECT_FALSE(form.questions[1].archived_in_version);
}

TEST(FormVersions, say_when_a_question_came)
{
    auto const present = with_questions();
    auto edit = edited(R"({"questions": [{"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}},
                                         {"key": "new", "type": "text", "label": {"fi": "Uusi"}}]})",
                       present);
    settle_with_answers(*edit, present, {});

    EXPECT_EQ(edit->form.version, 4);
    EXPECT_EQ(edit->form.questions[0].added_in_version, present.questions[1].added_in_version);
    EXPECT_EQ(edit->form.questions[1].added_in_version, 4);
}

TEST(FormDefinition, health_is_kept_thirty_days_where_nothing_is_said)
{
    events::Question question;
    EXPECT_EQ(days_kept(question), std::nullopt);
    question.special_category = true;
    EXPECT_EQ(days_kept(question), special_category_days);
    question.retention_days = 14;
    EXPECT_EQ(days_kept(question), 14);
}

// ── The organisers' forms ──

TEST(FormPage, says_a_question_as_its_form_does)
{
    auto const present = with_questions();
    auto const edit = edited(R"({"questions": [
        {"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}},
        {"key": "stop", "type": "choice", "label": {"fi": "Pysäkki", "ru": "Остановка"}, "help": {"en": "Where"},
         "required": true, "step": 2, "options": [{"value": "a", "label": {"fi": "Asema", "en": "Station"}}],
         "visible_if": {"question": "bus", "in": [true]}, "purpose": "Bussi", "retention_days": 5}]})");
    auto const& stop = edit->form.questions[1];
    auto pairs = question_values(stop).pairs();
    pairs.emplace_back("before", "stop");

    auto const sent = with_question(edit->form, "stop", question_from(net::Fields(pairs), edit->form));

    auto const again = edited_form({{"questions", sent}}, edit->form);
    ASSERT_TRUE(again) << told(again.error().errors).front();
    EXPECT_EQ(events::question_json(again->form.questions[1], events::Reader::organiser),
              events::question_json(stop, events::Reader::organiser));
}

TEST(FormPage, moves_and_removes_questions)
{
    auto const form = with_questions();
    auto const keys = [](json::array const& questions) {
        std::string list;
        for (auto const& each : questions)
            list += std::string(each.at("key").as_string()) + " ";
        return list;
    };
    EXPECT_EQ(keys(with_moved(form, "bus", true)), "bus diet ");
    EXPECT_EQ(keys(with_moved(form, "diet", true)), "diet bus ");
    EXPECT_EQ(keys(with_moved(form, "bus", false)), "diet bus ");
    EXPECT_EQ(keys(with_moved(form, "nothing", false)), "diet bus ");
    EXPECT_EQ(keys(without_question(form, "diet")), "bus ");
}

TEST(FormPage, names_missing_translations)
{
    auto const edit = edited(R"({"questions": [
        {"key": "a", "type": "text", "label": {"fi": "A", "en": "A", "ru": "А"}},
        {"key": "b", "type": "text", "label": {"fi": "B", "en": "B", "ru": "Б"}, "help": {"fi": "Ohje"}},
        {"key": "c", "type": "choice", "label": {"fi": "C", "en": "C", "ru": "В"},
         "options": [{"value": "x", "label": {"fi": "X", "en": "X"}}]}]})");
    auto const gaps = untranslated(edit->form, {"fi", "en", "ru"});

    ASSERT_EQ(gaps.size(), 2U);
    EXPECT_EQ(gaps[0].languages, (std::vector<std::string>{"en", "ru"}));
    EXPECT_EQ(gaps[1].languages, std::vector<std::string>{"ru"});
}

TEST(FormPage, puts_mistakes_at_its_own_fields)
{
    auto const errors = told(errors_of_question({{"questions.2.label.fi", "x", {}},
                                                 {"questions.2.options.1.value", "x", {}},
                                                 {"questions.2.visible_if.in.0", "x", {}},
                                                 {"questions.2.visible_if.question", "x", {}}},
                                                2));
    EXPECT_EQ(errors, (Told{"label.fi:x", "options:x", "visible_if:x", "visible_if_in:x"}));
}

}
}
