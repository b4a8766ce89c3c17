// What a project file must look like, as data: for each kind of object its members, and for each member its
// shape. One table serves the checks of shape, of ids and of references. Members that no table names are kept
// as they are.
#pragma once

#include "base/json.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::transfer
{

// What an id names. Sets of kinds say what a reference may point to.
using Kinds = std::uint32_t;
namespace kind
{
inline constexpr Kinds none = 0, programme = 1 << 0, project = 1 << 1, component = 1 << 2,
                       organisation = 1 << 3, company = 1 << 4, media_outlet = 1 << 5, network = 1 << 6,
                       person = 1 << 7, venue = 1 << 8, room = 1 << 9, event_pair = 1 << 10, series = 1 << 11,
                       event = 1 << 12, session = 1 << 13, report = 1 << 14, registration = 1 << 15,
                       work_package = 1 << 16, budget_line = 1 << 17, accreditation = 1 << 18,
                       accommodation = 1 << 19, press_kit = 1 << 20, visa_case = 1 << 21, finding = 1 << 22,
                       decision = 1 << 23, action = 1 << 24, news_item = 1 << 25, news_digest = 1 << 26,
                       partner_request = 1 << 27, distribution_list = 1 << 28, brochure = 1 << 29;
inline constexpr Kinds firm = organisation | company;
// Kinds that have a table of their own: their ids are unique in the whole database.
inline constexpr Kinds stored = project | component | organisation | company | network | person | venue |
                                room | event_pair | series | event | session | report | registration;
}

std::string_view kind_name(Kinds one);           // "venue", "work package"
std::string with_article(std::string_view name); // "a venue", "an event"
// Kinds whose ids must differ from each other: events and sessions share the UIDs of calendars, for example.
Kinds sharing_ids_with(Kinds one);

enum class Shape
{
    any = 1,
    object,
    objects, // list of objects
    id,
    reference,
    references, // list without repetition
    words,      // language map with words in at least one language
    line,       // 1 to 200 characters
    text,       // words of any length
    token,      // UPPER_CASE
    choice,     // one of `choices`
    language,
    languages,
    country,
    email,
    zone,
    day,
    stamp,
    moment, // {tz, local, …}
    flag,
    count,    // whole, 0 or more
    positive, // whole, 1 or more
    latitude,
    longitude
};

struct Field
{
    std::string_view name;
    Shape shape = Shape::any;
    bool required = false;
    Kinds kinds = kind::none; // of an id: what it names; of a reference: what it may point to
    std::span<std::string_view const> choices = {};
};

struct ObjectShape
{
    std::string_view pattern; // json_path.h, below one project
    std::vector<Field> fields;
};

// All kinds of objects we know, in the order in which ids are declared and problems are reported.
std::vector<ObjectShape> const& object_shapes();

}
