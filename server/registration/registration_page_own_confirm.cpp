// Pages that ask before something is done that cannot be undone: cancelling, handing on, erasing.
#include "base/messages.h"
#include "registration/registration_page_own_parts.h"

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

// A title, what will happen, a form with what `fields` writes and one button, and the way back.
struct Question
{
    char const* title;
    char const* detail;
    char const* button;
    char const* no;
    std::string_view action;
    bool is_danger = true;
};

template <class Fields>
std::string render_question(OwnView const& view, Question const& question, Fields const& fields)
{
    auto const& language = view.in.language;
    auto const title = message(language, question.title);
    return html::page(view.in, own_head(view, title), own_main(view), [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow")}, [&] {
            html.add(Tag::h1, title);
            if (view.event)
                add_words(html, Tag::p, view.event->title, language);
            for (auto const& note : view.notes)
                html.add(Tag::p, {attr::cls("notice notice-warning"), attr::role("alert")}, note);
            html.add(Tag::p, {attr::cls("lead")}, message(language, question.detail));
            html.add(
                Tag::form,
                {attr::cls("form"), attr::method("post"), attr::action(own_url(language, view.registration))},
                [&] {
                    html::add_hidden(html, "action", question.action);
                    fields(html);
                    html.add(Tag::button,
                             {attr::type("submit"), attr::cls(question.is_danger ? "button-danger" : "")},
                             message(language, question.button));
                });
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(own_url(language, view.registration))},
                         message(language, question.no));
            });
        });
    });
}

std::string label_of_transfer(std::string_view language, std::string_view field)
{
    if (field == "name")
        return message(language, "own.transfer_name");
    if (field == "email")
        return message(language, "own.transfer_email");
    if (field == "organisation")
        return message(language, "form.organisation");
    return field == "language" ? message(language, "form.language") : std::string();
}

void add_transfer_fields(Html& html, html::FormState const& form)
{
    auto const& language = form.language;
    html::add_error_summary(html, form,
                            [&](std::string_view field) { return label_of_transfer(language, field); });
    html::Field name;
    name.name = "name";
    name.label = message(language, "own.transfer_name");
    name.required = true;
    name.maxlength = 200;
    name.autocomplete = "off"; // somebody else's
    name.missing = message(language, "field.name");
    html::add_input(html, form, name);
    html::Field email;
    email.name = "email";
    email.label = message(language, "own.transfer_email");
    email.required = true;
    email.inputmode = "email";
    email.maxlength = 254;
    email.autocomplete = "off";
    email.missing = message(language, "field.email");
    html::add_input(html, form, email);
    html::add_input(html, form, organisation_field(language));
    add_language_choice(html, form);
}

}

std::string render_cancel_page(OwnView const& view)
{
    return render_question(
        view, {"own.cancel_title", "own.cancel_detail", "own.cancel_yes", "own.cancel_no", "cancel"},
        [&](Html& html) {
            html::Field reason;
            reason.name = "reason";
            reason.label = message(view.in.language, "own.reason");
            reason.hint = message(view.in.language, "own.reason_hint");
            reason.maxlength = 500;
            html::add_textarea(html, view.change, reason);
        });
}

std::string render_transfer_page(OwnView const& view)
{
    return render_question(
        view,
        {"own.transfer_title", "own.transfer_detail", "own.transfer_yes", "own.back", "transfer", false},
        [&](Html& html) { add_transfer_fields(html, view.change); });
}

std::string render_erase_page(OwnView const& view)
{
    return render_question(view,
                           {"own.erase_title", "own.erase_detail", "own.erase_yes", "own.cancel_no", "erase"},
                           [](Html&) {});
}

}
