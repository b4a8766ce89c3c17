#include "transfer/document.h"
#include "transfer/json_path.h"
#include "transfer/records.h"
#include "transfer/wall_time.h"

#include <algorithm>
#include <map>
#include <set>

namespace kutsu::transfer
{
namespace
{

using Zones = std::set<std::string>;

Zones zones_of(json::object const& event)
{
    Zones zones = {std::string(text_at(event, "time_zone"))};
    if (auto const* others = array_at(event, "other_time_zones")) {
        for (auto const& zone : *others)
            zones.emplace(zone.as_string());
    }
    return zones;
}

std::string stamp(json::value const& ms)
{
    return format_utc(from_ms(ms.as_int64()));
}

std::string local_text(json::object const& row, std::string_view column)
{
    return format_local(parse_local(text_at(row, column)).value());
}

// Asks for the other cities' times; derive_all_times fills them in.
void ask_for_others(json::object& times, Zones const& zones, json::value const& empty)
{
    json::object others;
    for (auto const& zone : zones) {
        if (zone != text_at(times, "tz"))
            others[zone] = empty;
    }
    if (!others.empty())
        times["also_local"] = std::move(others);
}

void put_span(json::object const& row, Zones const& zones, json::object& object)
{
    object["tz"] = row.at("time_zone");
    object["starts_local"] = local_text(row, "starts_local");
    object["ends_local"] = local_text(row, "ends_local");
    object["starts_utc"] = stamp(row.at("starts_at"));
    object["ends_utc"] = stamp(row.at("ends_at"));
    ask_for_others(object, zones, json::object());
}

json::object moment(std::string_view zone, std::string_view local, json::value const& ms, Zones const& zones)
{
    json::object moment = {{"tz", zone}, {"local", local}, {"utc", stamp(ms)}};
    ask_for_others(moment, zones, nullptr);
    return moment;
}

// The file's own words for the embargo, unless it has been moved or lifted since.
void put_embargo(json::object const& row, std::string_view zone, Zones const& zones, json::object& object)
{
    auto const& until = row.at("embargo_until");
    auto const* told = object_at(object, "embargo");
    if (until.is_null()) {
        if (told)
            object["embargo"] = nullptr;
        return;
    }
    if (told && instant_ms(*told, "local", "utc") == until.as_int64())
        return;
    std::string const place(told ? text_at(*told, "tz") : zone);
    auto const local = to_local(from_ms(until.as_int64()), place);
    object["embargo"] = moment(place, format_local(local), until, zones);
}

void put_limit(json::object const& row, std::string_view name, Zones const& zones, json::object& form)
{
    auto const column = std::string(name) + "_local";
    if (text_at(row, column).empty())
        return;
    auto limit =
        moment(text_at(row, "time_zone"), local_text(row, column), row.at(std::string(name) + "_at"), zones);
    if (auto const* more = object_at(form, name))
        limit.insert(more->begin(), more->end());
    form[name] = std::move(limit);
}

json::object question_object(json::object const& row)
{
    auto question = join(row, question_parts);
    json::array options;
    if (auto const* stored = array_at(row, "options")) {
        for (auto const& each : *stored) {
            auto option = each.as_object();
            auto const words = join(option, option_parts);
            option["label"] = words.at("label");
            options.push_back(std::move(option));
        }
    }
    put_list(question, "options", std::move(options));
    return question;
}

// The events' own rows, by event.
struct EventRows
{
    Grouped forms, pools, questions, sessions;
};

json::object form_object(EventRows const& all, json::object const& row, Zones const& zones)
{
    auto form = join(row, form_parts);
    put_limit(row, "opens", zones, form);
    put_limit(row, "closes", zones, form);
    json::array questions;
    for (auto const* question : all.questions.of(text_at(row, "event")))
        questions.push_back(question_object(*question));
    put_list(form, "questions", std::move(questions));
    json::array pools;
    for (auto const* pool : all.pools.of(text_at(row, "event")))
        pools.push_back(join(*pool, pool_parts));
    put_list(form, "pools", std::move(pools));
    return form;
}

json::array agenda_of(EventRows const& all, std::string_view event, Zones const& zones)
{
    json::array agenda;
    for (auto const* row : all.sessions.of(event)) {
        auto session = join(*row, session_parts);
        put_span(*row, zones, session);
        agenda.push_back(std::move(session));
    }
    return agenda;
}

json::object event_object(EventRows const& all, json::object const& row)
{
    auto const id = text_at(row, "public_id");
    auto const zones = zones_of(row);
    auto event = join(row, event_parts);
    if (text_at(row, "slug") != id)
        event["slug"] = row.at("slug");
    put_span(row, zones, event);
    put_embargo(row, text_at(row, "time_zone"), zones, event);
    for (auto const* form : all.forms.of(id))
        event["registration"] = form_object(all, *form, zones);
    put_list(event, "agenda", agenda_of(all, id, zones));
    return event;
}

// The events of a pair or series: first those of the file in its order, then those that have joined since.
json::array members_of(Grouped const& events, json::object const& group)
{
    json::array remembered;
    if (auto const* list = array_at(group, "events"))
        remembered = *list;
    std::map<std::pair<std::ptrdiff_t, std::size_t>, json::value> in_order;
    for (auto const* event : events.of(text_at(group, "id"))) {
        auto const& id = event->at("public_id");
        auto const place = std::ranges::find(remembered, id) - remembered.begin();
        in_order[{place, in_order.size()}] = id;
    }
    json::array members;
    for (auto& [place, id] : in_order)
        members.push_back(std::move(id));
    return members;
}

void put_groups(json::array const& groups, json::array const& events, std::string_view column,
                std::string_view section, json::object& document)
{
    Grouped const by_group(events, column);
    json::array list;
    for (auto const& row : groups) {
        auto group = join(row.as_object(), group_parts);
        group["events"] = members_of(by_group, group);
        list.push_back(std::move(group));
    }
    put_list(document, section, std::move(list));
}

}

void put_events(Rows const& rows, json::object& document)
{
    EventRows const all{
        {rows.forms, "event"}, {rows.pools, "event"}, {rows.questions, "event"}, {rows.sessions, "event"}};
    json::array events;
    for (auto const& row : rows.events)
        events.push_back(event_object(all, row.as_object()));
    put_list(document, "events", std::move(events));
    put_groups(rows.event_pairs, rows.events, "event_pair", "event_pairs", document);
    put_groups(rows.series, rows.events, "series", "series", document);
}

void put_documents(Rows const& rows, json::object& document)
{
    Grouped const all_variants(rows.variants, "document");
    json::array reports;
    for (auto const& row : rows.documents) {
        auto report = join(row.as_object(), document_parts);
        put_embargo(row.as_object(), "UTC", {}, report);
        json::array variants;
        for (auto const* variant : all_variants.of(text_at(row.as_object(), "public_id")))
            variants.push_back(join(*variant, variant_parts));
        put_list(report, "variants", std::move(variants));
        reports.push_back(std::move(report));
    }
    put_list(document, "reports", std::move(reports));
}

}
