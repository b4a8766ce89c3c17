#include "mail/compose.h"

#include "base/code.h"
#include "base/messages.h"
#include "base/unicode.h"
#include "mail/change_facts.h"
#include "mail/event_facts.h"
#include "mail/invitation.h"
#include "mail/letter.h"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace kutsu::mail
{
namespace
{

namespace json = boost::json;

struct Kind
{
    std::string_view name; // also the messages: mail.<name>.subject, mail.<name>.lead
    std::string_view action;
    bool about_event;
    bool calendar;
};

constexpr auto all_kinds = std::to_array<Kind>({
    {"confirmed", "registration", true, true},
    {"waitlisted", "registration", true, false},
    {"pending", "registration", true, false},
    {"offered", "offer", true, false},
    {"offer_expiring", "offer", true, false},
    {"offer_expired", "registration", true, false},
    {"reminder", "registration", true, true},
    {"promoted", "registration", true, true},
    {"session_seat", "registration", true, true},
    {"changed", "registration", true, true},
    {"cancelled", "registration", true, false},
    {"event_changed", "registration", true, true},
    {"event_cancelled", "registration", true, false},
    {"already_registered", "registration", true, false},
    {"transferred_to", "registration", true, true},
    {"transferred_from", "event", true, false},
    {"transfer_refused", "registration", true, false},
    {"transfer_void", "registration", true, false},
    {"erased", "event", true, false},
    {"approved", "registration", true, true},
    {"declined", "registration", true, false},
    {"cancelled_by_organiser", "registration", true, false},
    {"invitation", "invitation", true, true},
    {"invitation_reminder", "invitation", true, true},
    {"allotment", "allotment", true, false},
    {"organiser_message", "registration", true, false},
    {"lost_link", "lost_link", false, false},
    {"sign_in_link", "sign_in", false, false},
    {"calendar_link", "calendar", false, false},
});

Kind const& kind_named(std::string_view name)
{
    auto const* found = std::ranges::find(all_kinds, name, &Kind::name);
    if (found == all_kinds.end())
        throw std::invalid_argument("a mail of an unknown kind");
    return *found;
}

std::string text_in(json::object const& params, std::string_view name)
{
    auto const* value = params.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<std::int64_t> number_in(json::object const& params, std::string_view name)
{
    auto const* value = params.if_contains(name);
    if (!value || !value->is_number())
        return std::nullopt;
    boost::system::error_code error;
    auto const number = value->to_number<std::int64_t>(error);
    return error ? std::nullopt : std::optional(number);
}

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

// Whoever fills in a form can have us write to any address; what they call themselves must not become an
// advertisement with a link in it. Mail programs make links of "www.…", of "x.com" and of whatever holds a
// slash or an @.
bool could_be_a_link(std::string_view name)
{
    if (name.find_first_of("/@:\\") != std::string_view::npos)
        return true;
    for (std::size_t i = 2; i + 2 < name.size(); ++i) {
        if (name[i] == '.' && is_letter(name[i - 1]) && is_letter(name[i - 2]) && is_letter(name[i + 1]) &&
            is_letter(name[i + 2]))
            return true;
    }
    return false;
}

std::string greeting(std::string_view language, json::object const& params)
{
    auto const name = tidy_line(text_in(params, "name"));
    if (name.empty() || count_characters(name) > 100 || could_be_a_link(name))
        return message(language, "mail.greeting_plain");
    return message(language, "mail.greeting", {{"name", name}});
}

struct Writing
{
    OutboxRow const& row;
    Kind const& kind;
    events::Event const* event;
    Site const& site;
    Keys const& keys;
    std::string language;
};

std::string page(Writing const& w, std::string_view path)
{
    return fmt::format("{}/{}", w.site.base_url, path);
}

// As the tables hold only its hash.
std::string code_in(Writing const& w)
{
    return typed_code(w.keys.registration, "invitation " + text_in(w.row.params, "invitation"));
}

Link action(Writing const& w)
{
    auto const submission = text_in(w.row.params, "submission_id");
    if (w.kind.action == "sign_in")
        return {message(w.language, "mail.action.sign_in"),
                page(w, fmt::format("app/sign-in/{}", text_in(w.row.params, "token")))};
    if (w.kind.action == "calendar")
        return {message(w.language, "mail.action.personal_calendar"),
                page(w, fmt::format("calendar/personal/{}.ics",
                                    registration_token(w.keys.registration,
                                                       "calendar " + text_in(w.row.params, "calendar"))))};
    if (w.kind.action == "invitation")
        return {message(w.language, "mail.action.invitation"),
                page(w, fmt::format("{}/events/{}?invitation={}", w.language, w.event->slug, code_in(w)))};
    if (w.kind.action == "allotment")
        return {message(w.language, "mail.action.allotment"),
                page(w, fmt::format("{}/allotments/{}", w.language,
                                    registration_token(w.keys.registration,
                                                       "allotment " + text_in(w.row.params, "allotment"))))};
    if (submission.empty() || w.kind.action == "event")
        return {message(w.language, "mail.action.event"),
                page(w, fmt::format("{}/events/{}", w.language, w.event->slug))};
    auto const token = registration_token(w.keys.registration, submission);
    return {message(w.language, fmt::format("mail.action.{}", w.kind.action)),
            page(w, fmt::format("{}/registrations/{}", w.language, token))};
}

// One link a registration, under the title of its event.
std::vector<Link> lost_links(Writing const& w)
{
    std::vector<Link> all;
    auto const* list = w.row.params.if_contains("registrations");
    for (auto const& each : list && list->is_array() ? list->as_array() : json::array{}) {
        auto const* title = each.as_object().if_contains("title");
        auto const token =
            registration_token(w.keys.registration, text_in(each.as_object(), "submission_id"));
        auto const words = title ? text_fact({}, text_from_stored(*title), w.language).value : std::string();
        all.push_back({words.empty() ? message(w.language, "mail.action.registration") : tidy_line(words),
                       page(w, fmt::format("{}/registrations/{}", w.language, token))});
    }
    return all;
}

std::vector<Link> links(Writing const& w)
{
    if (w.kind.action == "lost_link")
        return lost_links(w);
    std::vector<Link> all{action(w)};
    if (w.kind.calendar)
        all.push_back({message(w.language, "mail.action.calendar"),
                       page(w, fmt::format("calendar/events/{}.ics?lang={}", w.event->slug, w.language))});
    return all;
}

std::vector<Fact> session_facts(Writing const& w)
{
    std::vector<Fact> facts;
    auto const* chosen = w.row.params.if_contains("sessions");
    for (auto const& each : chosen && chosen->is_array() ? chosen->as_array() : json::array{}) {
        if (!each.is_object())
            continue;
        auto const id = text_in(each.as_object(), "id");
        auto const key = fmt::format("mail.session.{}", text_in(each.as_object(), "status"));
        auto const session = std::ranges::find(w.event->sessions, id, &events::Session::id);
        auto const* title = session == w.event->sessions.end() ? nullptr : session->title.best(w.language);
        if (title && has_message(w.language, key))
            facts.push_back({message(w.language, "mail.label.session"),
                             message(w.language, key, {{"session", title->text}}), title->language});
    }
    return facts;
}

void add_until(Writing const& w, std::vector<Fact>& facts, std::string_view param, char const* label)
{
    auto const until = number_in(w.row.params, param);
    if (!until)
        return;
    auto const& zone = w.event->span.starts.time_zone;
    events::Moment const moment{to_local(from_ms(*until), zone), zone, from_ms(*until)};
    facts.push_back(
        {message(w.language, label), moment_words(moment, w.event->other_time_zones, w.language), {}});
}

// What is special to this mail stands above what is true of the event anyway.
std::vector<Fact> own_facts(Writing const& w)
{
    std::vector<Fact> facts;
    auto const position = number_in(w.row.params, "position");
    if (position && w.kind.name == "waitlisted")
        facts.push_back({message(w.language, "mail.label.position"),
                         message(w.language, "mail.position", {{"position", *position}}),
                         {}});
    if (w.kind.action == "offer")
        add_until(w, facts, "offer_expires_at_ms", "mail.label.offer_until");
    if (w.kind.action == "invitation") {
        facts.push_back({message(w.language, "mail.label.code"), code_in(w), {}});
        add_until(w, facts, "expires_at_ms", "mail.label.valid_until");
    }
    if (w.kind.action == "allotment") {
        facts.push_back({message(w.language, "mail.label.organisation"),
                         tidy_line(text_in(w.row.params, "organisation")),
                         {}});
        facts.push_back(
            {message(w.language, "mail.label.seats"),
             message(w.language, "mail.seats", {{"seats", number_in(w.row.params, "seats").value_or(0)}}),
             {}});
        add_until(w, facts, "until_ms", "mail.label.fill_until");
    }
    auto const said = tidy_line(text_in(w.row.params, "reason"));
    auto const label = message(w.language, "mail.label.reason");
    if (w.kind.name == "event_cancelled" && said.empty())
        facts.push_back(text_fact(label, w.event->cancel_reason, w.language));
    else
        facts.push_back({label, said, {}});
    std::erase_if(facts, [](Fact const& fact) { return fact.value.empty(); });
    return facts;
}

std::vector<Fact> facts(Writing const& w)
{
    auto all = own_facts(w);
    for (auto&& part : {change_facts(w.row.params, w.language), when_facts(*w.event, w.language),
                        where_facts(*w.event, w.language), session_facts(w)})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

// From the day the letter was written to the day the event begins, on the event's wall.
std::int64_t days_until(Writing const& w)
{
    auto const& starts = w.event->span.starts;
    auto const written = date::floor<date::days>(to_local(w.row.created_at, starts.time_zone));
    return std::max<std::int64_t>(0, (date::floor<date::days>(starts.local) - written).count());
}

// What organisers have written themselves; paragraphs are parted by empty lines.
void put_own_words(Letter& letter, json::object const& params)
{
    auto const body = text_in(params, "body");
    if (body.empty())
        return;
    letter.subject = tidy_line(text_in(params, "subject"));
    letter.paragraphs.clear();
    for (std::size_t at = 0; at < body.size();) {
        auto const end = std::min(body.find("\n\n", at), body.size());
        if (auto paragraph = tidy_text(body.substr(at, end - at)); !paragraph.empty())
            letter.paragraphs.push_back(std::move(paragraph));
        at = end + 2;
    }
}

Letter letter(Writing const& w)
{
    Letter letter;
    letter.language = w.language;
    letter.greeting = greeting(w.language, w.row.params);
    Arguments arguments{{"minutes", number_in(w.row.params, "minutes").value_or(30)}};
    if (w.event) {
        letter.heading = text_fact({}, w.event->title, w.language);
        arguments.push_back({"event", tidy_line(letter.heading->value)});
        arguments.push_back({"days", days_until(w)});
        letter.facts = facts(w);
    }
    letter.subject = message(w.language, fmt::format("mail.{}.subject", w.kind.name), arguments);
    letter.paragraphs = {message(w.language, fmt::format("mail.{}.lead", w.kind.name), arguments)};
    if (w.kind.name == "organiser_message")
        put_own_words(letter, w.row.params);
    letter.links = links(w);
    letter.footer = message(w.language, "mail.footer");
    return letter;
}

}

std::vector<std::string_view> kinds()
{
    std::vector<std::string_view> names;
    for (auto const& kind : all_kinds)
        names.push_back(kind.name);
    return names;
}

Mail compose(OutboxRow const& row, events::Event const* event, Site const& site, Keys const& keys)
{
    auto const& kind = kind_named(row.kind);
    if (kind.about_event && !event)
        throw std::invalid_argument("a mail about an event without the event");
    auto const language = is_language(row.language) ? row.language : site.default_language;
    auto const words = letter({row, kind, kind.about_event ? event : nullptr, site, keys, language});

    Mail mail;
    mail.from = {event && event->project ? tidy_line(event->project->acronym) : std::string(),
                 site.mail_from};
    mail.to = {{}, row.recipient};
    mail.subject = words.subject;
    mail.text = as_text(words);
    mail.html = as_html(words);
    mail.language = language;
    mail.dedupe_key = row.dedupe_key;
    mail.message_id = message_id_of(row.dedupe_key, site.uid_host);
    mail.date = row.created_at;
    if (kind.about_event)
        mail.calendar = calendar_part(row, *event, site, language);
    return mail;
}

}
