// My programme (S5): /LANG/registrations/TOKEN/programme. What is on now and what comes next, then the day in
// order: the chosen sessions and those that are open to everybody, each with its room and interpretation. Who
// has chosen nothing sees everything.
#include "base/messages.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"
#include "html/error_pages.h"
#include "registration/registration_commands.h"
#include "registration/registration_page_handlers.h"
#include "registration/registration_page_own_parts.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace kutsu::registration
{
namespace
{

using events::Session;
using html::attr;
using html::Html;
using html::Tag;

// A session of my programme; the standing only where one signs up for it.
struct Item
{
    Session const* session;
    std::optional<SessionChoice> choice;
};

std::vector<Item> items_of(OwnView const& view)
{
    auto const& chosen = view.registration.receipt.sessions;
    std::vector<Item> items;
    for (auto const& session : view.event->sessions) {
        auto const choice = std::ranges::find(chosen, session.id, &SessionChoice::id);
        bool const is_mine = choice != chosen.end();
        bool const is_public = session.status == "confirmed" || session.status == "cancelled";
        if (is_public && (is_mine || !session.sign_up || chosen.empty()))
            items.push_back({&session, is_mine ? std::optional(*choice) : std::nullopt});
    }
    return items;
}

void add_item(Html& html, OwnView const& view, Item const& item)
{
    auto const& language = view.in.language;
    auto const& session = *item.session;
    html.add(Tag::li, {attr::data("session", session.id)}, [&] {
        html.add(Tag::p, {attr::cls("session-time")},
                 [&] { events::add_times(html, language, session.span, view.event->other_time_zones); });
        html.add(Tag::p, [&] { add_words(html, Tag::strong, session.title, language); });
        html.add(Tag::p, {attr::cls("tags")}, [&] {
            if (session.room)
                add_words(html, Tag::span, session.room->name, language);
            if (!session.interpretation.empty())
                html.add(Tag::span, {attr::cls("tag")},
                         message(language, "session.interpretation",
                                 {{"languages", events::language_names(language, session.interpretation)}}));
            if (session.status == "cancelled")
                html.add(Tag::strong, {attr::cls("mark")}, message(language, "own.session_cancelled"));
            else if (item.choice)
                html.add(Tag::span, {attr::cls("tag")},
                         message(language, item.choice->status == "confirmed" ? "own.session_confirmed"
                                                                              : "own.session_waiting"));
        });
    });
}

void add_list(Html& html, OwnView const& view, std::string_view title, std::vector<Item> const& items)
{
    if (items.empty())
        return;
    html.add(Tag::section, [&] {
        html.add(Tag::h2, title);
        html.add(Tag::ul, {attr::cls("my-sessions")}, [&] {
            for (auto const& item : items)
                add_item(html, view, item);
        });
    });
}

// What is on, and everything that starts next at the same moment.
void add_now_and_next(Html& html, OwnView const& view, std::vector<Item> const& items)
{
    std::vector<Item> now;
    std::vector<Item> next;
    for (auto const& item : items) {
        auto const& [starts, ends] = item.session->span;
        if (item.session->status == "cancelled" || ends.at <= view.in.now)
            continue;
        if (starts.at <= view.in.now)
            now.push_back(item);
        else if (next.empty() || starts.at == next.front().session->span.starts.at)
            next.push_back(item);
        else if (starts.at < next.front().session->span.starts.at)
            next = {item};
    }
    add_list(html, view, message(view.in.language, "own.now"), now);
    add_list(html, view, message(view.in.language, "own.next"), next);
}

void add_days(Html& html, OwnView const& view, std::vector<Item> const& items)
{
    for (auto first = items.begin(); first != items.end();) {
        auto const day = date::floor<date::days>(first->session->span.starts.local);
        auto const last = std::find_if(first, items.end(), [&](Item const& item) {
            return date::floor<date::days>(item.session->span.starts.local) != day;
        });
        add_list(html, view, format_date_long(view.in.language, first->session->span.starts.local),
                 {first, last});
        first = last;
    }
}

}

std::string render_programme_page(OwnView const& view)
{
    auto const& language = view.in.language;
    auto const title = message(language, "own.programme");
    return html::page(view.in, own_head(view, title), own_main(view), [&](Html& html) {
        html.add(Tag::div, {attr::cls("narrow own")}, [&] {
            html::add_age_notice(html, view.in);
            events::add_banner(html, view.in, *view.event);
            html.add(Tag::p, {attr::cls("eyebrow")}, [&] {
                html.add(Tag::a, {attr::href(events::event_url(language, *view.event))},
                         [&] { add_words(html, view.event->title, language); });
            });
            html.add(Tag::h1, title);
            html.add(Tag::p, {attr::cls("quiet")}, [&] {
                html.sentence(language, "own.as_of",
                              {{"moment", [&] {
                                    events::add_moment(html, language,
                                                       events::on_clock_of(*view.event, view.in.now),
                                                       view.event->other_time_zones);
                                }}});
            });
            auto const items = items_of(view);
            add_now_and_next(html, view, items);
            if (view.registration.receipt.sessions.empty())
                html.add(Tag::p, message(language, "own.whole_programme"));
            add_days(html, view, items);
            html.add(Tag::p, [&] {
                html.add(Tag::a, {attr::href(own_url(language, view.registration))},
                         message(language, "own.back"));
            });
        });
    });
}

asio::awaitable<net::Response> show_programme(PageContext const& context, net::Request const& request)
{
    auto const& language = request.capture("lang");
    auto const registration = co_await get(context.services, request.capture("token"));
    if (!registration)
        co_return html::problem_page(registration.error(), language, context.assets);
    auto const view = own_view(context, language, *registration);
    if (!view.event)
        co_return html::gone_page(language, context.assets);
    co_return private_page(render_programme_page(view), 200, language);
}

}
