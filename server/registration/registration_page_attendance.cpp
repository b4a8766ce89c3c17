// Whether one comes to the place or follows from afar, and as whom one takes part, with the seats that are
// left for each.
#include "base/messages.h"
#include "registration/registration_pages.h"

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

std::string free_note(std::string_view language, events::SeatPool const& pool)
{
    return pool.free ? message(language, "form.pool_free", {{"free", *pool.free}}) : std::string();
}

std::string seats_note(std::string_view language, events::RegistrationForm const& form, std::string_view way)
{
    auto const pool = std::ranges::find_if(
        form.pools, [&](events::SeatPool const& each) { return each.by == "attendance" && each.key == way; });
    return pool == form.pools.end() ? std::string() : free_note(language, *pool);
}

}

void add_attendance(html::Html& html, html::FormState const& form, events::Event const& event)
{
    static constexpr std::array<std::string_view, 2> ways = {"on_site", "remote"};
    if (!event.form || !event.form->hybrid)
        return;
    auto shown = form;
    if (!form.values.has_any("attendance")) { // who does not say comes to the place
        auto pairs = form.values.pairs();
        pairs.emplace_back("attendance", ways.front());
        shown.values = html::Values(std::move(pairs));
    }
    std::vector<html::Option> options;
    for (auto const way : ways) {
        html::Option option;
        option.value = way;
        option.label = message(form.language, std::string("form.attendance.").append(way));
        option.note = seats_note(form.language, *event.form, way);
        options.push_back(std::move(option));
    }
    html::Field field;
    field.name = "attendance";
    field.label = message(form.language, "form.attendance");
    field.required = true;
    html::add_choices(html, shown, field, options, false);
}

void add_participant_type(html::Html& html, html::FormState const& form, events::Event const& event)
{
    std::vector<html::Option> options;
    for (auto const& pool : event.form ? event.form->pools : std::vector<events::SeatPool>()) {
        if (pool.by != "participant_type")
            continue;
        auto const label = html::shown(pool.label, form.language);
        html::Option option;
        option.value = pool.key;
        option.label = label.words.empty() ? pool.key : label.words;
        option.lang = label.other_language;
        option.note = free_note(form.language, pool);
        options.push_back(std::move(option));
    }
    if (options.empty())
        return;
    html::Field field;
    field.name = "participant_type";
    field.label = message(form.language, "form.participant_type");
    field.required = true;
    html::add_choices(html, form, field, options, false);
}

}
