// A form's definition as JSON: read member by member, laid over the form that stands.
#include "base/messages.h"
#include "base/unicode.h"
#include "registration/answer_rules.h"
#include "registration/form_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

using events::Question;
using events::RegistrationForm;

constexpr std::size_t label_limit = 500;
constexpr std::size_t help_limit = 2000;
constexpr std::size_t value_limit = 100;
constexpr std::size_t language_limit = 20;

bool is_language_tag(std::string_view tag)
{
    return (tag.size() == 2 || tag.size() == 3) &&
           std::ranges::all_of(tag, [](char c) { return c >= 'a' && c <= 'z'; });
}

// Words that stay keep their state; new ones are approved by whoever writes them.
Text read_words(ObjectReader& reader, std::string_view name, std::size_t limit, Text const& before)
{
    auto const* object = reader.object(name);
    Text text;
    if (!object)
        return text;
    if (object->size() > language_limit)
        reader.fail(name, "field.too_many", {{"limit", static_cast<std::int64_t>(language_limit)}});
    for (auto const& [language, words] : *object) {
        auto const path = fmt::format("{}.{}", name, std::string_view(language));
        if (!is_language_tag(language))
            reader.fail(path, "field.language");
        else if (!words.is_string() || !is_clean_utf8(words.get_string()))
            reader.fail(path, words.is_string() ? "field.bad_characters" : "field.expected_text");
        else if (auto tidied = tidy_text(words.get_string()); count_characters(tidied) > limit)
            reader.fail(path, "field.too_long", {{"limit", static_cast<std::int64_t>(limit)}});
        else if (!tidied.empty()) {
            auto const& known = before.all();
            auto const same = std::ranges::find_if(known, [&](Words const& old) {
                return old.language == std::string_view(language) && old.text == tidied;
            });
            text.set(language, std::move(tidied), same == known.end() ? TextStatus::approved : same->status);
        }
    }
    return text;
}

std::string read_line(ObjectReader& reader, std::string_view name, std::size_t limit)
{
    auto line = tidy_line(reader.text(name).value_or(""));
    if (count_characters(line) > limit)
        reader.fail(name, "field.too_long", {{"limit", static_cast<std::int64_t>(limit)}});
    return line;
}

void read_word(ObjectReader& reader, std::string_view name, std::initializer_list<std::string_view> choices,
               std::string& into)
{
    if (!reader.has(name))
        return;
    auto word = reader.text(name);
    if (word && std::ranges::find(choices, *word) == choices.end())
        reader.fail(name, "field.unknown_choice");
    else if (word)
        into = std::move(*word);
}

// A whole number, or null for none.
void read_number(ObjectReader& reader, std::string_view name, std::int64_t most,
                 std::optional<std::int64_t>& into)
{
    if (!reader.has(name))
        return;
    auto const* value = reader.value(name);
    if (value->is_null()) {
        into.reset();
        return;
    }
    boost::system::error_code wrong;
    auto const number = value->to_number<std::int64_t>(wrong);
    if (wrong)
        reader.fail(name, "field.expected_number");
    else if (number < 0 || number > most)
        reader.fail(name, "field.out_of_range", {{"min", std::int64_t{0}}, {"max", most}});
    else
        into = number;
}

json::value read_bound(ObjectReader& reader, std::string_view name)
{
    auto const* value = reader.value(name);
    if (!value)
        return {};
    boost::system::error_code wrong;
    auto const number = value->is_number() ? value->to_number<std::int64_t>(wrong) : 0;
    return value->is_number() && !wrong ? json::value(number) : *value;
}

// Runs `read` for each object of a list.
template <class Read>
void read_each(ObjectReader& reader, std::vector<FieldError>& errors, std::string_view name,
               std::size_t limit, Read&& read)
{
    auto const* list = reader.array(name);
    if (!list)
        return;
    if (list->size() > limit)
        return reader.fail(name, "field.too_many", {{"limit", static_cast<std::int64_t>(limit)}});
    for (std::size_t i = 0; auto const& each : *list) {
        auto path = fmt::format("{}.{}", reader.path_of(name), i++);
        if (!each.is_object()) {
            errors.push_back({std::move(path), "field.expected_object", {}});
            continue;
        }
        ObjectReader below(each.get_object(), errors, std::move(path));
        read(below);
        below.finish();
    }
}

void read_condition(ObjectReader& reader, std::vector<FieldError>& errors, Question& question)
{
    if (!reader.has("visible_if") || reader.value("visible_if")->is_null())
        return;
    auto const* object = reader.object("visible_if");
    if (!object)
        return;
    ObjectReader condition(*object, errors, reader.path_of("visible_if"));
    question.visible_if_question = condition.required_text("question");
    if (auto const* in = condition.array("in"); in && in->size() <= question_limit * 2)
        question.visible_if_in.assign(in->begin(), in->end());
    condition.finish();
}

