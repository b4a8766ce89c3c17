#include "transfer/document.h"
#include "transfer/json_path.h"
#include "transfer/records.h"

#include <map>

namespace kutsu::transfer
{
namespace
{

json::object& object_in(json::object& parent, std::string_view name)
{
    auto& value = parent[name];
    return value.is_object() ? value.get_object() : value.emplace_object();
}

void put_text(json::object& object, std::string_view name, json::object const& row, std::string_view column)
{
    if (auto const text = text_at(row, column); !text.empty())
        object[name] = text;
}

void put_name(json::object const& row, json::object& name)
{
    auto const cyrillic = text_at(row, "script") == "Cyrl";
    auto& written = object_in(name, cyrillic ? "cyrillic" : "latin");
    put_text(written, "family", row, "family");
    put_text(written, "given", row, "given");
    if (cyrillic)
        put_text(name, "patronymic_cyrillic", row, "additional");
    else
        put_text(written, "additional", row, "additional");
}

std::map<std::string_view, std::string_view> passports_of(Rows const& rows)
{
    std::map<std::string_view, std::string_view> passports;
    for (auto const& secret : rows.secrets) {
        if (secret.section == passport_section)
            passports[text_at(secret.body.as_object(), "id")] =
                text_at(secret.body.as_object(), "passport_latin");
    }
    return passports;
}

void put_organisations(Rows const& rows, std::string_view section, json::object& document)
{
    Grouped const sections(rows.organisations, "section");
    json::array organisations;
    for (auto const* row : sections.of(section))
        organisations.push_back(join(*row, organisation_parts));
    put_list(document, section, std::move(organisations));
}

}

void put_people(Rows const& rows, json::object& document)
{
    put_organisations(rows, "organisations", document);
    put_organisations(rows, "companies", document);
    json::array networks;
    for (auto const& row : rows.networks)
        networks.push_back(join(row.as_object(), network_parts));
    put_list(document, "networks", std::move(networks));
    auto const passports = passports_of(rows);
    Grouped const names(rows.person_names, "person");
    json::array people;
    for (auto const& row : rows.people) {
        auto const id = text_at(row.as_object(), "public_id");
        auto person = join(row.as_object(), person_parts);
        put_text(person, "org", row.as_object(), "organisation");
        auto& name = object_in(person, "name");
        for (auto const* written : names.of(id))
            put_name(*written, name);
        if (auto const passport = passports.find(id); passport != passports.end())
            name["passport_latin"] = passport->second;
        people.push_back(std::move(person));
    }
    put_list(document, "people", std::move(people));
}

}
