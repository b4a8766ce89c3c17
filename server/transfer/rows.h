// One good project of a file as rows ready to store: lists of objects whose members are columns, in the order
// of the file. Records refer to each other by public id. Pure.
#pragma once

#include "base/json.h"
#include "transfer/project_file.h"
#include "transfer/record.h"

#include <string>
#include <vector>

namespace kutsu::transfer
{

// What only the holder of the vault's key may read again.
struct Secret
{
    std::string section;
    std::int64_t ordinal = 0;
    json::value body;
};

struct Rows
{
    json::array programme; // one
    json::array project;   // one
    json::array organisations, components, networks, people, person_names, venues, rooms;
    json::array event_pairs, series, documents, variants, events, sessions, forms, pools, questions;
    json::array registrations, answers, held;
    std::vector<Secret> secrets;
};

// `number` is the project's place in the file.
Rows rows_of(ProjectFile const& file, std::size_t number);

// The sections that become rows or secrets; all others are held as they are.
inline constexpr std::string_view visa_section = "visa_cases";
inline constexpr std::string_view passport_section = "people";

// ── The pieces of rows_of, each takes its sections out of the document ──

void take_places(json::object& document, Rows& rows);
void take_people(json::object& document, Ids const& ids, std::size_t number, Rows& rows);
void take_documents(json::object& document, Rows& rows);
void take_events(json::object& document, Rows& rows);
void take_registrations(json::object& document, json::object const& original, Rows& rows);

// The objects of a list that is then gone from its parent; an empty list stays there.
std::vector<json::object> take_objects(json::object& parent, std::string_view name);
json::object numbered(Record record, std::size_t ordinal);
// {tz, starts_local, …} as the columns time_zone, starts_local, starts_at, ends_local, ends_at,
// other_time_zones.
void take_span(Record& record);
// The instant of a moment {tz, local, utc} that has been checked.
std::int64_t instant_ms(json::object const& moment, std::string_view local, std::string_view utc);

}
