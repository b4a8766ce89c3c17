// The way back: rows of one project (as rows.h has them, read from the database) as a document of the file's
// format. What is derived (instants, other cities' times, places in the queue) is written anew. Pure.
#pragma once

#include "transfer/rows.h"

#include <map>
#include <string_view>
#include <vector>

namespace kutsu::transfer
{

// Without "format".
json::object document_of(Rows const& rows);

// ── Its pieces ──

json::object project_object(Rows const& rows);
void put_people(Rows const& rows, json::object& document);
void put_places(Rows const& rows, json::object& document);
void put_events(Rows const& rows, json::object& document);
void put_documents(Rows const& rows, json::object& document);
void put_registrations(Rows const& rows, json::object& document);

// A list that has items; otherwise whatever the document says already (an empty list, null or nothing).
void put_list(json::object& object, std::string_view name, json::array list);
// Rows by the record they belong to, such as the rooms of each venue.
class Grouped
{
public:
    Grouped(json::array const& rows, std::string_view column);
    std::vector<json::object const*> const& of(std::string_view id) const;

private:
    std::map<std::string_view, std::vector<json::object const*>> groups_;
};
// Writes every derived time of the document anew.
void derive_all_times(json::value& value);

}
