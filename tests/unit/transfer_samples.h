// The demonstration files, and comparing documents as the format means them.
#pragma once

#include "base/json.h"
#include "transfer/file_text.h"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace kutsu::test
{

inline std::string demo_text(std::string const& name)
{
    std::ifstream file(std::string(KUTSU_SOURCE_DIR) + "/tests/demo/" + name);
    if (!file)
        throw std::runtime_error("the demonstration file is missing: " + name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline json::value demo(std::string const& name)
{
    return transfer::read_text(demo_text(name)).value();
}

// The smallest project: one venue, one event with one session.
inline json::value small_project()
{
    return json::parse(R"({
        "format": "kutsu-import/1",
        "programme": {"id": "prg-s", "code": "S", "name": {"en": "P"}, "funding_statement": {"en": "F"}},
        "project": {"id": "prj-s", "programme": "prg-s", "acronym": "S", "title": {"en": "Small"}},
        "venues": [{"id": "ven-s", "name": {"en": "House"}, "city": "Joensuu", "tz": "Europe/Helsinki"}],
        "events": [{"id": "ev-s", "type": "SEMINAR", "status": "PUBLISHED", "visibility": "PUBLIC", "project": "prj-s",
                    "venue": "ven-s", "title": {"en": "Small seminar"}, "tz": "Europe/Helsinki",
                    "starts_local": "2027-05-27T09:00", "ends_local": "2027-05-27T12:00",
                    "agenda": [{"id": "s-s", "kind": "TALK", "title": {"en": "Talk"}, "tz": "Europe/Helsinki",
                                "starts_local": "2027-05-27T09:00", "ends_local": "2027-05-27T10:00"}]}]})");
}

// Without what follows from the rest.
inline json::value without_derived(json::value value)
{
    if (auto* list = value.if_array()) {
        for (auto& each : *list)
            each = without_derived(std::move(each));
    }
    if (auto* object = value.if_object()) {
        for (auto const* name :
             {"utc", "starts_utc", "ends_utc", "utc_offset_at_start", "also_local", "waitlist_position"})
            object->erase(name);
        for (auto& each : *object)
            each.value() = without_derived(std::move(each.value()));
    }
    return value;
}

}
