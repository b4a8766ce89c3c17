// The organisers' page of a form, written out: preview, gaps in translations, settings, questions, versions.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "registration/form_definition.h"
#include "registration/form_page_parts.h"
#include "registration/registration_pages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

using events::Question;
using html::attr;
using html::Field;
using html::Html;
using html::Option;
using html::Tag;
using html::Url;

constexpr std::array<char const*, 12> types = {"text",         "long_text", "number", "choice",
                                               "multi_choice", "boolean",   "date",   "country",
                                               "email",        "phone",     "file",   "consent"};

class Writer
{
public:
    Writer(Html& html, FormPage const& page) : html_(html), page_(page), language_(page.in.language) {}

    void write()
    {
        add_top();
        if (page_.old)
            return add_old_version();
        if (page_.question)
            add_question_form();
        add_gaps();
        add_questions_list();
        add_settings_form();
        add_preview();
        add_versions();
    }

private:
    std::string words(std::string_view key, Arguments const& arguments = {}) const
    {
        return message(language_, fmt::format("form_page.{}", key), arguments);
    }

    Url here() const { return Url::local({"app", "events", page_.event->slug, "form"}); }

    void add_link(Url const& url, std::string const& text) { html_.add(Tag::a, {attr::href(url)}, text); }

    void add_top()
    {
        html_.add(Tag::p,
                  [&] { add_link(Url::local({"app", "events", page_.event->slug}), words("to_people")); });
        html_.add(Tag::h1, words("title", {{"event", html::shown(page_.event->title, language_).words}}));
        if (!page_.done.empty() && has_message(language_, "form_page.done." + page_.done))
            html_.add(Tag::p, {attr::cls("notice notice-done"), attr::role("status")},
                      words("done." + page_.done));
        for (auto const& note : page_.notes)
            html_.add(Tag::p, {attr::cls("notice notice-warning"), attr::role("alert")}, note);
        if (page_.form.version == 0)
            html_.add(Tag::p, words("none"));
        else
            html_.add(Tag::p, words("version", {{"version", page_.form.version}}));
    }

    // ── Gaps ──

    void add_gaps()
    {
        auto const gaps = untranslated(page_.form, languages());
        if (page_.form.questions.empty())
            return;
        html_.add(Tag::section, {attr::aria("labelledby", "gaps-title")}, [&] {
            html_.add(Tag::h2, {attr::id("gaps-title")}, words("gaps"));
            if (gaps.empty())
                html_.add(Tag::p, words("complete"));
            else
                html_.add(Tag::ul, [&] {
                    for (auto const& gap : gaps)
                        html_.add(Tag::li,
                                  words("gap", {{"question", gap.key}, {"languages", names_of(gap)}}));
                });
        });
    }

    std::string names_of(Untranslated const& gap) const
    {
        std::string list;
        for (auto const& each : gap.languages)
            list += (list.empty() ? "" : ", ") + language_name(language_, each);
        return list;
    }

    // ── Questions ──

    void add_action(std::string_view action, Question const& question, std::string_view direction,
                    std::string const& label, bool with_archive)
    {
        html_.add(Tag::form, {attr::cls("inline"), attr::method("post"), attr::action(here())}, [&] {
            html::add_hidden(html_, "action", action);
            html::add_hidden(html_, "version", std::to_string(page_.form.version));
            html::add_hidden(html_, "key", question.key);
            if (!direction.empty())
                html::add_hidden(html_, "direction", direction);
            if (with_archive)
                html::add_hidden(html_, "archive", "true");
            html_.add(
                Tag::button,
                {attr::type("submit"), attr::cls("button-quiet"),
                 attr::aria("label", words("of_question", {{"action", label}, {"question", question.key}}))},
                label);
        });
    }

    void add_question_item(Question const& question)
    {
        html_.add(Tag::li, [&] {
            html_.add(Tag::p, [&] {
                html::add_words(html_, Tag::strong, question.label, language_);
                html_.text(" ");
                html_.add(Tag::span, {attr::cls("tag")}, words("type." + question.type));
                for (auto const& [is_on, key] :
                     {std::pair{question.required, "required"}, std::pair{question.step == 2, "later"},
                      std::pair{question.special_category, "special"}}) {
                    if (is_on) {
                        html_.text(" ");
                        html_.add(Tag::span, {attr::cls("tag")}, words(key));
                    }
                }
            });
            html_.add(Tag::p, [&] {
                html_.add(Tag::a,
                          {attr::href(here().with("edit", question.key)),
                           attr::aria("label", words("of_question", {{"action", words("edit")},
                                                                     {"question", question.key}}))},
                          words("edit"));
            });
            add_action("move", question, "up", words("up"), false);
            add_action("move", question, "down", words("down"), false);
            add_action("remove", question, "", words("remove"), true);
        });
    }

