#include "mail/change_facts.h"

#include "base/local_time.h"
#include "base/messages.h"
#include "base/text.h"
#include "base/unicode.h"

#include <boost/json.hpp>

#include <optional>

namespace kutsu::mail
{
namespace
{

namespace json = boost::json;

struct Place
{
    std::string_view language;
    std::string zone;
};

Text text_in(json::object const& object, std::string_view name)
{
    auto const* value = object.if_contains(name);
    return value && value->is_object() ? text_from_plain(value->get_object()) : Text();
}

std::optional<LocalTime> wall_in(json::object const& time, std::string_view name, std::string const& zone)
{
    auto const* value = time.if_contains(name);
    if (!value || !value->is_int64())
        return std::nullopt;
    return to_local(from_ms(value->get_int64()), zone);
}

// "27.5.2027 klo 12.20–13.10, Sali 2", by the clocks of the session's zone.
std::optional<std::string> time_words(json::object const& change, std::string_view name, Place const& place)
{
    auto const* time = change.if_contains(name);
    if (!time || !time->is_object())
        return std::nullopt;
    auto const starts = wall_in(time->get_object(), "starts_at_ms", place.zone);
    auto const ends = wall_in(time->get_object(), "ends_at_ms", place.zone);
    if (!starts || !ends)
        return std::nullopt;
    auto words = message(place.language, "mail.change.time",
                         {{"date", format_date_short(place.language, *starts)},
                          {"starts", format_time(place.language, *starts)},
                          {"ends", format_time(place.language, *ends)}});
    auto const room = text_in(time->get_object(), "room");
    if (auto const* best = room.best(place.language))
        words = message(place.language, "mail.change.place",
                        {{"time", std::move(words)}, {"room", tidy_line(best->text)}});
    return words;
}

std::optional<Fact> change_fact(json::value const& value, std::string_view language)
{
    auto const* change = value.if_object();
    auto const* zone = change ? change->if_contains("time_zone") : nullptr;
    if (!zone || !zone->is_string() || !is_known_zone(zone->get_string()))
        return std::nullopt;
    Place const place{language, std::string(zone->get_string())};
    auto const before = time_words(*change, "before", place);
    auto const title = text_in(*change, "title");
    auto const* best = title.best(language);
    if (!before || !best)
        return std::nullopt;
    auto const now = time_words(*change, "now", place);
    return Fact{tidy_line(best->text),
                now ? message(language, "mail.change.moved", {{"before", *before}, {"now", *now}})
                    : message(language, "mail.change.dropped", {{"before", *before}}),
                {}};
}

}

std::vector<Fact> change_facts(json::object const& params, std::string_view language)
{
    std::vector<Fact> facts;
    auto const* changes = params.if_contains("changes");
    if (!changes || !changes->is_array())
        return facts;
    for (auto const& each : changes->get_array()) {
        if (auto fact = change_fact(each, language))
            facts.push_back(std::move(*fact));
    }
    return facts;
}

}
