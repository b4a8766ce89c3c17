// Changing one's own registration, the ways out of it, and the head that its pages have in common.
#include "registration/registration_page_own_parts.h"

#include "base/messages.h"
#include "events/events_page_parts.h"

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

void add_change_form(Html& html, OwnView const& view)
{
    auto const& form = view.change;
    auto const& language = view.in.language;
    auto const own = own_url(language, view.registration);
    auto const with_files = Url::local({language, "registrations", view.registration.receipt.token, "files"});
    bool const has_files = asks_for_files(*view.event);
    html.add(Tag::details, {attr::cls("change"), attr::id("change"), attr::open(!form.errors.empty())}, [&] {
        html.add(Tag::summary, message(language, "own.change"));
        html.add(Tag::form,
                 {attr::cls("form"), attr::method("post"), attr::action(has_files ? with_files : own),
                  attr::when(has_files, attr::enctype("multipart/form-data"))},
                 [&] {
                     html::add_error_summary(html, form, [&](std::string_view field) {
                         return label_of(language, *view.event, field);
                     });
                     html::add_hidden(html, "action", "change");
                     html::add_input(html, form, name_field(language));
                     html::add_input(html, form, other_script_field(language));
                     html::add_input(html, form, organisation_field(language));
                     add_attendance(html, form, *view.event);
                     add_participant_type(html, form, *view.event);
                     add_questions(html, form, *view.event);
                     add_language_choice(html, form);
                     html.add(Tag::button, {attr::type("submit")}, message(language, "own.save"));
                 });
    });
}

void add_way(Html& html, Url const& where, std::string_view words)
{
    html.add(Tag::li,
             [&] { html.add(Tag::a, {attr::cls("button button-quiet"), attr::href(where)}, words); });
}

}

Url own_url(std::string_view language, Registration const& registration)
{
    return Url::local({language, "registrations", registration.receipt.token});
}

bool is_alive(Registration const& registration)
{
    auto const& status = registration.receipt.status;
    return status == "confirmed" || status == "waitlisted" || status == "pending" || status == "offered";
}

bool is_over(OwnView const& view)
{
    return view.event && view.event->span.ends.at <= view.in.now;
}

void add_ways_out(Html& html, OwnView const& view)
{
    auto const& language = view.in.language;
    auto const own = own_url(language, view.registration);
    bool const can_act = is_alive(view.registration) && !is_over(view);
    html.add(Tag::section, {attr::cls("own-ways"), attr::aria("labelledby", "more-title")}, [&] {
        html.add(Tag::h2, {attr::id("more-title")}, message(language, "own.more"));
        if (can_act && view.event)
            add_change_form(html, view);
        html.add(Tag::ul, {attr::cls("ways")}, [&] {
            if (can_act) {
                add_way(html, own.with("confirm", "transfer"), message(language, "own.transfer"));
                add_way(html, own.with("confirm", "cancel"), message(language, "own.cancel"));
            }
            add_way(html,
                    Url::local({language, "registrations", view.registration.receipt.token, "calendar"}),
                    message(language, "own.calendar.title"));
            add_way(html,
                    Url::local({"api", "v1", "registrations", view.registration.receipt.token, "export"}),
                    message(language, "own.export"));
            add_way(html, own.with("confirm", "erase"), message(language, "own.erase"));
        });
    });
}

html::Head own_head(OwnView const& view, std::string const& step)
{
    html::Head head;
    head.title = step;
    if (view.event)
        head.title =
            message(view.in.language, "site.step_title",
                    {{"step", step}, {"event", html::shown(view.event->title, view.in.language).words}});
    head.is_error = !view.change.errors.empty() || !view.notes.empty();
    head.is_listed = false;
    head.path = Url::local({"registrations", view.registration.receipt.token});
    if (view.event && view.event->project)
        head.funding.push_back(events::funding_of(*view.event));
    return head;
}

std::vector<html::Attr> own_main(OwnView const& view)
{
    return {attr::data("own-registration"), attr::data("event", view.registration.receipt.event),
            attr::data("version", view.registration.version),
            attr::data("status", view.registration.receipt.status),
            attr::data("position", view.registration.receipt.position.value_or(0))};
}

}
