#include "registration/people.h"

#include "base/local_time.h"
#include "base/messages.h"
#include "base/unicode.h"
#include "registration/registration.h"

#include <algorithm>
#include <array>

namespace kutsu::registration
{

Sight sight_of(accounts::Actor const& actor, events::Event const& event)
{
    using accounts::may;
    using accounts::Right;
    auto const scope = accounts::scope_of(event);
    Sight sight;
    sight.people = may(actor, Right::see_people, scope);
    sight.contacts = sight.people && may(actor, Right::see_contacts, scope);
    sight.manage = sight.contacts && may(actor, Right::manage_registrations, scope);
    return sight;
}

bool is_masked(events::Question const& question, Shown const& shown)
{
    return question.special_category && !shown.revealed.contains(question.key);
}

namespace
{

constexpr std::string_view masked = "•••";

template <class T>
json::value or_null(std::optional<T> const& value)
{
    return value ? json::value(*value) : json::value();
}

events::Question const* question_of(events::Event const& event, std::string_view key)
{
    if (!event.form)
        return nullptr;
    for (auto const* questions : {&event.form->questions, &event.form->archived}) {
        auto const found = std::ranges::find(*questions, key, &events::Question::key);
        if (found != questions->end())
            return &*found;
    }
    return nullptr;
}

json::object shown_answers(Person const& person, events::Event const& event, Shown const& shown)
{
    auto answers = person.answers;
    for (auto& [key, value] : answers) {
        auto const* question = question_of(event, key);
        if (!question || is_masked(*question, shown))
            value = masked;
    }
    return answers;
}

void add_contacts(json::object& object, Person const& person, events::Event const& event, Shown const& shown)
{
    object["email"] = or_null(person.email);
    object["language"] = person.language;
    object["organisation"] = or_null(person.organisation);
    object["role"] = person.role;
    object["participant_type"] = or_null(person.participant_type);
    object["source"] = person.source;
    object["attendance"] = or_null(person.attendance);
    object["companions"] = person.companions;
    object["sessions"] = person.sessions;
    object["answers"] = shown_answers(person, event, shown);
    object["tags"] = json::array(person.tags.begin(), person.tags.end());
    object["note"] = or_null(person.note);
    object["offer_expires_at"] =
        person.offer_expires_at ? json::value(format_utc(*person.offer_expires_at)) : json::value();
    object["created_at"] = format_utc(person.created_at);
    object["changed_at"] = format_utc(person.changed_at);
}

}

json::object to_json(Person const& person, events::Event const& event, Shown const& shown)
{
    json::object object{{"id", person.id},         {"arrival", person.arrival},
                        {"name", person.name},     {"name_other_script", or_null(person.name_other_script)},
                        {"status", person.status}, {"position", or_null(person.position)},
                        {"seats", person.seats},   {"version", person.version}};
    if (shown.sight.contacts)
        add_contacts(object, person, event, shown);
    return object;
}

std::vector<std::string> PersonEdit::fields() const
{
    std::vector<std::string> names;
    auto const note_if = [&](bool is, std::string_view field) {
        if (is)
            names.emplace_back(field);
    };
    note_if(name.has_value(), "name");
    note_if(name_other_script.has_value(), "name_other_script");
    note_if(organisation.has_value(), "organisation");
    note_if(email.has_value(), "email");
    note_if(language.has_value(), "language");
    note_if(answers.has_value(), "answers");
    note_if(tags.has_value(), "tags");
    note_if(note.has_value(), "note");
    return names;
}

std::string tidy_tags(std::vector<std::string>& tags)
{
    for (auto& tag : tags)
        tag = tidy_line(tag);
    std::erase(tags, "");
    std::ranges::sort(tags);
    auto const doubles = std::ranges::unique(tags);
    tags.erase(doubles.begin(), doubles.end());
    if (tags.size() > 20)
        return "people.too_many_tags";
    return std::ranges::any_of(tags, [](auto const& tag) { return count_characters(tag) > 50; })
               ? "people.tag_too_long"
               : "";
}

namespace
{

std::optional<std::string> line_of(ObjectReader& reader, std::string_view name, std::size_t limit)
{
    auto text = reader.text(name);
    if (!text)
        return std::nullopt;
    *text = tidy_line(*text);
    if (count_characters(*text) > limit)
        reader.fail(name, "field.too_long", {{"limit", static_cast<std::int64_t>(limit)}});
    return text;
}

std::optional<std::vector<std::string>> tags_of(ObjectReader& reader)
{
    auto const* list = reader.array("tags");
    if (!list)
        return std::nullopt;
    std::vector<std::string> tags;
    for (auto const& each : *list) {
        if (each.is_string() && is_clean_utf8(each.get_string()))
            tags.emplace_back(each.get_string());
        else
            reader.fail("tags", "field.expected_text");
    }
    if (auto const flaw = tidy_tags(tags); !flaw.empty())
        reader.fail("tags", flaw);
    return tags;
}

std::optional<std::string> note_of(ObjectReader& reader)
{
    auto note = reader.text("note");
    if (!note)
        return std::nullopt;
    *note = tidy_text(*note);
    if (count_characters(*note) > 5000)
        reader.fail("note", "field.too_long", {{"limit", 5000}});
    return note;
}

}

Result<PersonEdit> decode_person_edit(json::object const& object, events::Event const& event)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    PersonEdit edit;
    edit.name = line_of(reader, "name", 200);
    if (edit.name && edit.name->empty())
        reader.fail("name", "field.name");
    edit.name_other_script = line_of(reader, "name_other_script", 200);
    edit.organisation = line_of(reader, "organisation", 200);
    edit.email = line_of(reader, "email", 254);
    if (edit.email && !is_email(*edit.email))
        reader.fail("email", "field.email");
    edit.language = reader.text("language");
    if (edit.language && !is_language(*edit.language))
        reader.fail("language", "field.language");
    if (auto const* answers = reader.object("answers"))
        edit.answers = *answers;
    edit.tags = tags_of(reader);
    edit.note = note_of(reader);
    reader.finish();
    if (edit.answers) {
        auto const more = check_answers(*edit.answers, event);
        errors.insert(errors.end(), more.begin(), more.end());
    }
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return edit;
}

}