Question read_question(ObjectReader& reader, std::vector<FieldError>& errors, RegistrationForm const& present)
{
    static Question const none;
    Question question;
    question.key = reader.required_text("key");
    auto const* known = find_question(present.questions, question.key);
    auto const& before = known ? *known : none;
    question.type = reader.required_text("type");
    question.label = read_words(reader, "label", label_limit, before.label);
    question.help = read_words(reader, "help", help_limit, before.help);
    question.required = reader.boolean("required").value_or(false);
    question.special_category = reader.boolean("special_category").value_or(false);
    question.purpose = read_line(reader, "purpose", label_limit);
    question.step = reader.integer("step").value_or(1);
    question.min = read_bound(reader, "min");
    question.max = read_bound(reader, "max");
    read_number(reader, "retention_days", 36'500, question.retention_days);
    read_each(reader, errors, "options", question_limit * 2, [&](ObjectReader& option) {
        auto value = read_line(option, "value", value_limit);
        auto const old = std::ranges::find(before.options, value, &events::QuestionOption::value);
        auto label =
            read_words(option, "label", label_limit, old == before.options.end() ? Text() : old->label);
        question.options.push_back({std::move(value), std::move(label)});
    });
    read_condition(reader, errors, question);
    for (auto const* name : {"added_in_version", "archived_in_version"})
        reader.value(name);
    return question;
}

events::SeatPool read_pool(ObjectReader& reader, RegistrationForm const& present)
{
    events::SeatPool pool;
    pool.key = reader.required_text("key");
    auto const before = std::ranges::find(present.pools, pool.key, &events::SeatPool::key);
    pool.by = "participant_type";
    read_word(reader, "by", {"participant_type", "attendance"}, pool.by);
    pool.label =
        read_words(reader, "label", label_limit, before == present.pools.end() ? Text() : before->label);
    read_number(reader, "capacity", 1'000'000, pool.capacity);
    reader.value("free");
    return pool;
}

void check_pools(std::vector<events::SeatPool> const& pools, std::vector<FieldError>& errors)
{
    std::set<std::string_view> keys;
    for (std::size_t i = 0; auto const& pool : pools) {
        auto const path = fmt::format("pools.{}", i++);
        bool const way = pool.key == "on_site" || pool.key == "remote";
        if (pool.key.empty() || pool.key.size() > 50 || pool.key.front() < 'a' || pool.key.front() > 'z' ||
            pool.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string::npos)
            errors.push_back({path + ".key", "field.question_key", {}});
        else if (!keys.insert(pool.key).second)
            errors.push_back({path + ".key", "field.question_twice", {}});
        else if (pool.by == "attendance" && !way)
            errors.push_back({path + ".key", "field.pool_attendance", {}});
        if (pool.label.empty())
            errors.push_back({path + ".label", "field.missing", {}});
    }
}

void read_moment(ObjectReader& reader, std::string_view name, std::string const& zone,
                 std::optional<events::Moment>& into)
{
    if (!reader.has(name)) {
        // Another zone: the same time on its wall.
        if (!into || into->time_zone == zone)
            return;
    } else if (reader.value(name)->is_null() || *reader.value(name) == "") {
        into.reset();
        return;
    }
    auto const text = reader.has(name) ? reader.text(name) : std::optional<std::string>();
    auto const local = reader.has(name) ? parse_local(text.value_or("")) : std::optional(into->local);
    if (!local)
        return reader.fail(name, "field.local_time");
    auto const derived = to_instant(*local, zone);
    if (!derived)
        return reader.fail(name, "field.time_does_not_exist");
    into = events::Moment{*local, zone, derived->at};
}

void read_times(ObjectReader& reader, RegistrationForm& form)
{
    if (reader.has("time_zone")) {
        auto zone = reader.text("time_zone").value_or("");
        if (!is_known_zone(zone))
            return reader.fail("time_zone", "field.time_zone");
        form.time_zone = std::move(zone);
    }
    read_moment(reader, "opens", form.time_zone, form.opens);
    read_moment(reader, "closes", form.time_zone, form.closes);
    if (form.opens && form.closes && form.closes->at <= form.opens->at)
        reader.fail("closes", "field.closes_before_opens");
}

void read_settings(ObjectReader& reader, RegistrationForm& form)
{
    read_times(reader, form);
    read_word(reader, "admission", {"open", "approval", "invitation"}, form.admission);
    read_word(reader, "group_policy", {"hold", "skip"}, form.group_policy);
    read_word(reader, "session_overlap", {"refuse", "warn"}, form.session_overlap);
    read_number(reader, "offer_hours", 24 * 366, form.offer_hours);
    if (form.offer_hours == 0)
        reader.fail("offer_hours", "field.out_of_range",
                    {{"min", std::int64_t{1}}, {"max", std::int64_t{24 * 366}}});
    std::pair<std::string_view, bool*> const flags[] = {{"waitlist", &form.waitlist},
                                                        {"hybrid", &form.hybrid},
                                                        {"offer_working_hours", &form.offer_working_hours},
                                                        {"reminders", &form.reminders},
                                                        {"reapprove_on_edit", &form.reapprove_on_edit}};
    for (auto const& [name, into] : flags) {
        if (auto const said = reader.boolean(name))
            *into = *said;
    }
}

}

Result<FormEdit> edited_form(json::object const& sent, RegistrationForm const& present)
{
    std::vector<FieldError> errors;
    ObjectReader reader(sent, errors);
    FormEdit edit{present, reader.boolean("archive").value_or(false)};
    read_settings(reader, edit.form);
    if (reader.has("pools")) {
        edit.form.pools.clear();
        read_each(reader, errors, "pools", 20,
                  [&](ObjectReader& pool) { edit.form.pools.push_back(read_pool(pool, present)); });
        check_pools(edit.form.pools, errors);
    }
    if (reader.has("questions")) {
        edit.form.questions.clear();
        read_each(reader, errors, "questions", question_limit, [&](ObjectReader& question) {
            edit.form.questions.push_back(read_question(question, errors, present));
        });
    }
    for (auto const* name : {"version", "opens_at", "closes_at", "archived", "event", "state"})
        reader.value(name);
    reader.finish();
    // What could not be read has been told; the rest is judged as a whole.
    if (errors.empty())
        errors = check_questions(edit.form.questions);
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return edit;
}

}
