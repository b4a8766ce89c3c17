// Changing and cancelling one's own registration, and the head that its pages have in common.
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

bool is_over(OwnView const& view)
{
    return view.event && view.event->span.ends.at <= view.in.now;
}

void add_change_form(Html& html, OwnView const& view)
{
    auto const& form = view.change;
    auto const& language = view.in.language;
    html.add(Tag::details, {attr::cls("change"), attr::id("change"), attr::open(!form.errors.empty())}, [&] {
        html.add(Tag::summary, message(language, "own.change"));
        html.add(
            Tag::form,
            {attr::cls("form"), attr::method("post"), attr::action(own_url(language, view.registration))},
            [&] {
                html::add_error_summary(html, form, [&](std::string_view field) {
                    return label_of(language, *view.event, field);
                });
                html::add_hidden(html, "action", "change");
                html::add_input(html, form, name_field(language));
                html::add_input(html, form, other_script_field(language));
                html::add_input(html, form, organisation_field(language));
                add_session_choices(html, form, *view.event);
                add_questions(html, form, *view.event);
                add_language_choice(html, form);
                html.add(Tag::button, {attr::type("submit")}, message(language, "own.save"));
            });
    });
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

void add_ways_out(Html& html, OwnView const& view)
{
    if (!is_alive(view.registration) || is_over(view))
        return;
    if (view.event)
        add_change_form(html, view);
    html.add(Tag::p, [&] {
        html.add(Tag::a,
                 {attr::cls("button button-quiet"),
                  attr::href(own_url(view.in.language, view.registration).with("confirm", "cancel"))},
                 message(view.in.language, "own.cancel"));
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
            attr::data("status", view.registration.receipt.status)};
}

std::string render_cancel_page(OwnView const& view)
{
    auto const& language = view.in.language;
    auto const title = message(language, "own.cancel_title");
    return html::page(view.in, own_head(view, title), own_main(view), [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            html.add(Tag::h1, title);
            if (view.event)
                add_words(html, Tag::p, view.event->title, language);
            html.add(Tag::p, {attr::cls("lead")}, message(language, "own.cancel_detail"));
            html.add(Tag::form, {attr::method("post"), attr::action(own_url(language, view.registration))},
                     [&] {
                         html::add_hidden(html, "action", "cancel");
                         html.add(Tag::button, {attr::type("submit"), attr::cls("button-danger")},
                                  message(language, "own.cancel_yes"));
                     });
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(own_url(language, view.registration))},
                         message(language, "own.cancel_no"));
            });
        });
    });
}

}