    void add_questions_list()
    {
        html_.add(Tag::section, {attr::aria("labelledby", "questions-title")}, [&] {
            html_.add(Tag::h2, {attr::id("questions-title")}, words("questions"));
            if (page_.form.questions.empty())
                html_.add(Tag::p, words("no_questions"));
            else
                html_.add(Tag::ol, {attr::cls("form-questions")}, [&] {
                    for (auto const& question : page_.form.questions)
                        add_question_item(question);
                });
            html_.add(Tag::p, {attr::cls("hint")}, words("remove_hint"));
            html_.add(Tag::p, [&] {
                html_.add(Tag::a, {attr::cls("button"), attr::href(here().with("edit", ""))}, words("add"));
            });
            add_archived();
        });
    }

    void add_archived()
    {
        if (page_.form.archived.empty())
            return;
        html_.add(Tag::h3, words("archived"));
        html_.add(Tag::ul, [&] {
            for (auto const& question : page_.form.archived)
                html_.add(Tag::li, [&] { html::add_words(html_, question.label, language_); });
        });
    }

    // ── The form of one question ──

    Field field(std::string_view name, bool required = false) const
    {
        Field made;
        made.name = name;
        made.label = words("field." + std::string(name));
        made.required = required;
        if (required)
            made.missing = message(language_, "field.missing");
        if (auto const hint = fmt::format("form_page.hint.{}", name); has_message(language_, hint))
            made.hint = message(language_, hint);
        return made;
    }

    void add_words_fields(html::FormState const& state, std::string_view name, bool is_long)
    {
        for (auto const& each : languages()) {
            auto made = field(name);
            made.name = fmt::format("{}.{}", name, each);
            made.label =
                words("field." + std::string(name) + "_in", {{"language", language_name(language_, each)}});
            if (is_long)
                html::add_textarea(html_, state, made);
            else
                html::add_input(html_, state, made);
        }
    }

    void add_choice(html::FormState const& state, std::string_view name,
                    std::vector<std::string> const& values, std::string_view group)
    {
        std::vector<Option> options;
        for (auto const& value : values)
            options.push_back({value, words(fmt::format("{}.{}", group, value)), {}, {}, false});
        html::add_select(html_, state, field(name, true), options);
    }

    void add_condition(html::FormState const& state)
    {
        std::vector<Option> options = {{"", words("always"), {}, {}, false}};
        for (auto const& question : page_.form.questions) {
            if (question.key == page_.editing)
                continue;
            auto const label = html::shown(question.label, language_);
            options.push_back({question.key, label.words, label.other_language, {}, false});
        }
        html::add_select(html_, state, field("visible_if"), options);
        html::add_input(html_, state, field("visible_if_in"));
    }

    void add_question_fields(html::FormState const& state)
    {
        html::add_input(html_, state, field("key", true));
        add_choice(state, "type", {types.begin(), types.end()}, "type");
        add_words_fields(state, "label", false);
        add_words_fields(state, "help", true);
        html::add_textarea(html_, state, field("options"));
        html::add_checkbox(html_, state, field("required"));
        add_choice(state, "step", {"1", "2"}, "step");
        add_condition(state);
        for (auto const* name : {"min", "max"})
            html::add_input(html_, state, field(name));
        html::add_checkbox(html_, state, field("special_category"));
        html::add_input(html_, state, field("purpose"));
        auto days = field("retention_days");
        days.inputmode = "numeric";
        html::add_input(html_, state, days);
    }

    void add_question_form()
    {
        auto const& state = *page_.question;
        html_.add(Tag::section, {attr::aria("labelledby", "question-title"), attr::id("question")}, [&] {
            html_.add(Tag::h2, {attr::id("question-title")},
                      page_.editing.empty() ? words("add") : words("change"));
            html_.add(Tag::form, {attr::cls("form"), attr::method("post"), attr::action(here())}, [&] {
                add_summary(state);
                html::add_hidden(html_, "action", "question");
                html::add_hidden(html_, "version", std::to_string(page_.form.version));
                html::add_hidden(html_, "before", page_.editing);
                add_question_fields(state);
                html_.add(Tag::button, {attr::type("submit")}, words("save"));
                html_.add(Tag::p, [&] { add_link(here(), words("leave")); });
            });
        });
    }

    void add_summary(html::FormState const& state)
    {
        html::add_error_summary(html_, state, [&](std::string_view name) {
            auto const key = fmt::format("form_page.field.{}", name.substr(0, name.find('.')));
            return has_message(language_, key) ? message(language_, key) : std::string();
        });
    }

    // ── Settings ──

