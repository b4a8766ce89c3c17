#include "base/local_time.h"
#include "transfer/consistency.h"
#include "transfer/document.h"
#include "transfer/json_path.h"
#include "transfer/records.h"
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

// What the registration says of the guest where it is not what the person's record says.
void put_person(json::object const& row, People const& people, json::object& registration)
{
    PersonNames names;
    std::string_view email;
    if (auto const person = people.find(text_at(row, "person")); person != people.end()) {
        names = names_of(*person->second);
        email = text_at(*person->second, "email");
    }
    auto const put = [&](std::string_view name, std::string_view of_the_person) {
        auto const text = text_at(row, name);
        if (!text.empty() && (text != of_the_person || registration.contains(name)))
            registration[name] = text;
    };
    put("name", names.name);
    put("name_other_script", names.other_script);
    put("email", email);
}

void put_attendance(json::object const& row, json::object& registration)
{
    if (auto const attendance = text_at(row, "attendance"); !attendance.empty())
        registration["remote"] = attendance == "remote";
}

// When somebody registered here; an imported registration says so only if the file did.
void put_arrival(json::object const& row, json::object& registration)
{
    auto const source = text_at(row, "source");
    if (source == "form" || source == "organiser")
        registration["registered_at"] = format_utc(from_ms(row.at("created_at").as_int64()));
}

}

void put_registrations(Rows const& rows, json::object& document)
{
    auto const people = people_of(document);
    std::map<std::string, std::int64_t> waiting;
    json::array registrations;
    for (auto const& each : rows.registrations) {
        auto const& row = each.as_object();
        auto registration = join(row, registration_parts);
        write_standing({std::string(text_at(row, "status")), std::string(text_at(row, "role")),
                        std::string(text_at(row, "source"))},
                       registration);
        put_person(row, people, registration);
        put_attendance(row, registration);
        put_arrival(row, registration);
        if (text_at(row, "status") == "waitlisted")
            registration["waitlist_position"] = ++waiting[std::string(text_at(row, "event"))];
        registrations.push_back(std::move(registration));
    }
    put_list(document, "registrations", std::move(registrations));
}

}
