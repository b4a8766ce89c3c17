// One event's page (S2): head, hooks, the parts in their order.
#include "base/messages.h"
#include "base/unicode.h"
#include "events/events_page_parts.h"
#include "events/events_page_views.h"

#include <fmt/format.h>

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;
using html::Url;

// Search engines and previews cut at about this length; whole characters only.
std::string shortened(std::string text)
{
    constexpr std::size_t enough = 300;
    if (text.size() <= enough)
        return text;
    auto end = text.rfind(' ', enough);
    if (end == std::string::npos) {
        end = enough;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
            --end;
    }
    return text.substr(0, end) + "…";
}

bool is_live(Event const& event, Instant now)
{
    return event.span.ends.at > now && event.status != "cancelled";
}

void add_lead(Html& html, html::Surroundings const& in, Event const& event)
{
    if (event.description.empty())
        return;
    auto const words = html::shown(event.description, in.language);
    if (words.is_missing)
        return;
    html.add(Tag::p, {attr::cls("lead"), attr::lang(words.other_language)}, words.words);
    add_note(html, words, in.language);
}

void add_pair(Html& html, html::Surroundings const& in, Event const& event)
{
    for (auto const& other : event.pair) {
        auto const title = html::shown(other.title, in.language);
        html.add(Tag::p, {attr::cls("pair")}, [&] {
            html.sentence(in.language, "event.pair",
                          {{"event", [&] {
                                html.add(Tag::a,
                                         {attr::href(Url::local({in.language, "events", other.slug})),
                                          attr::lang(title.other_language)},
                                         title.words);
                            }}});
        });
    }
}

void add_title(Html& html, html::Surroundings const& in, Event const& event)
{
    auto const title = html::shown(event.title, in.language);
    html.add(Tag::p, {attr::cls("eyebrow")}, kind_in_city(in.language, event));
    html.add(Tag::h1, {attr::lang(title.other_language)}, title.words);
    add_note(html, title, in.language);
    add_lead(html, in, event);
    add_pair(html, in, event);
}

void add_news(Html& html, std::string_view language)
{
    html.add(Tag::p, {attr::cls("news"), attr::role("status"), attr::data("live", "news"),
                      attr::data("message-agenda", message(language, "live.agenda")),
                      attr::data("message-connecting", message(language, "live.connecting")),
                      attr::data("message-status", message(language, "live.status")),
                      attr::data("message-seats-gone", message(language, "live.seats_gone"))});
}

void add_form_section(Html& html, EventView const& view)
{
    if (view.form.empty())
        return;
    html.add(Tag::section,
             {attr::cls("registration"), attr::id("register"), attr::aria("labelledby", "register-title")},
             [&] {
                 html.add(Tag::h2, {attr::id("register-title")}, message(view.in.language, "register.title"));
                 html.add(view.form);
             });
}

}

Url event_url(std::string_view language, Event const& event)
{
    return Url::local({language, "events", event.slug});
}

Url calendar_url(Event const& event, std::string_view language)
{
    return Url::local({"calendar", "events", event.slug + ".ics"}).with("lang", language);
}

html::Head event_head(html::Surroundings const& in, Event const& event, std::string_view step)
{
    auto const title = html::shown(event.title, in.language).words;
    html::Head head;
    head.title = step.empty() ? title
                              : message(in.language, "site.step_title",
                                        {{"step", std::string(step)}, {"event", title}});
    if (!event.description.empty())
        head.description = shortened(tidy_line(html::shown(event.description, in.language).words));
    head.path = Url::local({"events", event.slug});
    head.calendar = calendar_url(event, in.language);
    head.calendar_title = title;
    if (event.project)
        head.funding.push_back(funding_of(event));
    return head;
}

std::vector<html::Attr> event_main(Event const& event, Instant now)
{
    return {attr::data("event", event.slug),
            attr::data("version", event.version),
            attr::data("agenda-version", event.agenda_version),
            attr::data("status", event.status),
            attr::data("registration", state_code(registration_state(event, now))),
            attr::data("starts", rfc3339(event.span.starts)),
            attr::data("ends", rfc3339(event.span.ends))};
}

std::string render_event_page(EventView const& view)
{
    auto const& [in, event, form] = view;
    auto head = event_head(in, event, {});
    head.json_ld = json_ld(in, event);
    head.loads_live = is_live(event, in.now);
    head.loads_register = !form.empty();
    // It stands in the section of the organisers, right above the footer.
    head.funding.clear();
    return html::page(in, head, event_main(event, in.now), [&](Html& html) {
        add_age_notice(html, in);
        add_banner(html, in, event);
        add_news(html, in.language);
        html.add(Tag::div, {attr::cls("event-layout")}, [&] {
            html.add(Tag::div, {attr::cls("event-top")}, [&] {
                add_title(html, in, event);
                add_facts(html, in, event);
            });
            add_registration_card(html, view);
            html.add(Tag::div, {attr::cls("event-body")}, [&] {
                add_programme(html, in, event);
                add_speakers(html, in, event);
                add_form_section(html, view);
                add_practical(html, in, event);
                add_calendar_links(html, in, event);
                add_organisers(html, in, event);
            });
        });
    });
}

}
