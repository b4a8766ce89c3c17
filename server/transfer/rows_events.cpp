#include "transfer/json_path.h"
#include "transfer/records.h"
#include "transfer/rows.h"
#include "transfer/wall_time.h"

namespace kutsu::transfer
{
namespace
{

// The moment itself stays in details: its zone is the one people were told.
void note_embargo(Record& record)
{
    if (auto const* embargo = object_at(record.rest, "embargo"))
        record.row["embargo_until"] = instant_ms(*embargo, "local", "utc");
}

void take_agenda(Record& event, Rows& rows)
{
    for (std::size_t ordinal = 0; auto& session : take_objects(event.rest, "agenda")) {
        auto record = split(std::move(session), session_parts);
        take_span(record);
        record.row.erase("other_time_zones"); // those of the event
        record.row["event"] = event.row.at("public_id");
        rows.sessions.push_back(numbered(std::move(record), ++ordinal));
    }
}

void take_limit(Record& form, std::string_view name)
{
    auto const found = form.rest.find(name);
    if (found == form.rest.end() || !found->value().is_object())
        return;
    auto& moment = found->value().get_object();
    form.row[std::string(name) + "_local"] = moment.at("local");
    form.row[std::string(name) + "_at"] = instant_ms(moment, "local", "utc");
    form.row["time_zone"] = moment.at("tz");
    for (auto const* member : {"tz", "local", "utc", "also_local"})
        moment.erase(member);
    if (moment.empty())
        form.rest.erase(found);
}

json::object question_row(json::object question)
{
    auto record = split(std::move(question), question_parts);
    json::array options;
    for (auto& option : take_objects(record.rest, "options")) {
        auto [row, rest] = split(std::move(option), option_parts);
        row.insert(rest.begin(), rest.end());
        options.push_back(std::move(row));
    }
    if (!options.empty())
        record.row["options"] = std::move(options);
    return with_details(std::move(record));
}

void take_form(Record& event, Rows& rows)
{
    auto const found = event.rest.find("registration");
    if (found == event.rest.end() || !found->value().is_object())
        return;
    auto form = split(std::move(found->value().get_object()), form_parts);
    event.rest.erase(found);
    take_limit(form, "opens");
    take_limit(form, "closes");
    if (!form.row.contains("time_zone"))
        form.row["time_zone"] = event.row.at("time_zone");
    auto const& id = event.row.at("public_id");
    for (std::size_t ordinal = 0; auto& question : take_objects(form.rest, "questions")) {
        auto row = question_row(std::move(question));
        row["event"] = id;
        row["ordinal"] = ++ordinal;
        rows.questions.push_back(std::move(row));
    }
    for (std::size_t ordinal = 0; auto& pool : take_objects(form.rest, "pools")) {
        auto row = with_details(split(std::move(pool), pool_parts));
        row["event"] = id;
        row["ordinal"] = ++ordinal;
        rows.pools.push_back(std::move(row));
    }
    form.row["event"] = id;
    rows.forms.push_back(with_details(std::move(form)));
}

// An event without a slug of its own has its id for one.
void take_slug(Record& event)
{
    auto const id = event.row.at("public_id");
    auto const* slug = event.rest.if_contains("slug");
    auto const own = slug && slug->is_string() && *slug != id;
    event.row["slug"] = own ? event.take("slug") : id;
}

void take_groups(json::object& document, std::string_view section, json::array& rows)
{
    for (std::size_t ordinal = 0; auto& group : take_objects(document, section))
        rows.push_back(numbered(split(std::move(group), group_parts), ++ordinal));
}

}

void take_events(json::object& document, Rows& rows)
{
    take_groups(document, "event_pairs", rows.event_pairs);
    take_groups(document, "series", rows.series);
    for (std::size_t ordinal = 0; auto& event : take_objects(document, "events")) {
        auto record = split(std::move(event), event_parts);
        take_slug(record);
        take_span(record);
        note_embargo(record);
        take_agenda(record, rows);
        take_form(record, rows);
        rows.events.push_back(numbered(std::move(record), ++ordinal));
    }
}

void take_documents(json::object& document, Rows& rows)
{
    for (std::size_t ordinal = 0; auto& report : take_objects(document, "reports")) {
        auto record = split(std::move(report), document_parts);
        note_embargo(record);
        for (std::size_t number = 0; auto& variant : take_objects(record.rest, "variants")) {
            auto row = numbered(split(std::move(variant), variant_parts), ++number);
            row["document"] = record.row.at("public_id");
            rows.variants.push_back(std::move(row));
        }
        rows.documents.push_back(numbered(std::move(record), ++ordinal));
    }
}

}
