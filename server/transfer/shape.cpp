#include "transfer/shape.h"

#include "transfer/shape_parts.h"

#include <array>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace kutsu::transfer
{
namespace
{

constexpr std::array<std::pair<Kinds, std::string_view>, 30> names = {{
    {kind::programme, "programme"},
    {kind::project, "project"},
    {kind::component, "component"},
    {kind::organisation, "organisation"},
    {kind::company, "company"},
    {kind::media_outlet, "media outlet"},
    {kind::network, "network"},
    {kind::person, "person"},
    {kind::venue, "venue"},
    {kind::room, "room"},
    {kind::event_pair, "event pair"},
    {kind::series, "series"},
    {kind::event, "event"},
    {kind::session, "session"},
    {kind::report, "report"},
    {kind::registration, "registration"},
    {kind::work_package, "work package"},
    {kind::budget_line, "budget line"},
    {kind::accreditation, "accreditation request"},
    {kind::accommodation, "accommodation"},
    {kind::press_kit, "press kit"},
    {kind::visa_case, "visa case"},
    {kind::finding, "finding"},
    {kind::decision, "decision"},
    {kind::action, "action"},
    {kind::news_item, "news item"},
    {kind::news_digest, "news digest"},
    {kind::partner_request, "partner request"},
    {kind::distribution_list, "distribution list"},
    {kind::brochure, "brochure"},
}};

}

std::string_view kind_name(Kinds one)
{
    for (auto const& [kind, name] : names) {
        if (kind == one)
            return name;
    }
    throw std::logic_error("a kind without a name");
}

std::string with_article(std::string_view name)
{
    auto const vowel = std::string_view("aeiou").find(name.front()) != std::string_view::npos;
    return std::string(vowel ? "an " : "a ") + std::string(name);
}

Kinds sharing_ids_with(Kinds one)
{
    for (auto const group : {kind::firm | kind::media_outlet, kind::event | kind::session}) {
        if (one & group)
            return group;
    }
    return one;
}

std::vector<ObjectShape> const& object_shapes()
{
    static std::vector<ObjectShape> const shapes = [] {
        std::vector<ObjectShape> all;
        for (auto const part : {project_shapes, event_shapes, trip_shapes, later_shapes})
            std::ranges::move(part(), std::back_inserter(all));
        return all;
    }();
    return shapes;
}

}
