// How the members of an object of the file become the columns of a row, and back. What no column holds stays
// in `details`; so does what a column cannot tell from an absent member (null, false, an empty list, a
// default). On the way back a column that says something wins over details. Pure.
#pragma once

#include "base/json.h"

#include <span>
#include <string_view>

namespace kutsu::transfer
{

enum class How
{
    plain = 1,
    token,  // LIVE_LINK in the file, live_link in the column
    dashed, // PRESS_CONFERENCE, press-conference
    words,  // {"fi": "…"}, {"fi": {"text": "…", "status": "approved"}}
    stamp   // 2027-05-27T05:30:00Z, milliseconds
};

struct Part
{
    std::string_view name;
    std::string_view column;
    How how = How::plain;
    std::string_view standard = {}; // the column's value where the file says nothing
};

struct Record
{
    json::object row;  // the columns
    json::object rest; // what the row does not hold

    // The value and its removal from the rest; null when absent. Neutral values (see above) stay in the rest.
    json::value take(std::string_view name);
};

Record split(json::object object, std::span<Part const> parts);
// The row with the rest under "details".
json::object with_details(Record record);
// Back: the row's `details` and over them the columns of the parts.
json::object join(json::object const& row, std::span<Part const> parts);

bool is_neutral(json::value const& value);

}
