#include "transfer/json_path.h"
#include "transfer/records.h"
#include "transfer/rows.h"

namespace kutsu::transfer
{
namespace
{

// Moves a text that says something into the row.
void move_text(json::object& from, std::string_view name, json::object& row, std::string_view column)
{
    if (auto const text = text_at(from, name); !text.empty()) {
        row[column] = text;
        from.erase(name);
    }
}

void take_script(json::object& name, std::string_view member, std::string_view script,
                 json::value const& person, Rows& rows)
{
    auto const found = name.find(member);
    if (found == name.end() || !found->value().is_object())
        return;
    auto& written = found->value().get_object();
    json::object row = {{"person", person}, {"script", script}};
    move_text(written, "family", row, "family");
    move_text(written, "given", row, "given");
    move_text(written, "additional", row, "additional");
    if (written.empty())
        name.erase(found);
    if (script == "Cyrl")
        move_text(name, "patronymic_cyrillic", row, "additional");
    rows.person_names.push_back(std::move(row));
}

void take_name(Record& person, std::size_t ordinal, Rows& rows)
{
    auto& name = person.rest.at("name").as_object();
    auto const& id = person.row.at("public_id");
    take_script(name, "latin", "Latn", id, rows);
    take_script(name, "cyrillic", "Cyrl", id, rows);
    json::object passport;
    move_text(name, "passport_latin", passport, "passport_latin");
    if (!passport.empty()) {
        passport["id"] = id;
        rows.secrets.push_back(
            {std::string(passport_section), static_cast<std::int64_t>(ordinal), std::move(passport)});
    }
    if (name.empty())
        person.rest.erase("name");
}

void take_organisations(json::object& document, std::string_view section, Rows& rows)
{
    for (std::size_t ordinal = 0; auto& organisation : take_objects(document, section)) {
        auto row = numbered(split(std::move(organisation), organisation_parts), ++ordinal);
        row["section"] = section;
        rows.organisations.push_back(std::move(row));
    }
}

}

void take_people(json::object& document, Ids const& ids, std::size_t number, Rows& rows)
{
    take_organisations(document, "organisations", rows);
    take_organisations(document, "companies", rows);
    for (std::size_t ordinal = 0; auto& network : take_objects(document, "networks"))
        rows.networks.push_back(numbered(split(std::move(network), network_parts), ++ordinal));
    for (std::size_t ordinal = 0; auto& person : take_objects(document, "people")) {
        auto record = split(std::move(person), person_parts);
        // A journalist's medium has no row yet and stays in details.
        if (ids.find(text_at(record.rest, "org"), kind::firm, number))
            record.row["organisation"] = record.take("org");
        take_name(record, ++ordinal, rows);
        rows.people.push_back(numbered(std::move(record), ordinal));
    }
}

}
