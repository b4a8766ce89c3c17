// The registration form (S3) and the pages that hold it alone.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"
#include "events/form_json.h"
#include "registration/registration_pages.h"

#include <boost/json.hpp>
#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

using events::Event;
using events::RegistrationState;
using html::attr;
using html::Field;
using html::FormState;
using html::Html;
using html::Tag;
using html::Url;

constexpr std::size_t rows_without_script = 3;
constexpr std::size_t most_companions = 9;

void add_email(Html& html, FormState const& form)
{
    Field field;
    field.name = "email";
    field.label = message(form.language, "form.email");
    field.hint = message(form.language, "form.email_hint");
    field.required = true;
    field.autocomplete = "email";
    field.inputmode = "email";
    // Not type=email: browsers refuse addresses in other scripts, which we take.
    field.maxlength = 254;
    field.missing = message(form.language, "field.email");
    field.invalid = field.missing;
    html::add_input(html, form, field);
}

void add_other_script(Html& html, FormState const& form)
{
    bool const used =
        form.values.has_any("name_other_script") || !form.errors_of("name_other_script").empty();
    html.add(Tag::details, {attr::data("appears-for", "cyrillic"), attr::open(used)}, [&] {
        html.add(Tag::summary, message(form.language, "form.other_script_summary"));
        html::add_input(html, form, other_script_field(form.language));
    });
}

void add_invitation(Html& html, FormState const& form, Event const& event)
{
    // Where organisers approve, a code is another way in, for those who have one.
    auto const& admission = event.form->admission;
    bool const has_one = form.values.has_any("invitation") || !form.errors_of("invitation").empty();
    if (admission != "invitation" && (admission != "approval" || !has_one))
        return;
    Field field;
    field.name = "invitation";
    field.label = message(form.language, "form.invitation");
    field.hint = message(form.language, "form.invitation_hint");
    field.required = admission == "invitation";
    field.autocomplete = "off";
    field.maxlength = 100;
    field.missing = message(form.language, "field.missing");
    html::add_input(html, form, field);
}

void add_companion(Html& html, FormState const& form, std::size_t row)
{
    html.add(Tag::fieldset, {attr::cls("companion"), attr::data("companion", static_cast<std::int64_t>(row))},
             [&] {
                 html.add(Tag::legend, message(form.language, "form.companion",
                                               {{"number", static_cast<std::int64_t>(row + 1)}}));
                 Field name;
                 name.name = fmt::format("companions.{}.name", row);
                 name.label = message(form.language, "form.name");
                 // Needed only in a row that is used, which the browser cannot know.
                 name.required = true;
                 name.native_required = false;
                 name.maxlength = 200;
                 name.missing = message(form.language, "field.name");
                 html::add_input(html, form, name);
                 Field email;
                 email.name = fmt::format("companions.{}.email", row);
                 email.label = message(form.language, "form.email");
                 email.inputmode = "email";
                 email.maxlength = 254;
                 email.invalid = message(form.language, "field.email");
                 html::add_input(html, form, email);
             });
}

// As many rows as were sent, at least three.
std::size_t companion_rows(FormState const& form)
{
    std::size_t rows = rows_without_script;
    for (std::size_t row = rows; row < most_companions; ++row) {
        if (form.values.has_any(fmt::format("companions.{}.name", row)) ||
            form.values.has_any(fmt::format("companions.{}.email", row)))
            rows = row + 1;
    }
    return rows;
}

void add_companions(Html& html, FormState const& form)
{
    bool const used = form.values.has_any("companions.0.name") || form.values.has_any("companions.0.email");
    html.add(Tag::details, {attr::cls("companions"), attr::data("companions"), attr::open(used)}, [&] {
        html.add(Tag::summary, message(form.language, "form.companions"));
        html.add(Tag::p, {attr::cls("hint")}, message(form.language, "form.companions_hint"));
        for (std::size_t row = 0; row < companion_rows(form); ++row)
            add_companion(html, form, row);
        html.add(
            Tag::button,
            {attr::type("button"), attr::cls("button-quiet"), attr::data("add-companion"), attr::hidden()},
            message(form.language, "form.add_companion"));
    });
}

// Programs fill every field; people do not see this one.
void add_trap(Html& html, std::string_view language)
{
    html.add(Tag::div, {attr::cls("trap"), attr::aria("hidden", "true")}, [&] {
        html.add(Tag::label, {attr::for_field("field-website")}, message(language, "form.trap"));
        html.add(Tag::input, {attr::type("text"), attr::id("field-website"), attr::name("website"),
                              attr::tabindex(-1), attr::autocomplete("off")});
    });
}

struct Outcome
{
    char const* button;
    char const* code;
};