    void add_settings_form()
    {
        auto const& state = page_.settings;
        html_.add(Tag::section, {attr::aria("labelledby", "settings-title")}, [&] {
            html_.add(Tag::h2, {attr::id("settings-title")}, words("settings"));
            html_.add(Tag::form, {attr::cls("form"), attr::method("post"), attr::action(here())}, [&] {
                if (!state.errors.empty())
                    add_summary(state);
                html::add_hidden(html_, "action", "settings");
                html::add_hidden(html_, "version", std::to_string(page_.form.version));
                for (auto const* name : {"opens", "closes", "time_zone"})
                    html::add_input(html_, state, field(name));
                add_choice(state, "admission", {"open", "approval", "invitation"}, "admission");
                html::add_checkbox(html_, state, field("waitlist"));
                auto hours = field("offer_hours");
                hours.inputmode = "numeric";
                html::add_input(html_, state, hours);
                html::add_checkbox(html_, state, field("offer_working_hours"));
                add_choice(state, "group_policy", {"hold", "skip"}, "group_policy");
                add_choice(state, "session_overlap", {"refuse", "warn"}, "session_overlap");
                for (auto const* name : {"hybrid", "reminders", "reapprove_on_edit"})
                    html::add_checkbox(html_, state, field(name));
                html::add_textarea(html_, state, field("pools"));
                html_.add(Tag::button, {attr::type("submit")}, words("save_settings"));
            });
        });
    }

    // ── The form as guests see it ──

    void add_preview()
    {
        if (page_.form.questions.empty())
            return;
        html_.add(Tag::section, {attr::aria("labelledby", "preview-title"), attr::id("preview")}, [&] {
            html_.add(Tag::h2, {attr::id("preview-title")}, words("preview"));
            html_.add(Tag::p, {attr::cls("actions")}, [&] {
                for (auto const& each : languages())
                    html_.add(Tag::a,
                              {attr::href(here().with("preview", each)), attr::lang(each),
                               attr::when(each == page_.preview, attr::aria("current", "true"))},
                              language_name(each, each) + " ");
            });
            auto event = *page_.event;
            event.form = page_.form;
            html_.add(Tag::div, {attr::cls("form form-preview"), attr::lang(page_.preview)}, [&] {
                html::FormState const state{page_.preview, {}, {}};
                for (auto const& question : page_.form.questions)
                    add_one_question(html_, state, event, question);
            });
        });
    }

    // ── Versions ──

    void add_versions()
    {
        if (page_.versions.empty())
            return;
        html_.add(Tag::section, {attr::aria("labelledby", "versions-title")}, [&] {
            html_.add(Tag::h2, {attr::id("versions-title")}, words("versions"));
            html_.add(Tag::ul, [&] {
                for (auto const& version : page_.versions)
                    html_.add(Tag::li, [&] { add_version(version); });
            });
        });
    }

    void add_version(store::FormVersion const& version)
    {
        auto const at = to_local(version.at, page_.event->span.starts.time_zone);
        add_link(here().with("version", std::to_string(version.version)),
                 words("version_of", {{"version", version.version},
                                      {"date", format_date_short(language_, at)},
                                      {"time", format_time(language_, at)}}));
    }

    void add_old_version()
    {
        auto const& old = *page_.old;
        html_.add(Tag::h2, words("version", {{"version", old.at("version").as_int64()}}));
        html_.add(Tag::ol, [&] {
            for (auto const& question : old.at("questions").as_array()) {
                auto const label = text_from_plain(question.at("label").as_object());
                html_.add(Tag::li, [&] {
                    html::add_words(html_, Tag::strong, label, language_);
                    html_.text(" ");
                    html_.add(Tag::span, {attr::cls("tag")},
                              words("type." + std::string(question.at("type").as_string())));
                });
            }
        });
        html_.add(Tag::p, [&] { add_link(here(), words("leave")); });
    }

    Html& html_;
    FormPage const& page_;
    std::string const& language_;
};

}

void add_form_page(Html& html, FormPage const& page)
{
    Writer(html, page).write();
}

std::vector<Untranslated> untranslated(events::RegistrationForm const& form,
                                       std::vector<std::string> const& languages)
{
    std::vector<Untranslated> gaps;
    for (auto const& question : form.questions) {
        Untranslated gap{question.key, {}};
        for (auto const& language : languages) {
            bool const complete = question.label.in(language) &&
                                  (question.help.empty() || question.help.in(language)) &&
                                  std::ranges::all_of(question.options, [&](auto const& option) {
                                      return option.label.in(language).has_value();
                                  });
            if (!complete)
                gap.languages.push_back(language);
        }
        if (!gap.languages.empty())
            gaps.push_back(std::move(gap));
    }
    return gaps;
}

}
