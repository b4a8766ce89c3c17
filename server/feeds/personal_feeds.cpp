#include "feeds/personal_feeds.h"

#include "base/messages.h"
#include "base/secret.h"
#include "calendars/forms.h"
#include "db/error.h"
#include "feeds/feed_blob.h"
#include "feeds/feed_key.h"
#include "feeds/feed_model.h"
#include "feeds/personal_feed.h"
#include "feeds/revalidation.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::feeds
{
namespace
{

constexpr std::size_t most_remembered = 10'000;
constexpr std::size_t longest_secret = 100;

net::Response private_text(std::string words, int status)
{
    auto response = net::text_response(words + "\n", status);
    response.headers.emplace_back("Cache-Control", "no-store");
    response.headers.emplace_back("X-Robots-Tag", "noindex, nofollow");
    return response;
}

net::Response refused(Services const& services, FeedRefusal refusal)
{
    if (refusal.status != 400)
        refusal.arguments = {{"address", services.site.base_url + "/calendar/events.ics"}};
    return private_text(message(refusal.language, refusal.message, refusal.arguments), refusal.status);
}

std::vector<calendars::Translation> translations_of(Site const& site, events::Picture const& picture,
                                                    registration::PersonalCalendar const& own,
                                                    PersonalView const& view)
{
    std::vector<calendars::Translation> others;
    for (auto const& language : languages()) {
        auto other = view;
        other.language = language;
        auto const tag = calendars::LanguageTag::from(language);
        if (language != view.language && tag)
            others.push_back({*tag, personal_calendar(site, picture, own, other)});
    }
    return others;
}

std::string written(Services const& services, events::Picture const& picture,
                    registration::PersonalCalendar const& own, PersonalView const& view, Form form)
{
    auto const calendar = personal_calendar(services.site, picture, own, view);
    switch (form) {
    case Form::ics:
        break;
    case Form::jcal:
        return calendars::write_jcal(calendar);
    case Form::xcal:
        return calendars::write_xcal(calendar);
    case Form::jscal:
        return calendars::write_jscalendar(
            calendar, uid_of(services.site, "calendar.personal." + own.public_id).value(),
            translations_of(services.site, picture, own, view));
    }
    return calendars::write_calendar(calendar);
}

// The entries' own clocks tell; leaving the window is not seen by a date, but by the ETag.
Instant modified_of(registration::PersonalCalendar const& own, events::Picture const& picture)
{
    Instant latest = date::sys_days(date::year(2000) / 1 / 1);
    for (auto const& entry : own.entries) {
        latest = std::max(latest, entry.changed_at);
        auto const event = picture.find(entry.event);
        if (!event)
            continue;
        latest = std::max(latest, event->calendar_modified);
        for (auto const& session : event->sessions)
            latest = std::max(latest, session.calendar_modified);
    }
    return date::floor<std::chrono::seconds>(latest);
}

}

std::vector<net::Route> PersonalFeeds::routes()
{
    return {{"GET", "/calendar/personal/{file}",
             [this](net::Request const& request) { return answer(request); }}};
}

net::asio::awaitable<net::Response> PersonalFeeds::answer(net::Request const& request)
{
    auto const key = parse_feed_key(request.path, request.query, services_.site.default_language);
    if (!key)
        co_return refused(services_, key.error());
    if (key->name.size() > longest_secret)
        co_return refused(services_, {404, "calendar.refused.not_found", {}, key->language});
    auto const hash = to_hex(sha256(key->name));
    std::optional<Calendar> own;
    bool away = false;
    try {
        own = co_await registration::read_calendar(services_, key->name);
    } catch (db::DatabaseAway const&) {
        away = true;
    }
    if (away) {
        own = recall(hash);
        if (!own)
            co_return net::with_header(private_text(message(key->language, "calendar.personal.away"), 503),
                                       "Retry-After", "60");
    }
    if (!own)
        co_return refused(services_, {404, "calendar.refused.not_found", {}, key->language});
    if (own->revoked)
        co_return refused(services_, {410, "calendar.personal.revoked", {}, key->language});
    if (!away)
        remember(hash, *own);
    co_return serve(request, *own);
}

net::Response PersonalFeeds::serve(net::Request const& request, Calendar const& own) const
{
    auto key = *parse_feed_key(request.path, request.query, services_.site.default_language);
    if (!request.query.find("lang"))
        key.language = own.language;
    auto const picture = services_.catalogue.picture();
    PersonalView const view{key.language, key.sessions, key.past_all, services_.clock.now()};
    FeedBlob const blob(written(services_, *picture, own, view, key.form), modified_of(own, *picture));
    auto const encoding = net::choose_encoding(request.header("accept-encoding"));
    auto const etag = blob.etag(encoding);
    bool const fresh = is_fresh({etag, blob.modified()}, request.header("if-none-match"), {});
    auto const shown =
        std::min<Instant>(blob.modified(), date::floor<std::chrono::seconds>(date_clock_.now()));
    net::Response response{fresh ? 304 : 200,
                           {{"ETag", etag},
                            {"Last-Modified", format_http_date(shown)},
                            {"Cache-Control", "private, max-age=300"},
                            {"Vary", "Accept-Encoding"},
                            {"X-Robots-Tag", "noindex, nofollow"},
                            {"Referrer-Policy", "no-referrer"}},
                           nullptr};
    if (fresh)
        return response;
    response.headers.emplace_back("Content-Type", content_type(key.form));
    if (auto const coding = net::content_encoding(encoding); !coding.empty())
        response.headers.emplace_back("Content-Encoding", coding);
    response.body = blob.bytes(encoding);
    return response;
}

void PersonalFeeds::remember(std::string const& secret_hash, Calendar const& calendar)
{
    std::scoped_lock const lock(guard_);
    if (auto const known = by_hash_.find(secret_hash); known != by_hash_.end()) {
        known->second->calendar = calendar;
        recent_.splice(recent_.begin(), recent_, known->second);
        return;
    }
    recent_.push_front({secret_hash, calendar});
    by_hash_[secret_hash] = recent_.begin();
    if (recent_.size() > most_remembered) {
        by_hash_.erase(recent_.back().secret_hash);
        recent_.pop_back();
    }
}

std::optional<PersonalFeeds::Calendar> PersonalFeeds::recall(std::string const& secret_hash) const
{
    std::scoped_lock const lock(guard_);
    auto const known = by_hash_.find(secret_hash);
    return known == by_hash_.end() ? std::nullopt : std::optional(known->second->calendar);
}

}
