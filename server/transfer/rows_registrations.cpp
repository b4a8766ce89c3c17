#include "base/local_time.h"
#include "transfer/consistency.h"
#include "transfer/json_path.h"
#include "transfer/records.h"
#include "transfer/rows.h"
#include "transfer/standing.h"

#include <map>

namespace kutsu::transfer
{
namespace
{

using People = std::map<std::string_view, json::object const*>;

People people_of(json::object const& document)
{
    People people;
    if (auto const* list = array_at(document, "people")) {
        for (auto const& person : *list)
            people[text_at(person.as_object(), "id")] = &person.as_object();
    }
    return people;
}

void set_text(json::object& row, std::string_view column, std::string_view text)
{
    if (!text.empty())
        row[column] = text;
}

// Name and e-mail are the person's, unless the registration has its own; those stay in details too, so that
// the export knows that the file said them.
void note_person(Record& record, People const& people)
{
    PersonNames names;
    std::string_view email;
    if (auto const person = people.find(text_at(record.row, "person")); person != people.end()) {
        names = names_of(*person->second);
        email = text_at(*person->second, "email");
    }
    auto const own = [&](std::string_view member, std::string_view of_the_person) {
        auto const text = text_at(record.rest, member);
        return text.empty() ? of_the_person : text;
    };
    set_text(record.row, "name", own("name", names.name));
    set_text(record.row, "name_other_script", own("name_other_script", names.other_script));
    set_text(record.row, "email", own("email", email));
}

void take_standing(Record& record)
{
    auto const standing = standing_of(record.rest);
    record.rest.erase("status");
    record.rest.erase("role");
    record.row["status"] = standing.status;
    record.row["role"] = standing.role;
    record.row["source"] = standing.source;
}

void note_attendance(Record& record)
{
    if (auto const* remote = record.rest.if_contains("remote"); remote && remote->is_bool())
        record.row["attendance"] = remote->get_bool() ? "remote" : "on_site";
    record.take("remote");
}

}

void take_registrations(json::object& document, json::object const& original, Rows& rows)
{
    auto const people = people_of(original);
    std::map<std::string, std::int64_t> arrivals;
    for (std::size_t ordinal = 0; auto& registration : take_objects(document, "registrations")) {
        auto record = split(std::move(registration), registration_parts);
        take_standing(record);
        note_person(record, people);
        note_attendance(record);
        record.rest.erase("waitlist_position"); // follows from the order of arrival
        record.row["arrival"] = ++arrivals[std::string(text_at(record.row, "event"))];
        if (auto const at = parse_instant(text_at(record.rest, "registered_at")))
            record.row["created_at"] = to_ms(*at);
        if (auto const* answers = object_at(record.row, "answers")) {
            for (auto const& [key, value] : *answers)
                rows.answers.push_back(json::object{
                    {"registration", record.row.at("public_id")}, {"key", key}, {"value", value}});
            record.row.erase("answers");
        }
        rows.registrations.push_back(numbered(std::move(record), ++ordinal));
    }
}

}
