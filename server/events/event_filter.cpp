#include "events/event_filter.h"

#include "base/unicode.h"

#include <algorithm>
#include <array>

namespace kutsu::events
{
namespace
{

constexpr std::array<std::string_view, 4> kinds = {"seminar", "press-conference", "study-trip", "workshop"};
constexpr std::size_t longest_question = 200;

}

Result<Filter> read_filter(net::Fields const& query)
{
    std::vector<FieldError> errors;
    auto filter = filter_from(query);
    for (auto const* name : {"from", "to"}) {
        if (auto const day = query.find(name); day && !day->empty() && !parse_day(*day))
            errors.push_back({name, "field.date", {}});
    }
    if (!filter.kind.empty() && std::ranges::find(kinds, filter.kind) == kinds.end())
        errors.push_back({"kind", "field.unknown_choice", {}});
    if (auto const words = query.find("q"); words && words->size() > longest_question)
        errors.push_back({"q", "field.too_long", {{"limit", static_cast<std::int64_t>(longest_question)}}});
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return filter;
}

std::vector<EventPtr> find_public_events(Picture const& picture, Filter const& filter)
{
    std::vector<EventPtr> found;
    std::string text;
    for (auto const& event : picture.by_start) {
        auto const searched = [&]() -> std::string const& { return text = search_text(*event); };
        if (is_public(*event) && matches(filter, *event, searched))
            found.push_back(event);
    }
    return found;
}

}
