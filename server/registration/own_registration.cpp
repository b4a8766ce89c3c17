#include "registration/own_registration.h"

#include "base/local_time.h"
#include "base/text.h"
#include "base/unicode.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace kutsu::registration
{
namespace
{

void move_instant(json::object& object, std::string_view from, std::string_view to)
{
    auto const* ms = object.if_contains(from);
    if (!ms)
        return;
    json::value said = nullptr;
    if (ms->is_int64())
        said = format_utc(from_ms(ms->get_int64()));
    object.erase(from);
    object[to] = std::move(said);
}

// Words as the wire has them: {"fi": "…"}.
void say_plainly(json::object& object, std::string_view name)
{
    if (auto* stored = object.if_contains(name); stored && stored->is_object())
        *stored = to_plain(text_from_stored(*stored));
}

struct Happening
{
    std::int64_t ms;
    std::size_t order; // of those at the same instant
    json::object what;

    std::pair<std::int64_t, std::size_t> when() const { return {ms, order}; }
};

void add_happening(std::vector<Happening>& all, json::value const* ms, std::string_view what)
{
    if (ms && ms->is_int64())
        all.push_back({ms->get_int64(), all.size(), {{"what", what}}});
}

// Registered, handed on, mails, cancelled: in the order of time.
json::array timeline_of(json::object const& held)
{
    std::vector<Happening> all;
    add_happening(all, held.if_contains("created_at_ms"), "registered");
    for (auto const& at : held.at("handed_on_at_ms").as_array())
        add_happening(all, &at, "handed_on");
    for (auto const& mail : held.at("mails").as_array()) {
        auto const& object = mail.as_object();
        all.push_back({object.at("at_ms").to_number<std::int64_t>(),
                       all.size(),
                       {{"what", "mail"}, {"kind", object.at("kind")}}});
    }
    add_happening(all, held.if_contains("cancelled_at_ms"), "ended");
    std::ranges::sort(all, {}, &Happening::when);
    json::array timeline;
    for (auto& each : all) {
        each.what["at"] = format_utc(from_ms(each.ms));
        timeline.push_back(std::move(each.what));
    }
    return timeline;
}

}

Result<Transfer> decode_transfer(json::object const& object)
{
    // What a registration has too is read as there, so that both have the same rules and words.
    static constexpr std::array<std::string_view, 4> members = {"name", "email", "language", "organisation"};
    std::vector<FieldError> errors;
    json::object person;
    for (auto const& [key, value] : object) {
        if (std::ranges::find(members, std::string_view(key)) != members.end())
            person[key] = value;
        else if (key != "token") // beside them on the socket
            errors.push_back({key, "field.unknown", {}});
    }
    auto read = decode_submission(person, "", false, errors);
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    Transfer transfer{std::move(read.name), std::move(read.email), {}, std::move(read.organisation)};
    if (!read.language.empty())
        transfer.language = std::move(read.language);
    return transfer;
}

Result<LostLink> decode_lost_link(json::object const& object)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    LostLink lost{tidy_line(reader.required_text("email")), reader.text("event").value_or("")};
    if (errors.empty() && !is_email(lost.email))
        reader.fail("email", "field.email");
    if (lost.event.size() > 100)
        reader.fail("event", "field.too_long", {{"limit", std::int64_t{100}}});
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return lost;
}

Result<void> may_transfer(Registration const& registration, events::EventPtr const& event, Instant now)
{
    static constexpr std::array<std::string_view, 4> active = {"pending", "confirmed", "waitlisted",
                                                               "offered"};
    if (std::ranges::find(active, registration.receipt.status) == active.end())
        return refuse(ProblemName::conflict, "problem.already-ended.detail");
    if (!event || event->span.ends.at <= now || event->status == "cancelled")
        return refuse(ProblemName::closed, "problem.event-over.detail");
    return {};
}

Result<std::optional<std::string>> tidy_reason(std::string_view reason)
{
    constexpr std::int64_t limit = 500;
    auto line = tidy_line(reason);
    if (count_characters(line) > static_cast<std::size_t>(limit))
        return refuse_fields({{"reason", "field.too_long", {{"limit", limit}}}});
    return line.empty() ? std::nullopt : std::optional(std::move(line));
}

json::object export_of(json::object held, Instant now)
{
    say_plainly(held.at("event").as_object(), "title");
    for (auto& session : held.at("sessions").as_array())
        say_plainly(session.as_object(), "title");
    for (auto& answer : held.at("answers").as_array())
        say_plainly(answer.as_object(), "question");
    auto timeline = timeline_of(held);
    json::array mails;
    for (auto& mail : held.at("mails").as_array()) {
        auto object = mail.as_object();
        move_instant(object, "at_ms", "written_at");
        mails.push_back(std::move(object));
    }
    held["mails"] = std::move(mails);
    held.erase("handed_on_at_ms");
    held["timeline"] = std::move(timeline);
    move_instant(held, "created_at_ms", "created_at");
    move_instant(held, "changed_at_ms", "changed_at");
    move_instant(held, "cancelled_at_ms", "cancelled_at");
    move_instant(held.at("registration").as_object(), "offer_expires_at_ms", "offer_expires_at");
    held["format"] = "kutsu-own-data/1";
    held["exported_at"] = format_utc(now);
    return held;
}

}