Outcome outcome_of(Event const& event, Instant now)
{
    if (registration_state(event, now) == RegistrationState::waitlist)
        return {"register.join_queue", "waitlisted"};
    return event.form->admission == "approval" ? Outcome{"register.apply", "pending"}
                                               : Outcome{"register.submit", "confirmed"};
}

void add_submit(Html& html, FormView const& view)
{
    auto const& language = view.in.language;
    html.add(Tag::p, {attr::cls("privacy")}, message(language, "form.privacy"));
    html.add(Tag::button,
             {attr::type("submit"), attr::data("message-busy", message(language, "form.sending"))},
             message(language, outcome_of(view.event, view.in.now).button));
    html.add(Tag::p, {attr::cls("form-status"), attr::role("status"), attr::data("form-status")});
    html.add(Tag::p, {attr::cls("hint")}, message(language, "form.no_account"));
}

void add_form_fields(Html& html, FormView const& view)
{
    auto const& form = view.state;
    html::add_input(html, form, name_field(form.language));
    add_email(html, form);
    add_other_script(html, form);
    html::add_input(html, form, organisation_field(form.language));
    add_invitation(html, form, view.event);
    add_attendance(html, form, view.event);
    add_participant_type(html, form, view.event);
    add_session_choices(html, form, view.event);
    add_questions(html, form, view.event);
    add_companions(html, form);
    add_language_choice(html, form);
}

std::vector<html::Attr> form_attributes(FormView const& view)
{
    auto const& language = view.in.language;
    auto const action = Url::local({language, "events", view.event.slug, "registrations"});
    bool const has_files = asks_for_files(view.event);
    auto const with_files = Url::local({language, "events", view.event.slug, "registrations", "files"});
    auto const rules = view.event.form ? events::rules_json(*view.event.form) : json::array();
    return {attr::cls("form"),
            attr::method("post"),
            attr::action(has_files ? with_files : action),
            attr::when(has_files, attr::enctype("multipart/form-data")),
            attr::data("register"),
            attr::data("rules", json::serialize(rules)),
            attr::when(has_files && view.in.assets.file_limit > 0,
                       attr::data("file-limit", view.in.assets.file_limit)),
            attr::data("event", view.event.slug),
            attr::data("outcome", outcome_of(view.event, view.in.now).code),
            attr::data("message-offline", message(language, "form.offline")),
            attr::data("message-slow", message(language, "form.slow")),
            attr::data("message-sending", message(language, "form.sending")),
            attr::data("message-retry", message(language, "form.retry"))};
}

html::Head form_head(FormView const& view)
{
    auto head = events::event_head(view.in, view.event, message(view.in.language, "register.title"));
    head.path = Url::local({"events", view.event.slug, "registrations"});
    head.is_error = !view.state.errors.empty() || !view.notes.empty();
    head.is_listed = !head.is_error;
    return head;
}

void add_form_top(Html& html, FormView const& view)
{
    auto const& language = view.in.language;
    auto const title = html::shown(view.event.title, language);
    html::add_age_notice(html, view.in);
    events::add_banner(html, view.in, view.event);
    html.add(Tag::p, {attr::cls("eyebrow")}, [&] {
        html.add(Tag::a,
                 {attr::href(events::event_url(language, view.event)), attr::lang(title.other_language)},
                 title.words);
    });
    html.add(Tag::h1, message(language, "register.title"));
    events::add_facts(html, view.in, view.event);
}

}

html::SafeHtml render_form(FormView const& view)
{
    Html html(12 * 1024);
    html.add(Tag::form, form_attributes(view), [&] {
        html::add_error_summary(
            html, view.state,
            [&](std::string_view field) { return label_of(view.in.language, view.event, field); },
            view.notes);
        html::add_hidden(html, "submission_id", view.submission_id);
        html::add_hidden(html, "form_time", view.form_time);
        add_trap(html, view.in.language);
        add_form_fields(html, view);
        add_submit(html, view);
    });
    return std::move(html).piece();
}

std::string render_form_page(FormView const& view)
{
    auto head = form_head(view);
    head.loads_register = true;
    return html::page(view.in, head, events::event_main(view.event, view.in.now), [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            add_form_top(html, view);
            html.add(view.invitation);
            html.add(render_form(view));
        });
    });
}

std::string render_closed_page(FormView const& view)
{
    return html::page(view.in, form_head(view), events::event_main(view.event, view.in.now), [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            add_form_top(html, view);
            for (auto const& note : view.notes)
                html.add(Tag::p, {attr::cls("notice notice-warning"), attr::role("alert")}, note);
            events::add_registration_card(html, {view.in, view.event, {}});
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(events::event_url(view.in.language, view.event))},
                         message(view.in.language, "register.to_event"));
            });
        });
    });
}

}
