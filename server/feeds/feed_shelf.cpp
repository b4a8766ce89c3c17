#include "feeds/feed_shelf.h"

#include "base/log.h"
#include "base/messages.h"
#include "feeds/feed_forms.h"
#include "feeds/feed_head.h"
#include "feeds/revalidation.h"

#include <boost/container_hash/hash.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>

namespace kutsu::feeds
{
namespace
{

Instant whole_seconds(Instant at)
{
    return date::floor<std::chrono::seconds>(at);
}

template <class T>
bool is_same(std::weak_ptr<T> const& seen, std::shared_ptr<T> const& now)
{
    return !seen.owner_before(now) && !now.owner_before(seen);
}

std::string alternate(Site const& site, FeedKey const& key)
{
    return fmt::format(R"(<{}{}>; rel="alternate"; hreflang="{}"; type="{}")", site.base_url,
                       feed_target(key), key.language, media_type(key.form));
}

// The other languages of the same calendar (R43) and its other forms.
std::string alternates(Site const& site, FeedKey const& key)
{
    std::vector<std::string> links;
    for (auto const& language : languages()) {
        auto other = key;
        other.language = language;
        if (language != key.language)
            links.push_back(alternate(site, other));
    }
    for (auto const form : {Form::ics, Form::jcal, Form::xcal, Form::jscal}) {
        auto other = key;
        other.form = form;
        if (form != key.form)
            links.push_back(alternate(site, other));
    }
    return fmt::format("{}", fmt::join(links, ", "));
}

net::Response not_loaded_yet()
{
    return net::with_header(
        net::text_response("The calendars are being loaded. Please ask again in a moment.\n", 503),
        "Retry-After", "5");
}

}

// What was seen at the last look is held weakly: a calendar nobody asks for keeps no old picture alive.
struct FeedShelf::Slot
{
    std::mutex guard; // of everything here; makes the making single-flight
    std::weak_ptr<events::Picture const> picture;
    std::weak_ptr<Departures const> departures;
    date::sys_days day;
    std::size_t revision = 0;
    Taken taken;
};

FeedShelf::FeedShelf(Site const& site, events::Catalogue const& catalogue, Clock const& clock,
                     Clock const& date_clock)
    : site_(site), catalogue_(catalogue), clock_(clock), date_clock_(date_clock), writer_(site)
{}

FeedShelf::~FeedShelf() = default;

void FeedShelf::set_departures(DeparturesPtr departures)
{
    std::scoped_lock const lock(guard_);
    departures_ = std::move(departures);
}

DeparturesPtr FeedShelf::departures() const
{
    std::scoped_lock const lock(guard_);
    return departures_;
}

net::Response FeedShelf::answer(net::Request const& request)
{
    auto const key = parse_feed_key(request.path, request.query, site_.default_language);
    if (!key)
        return refuse(key.error());
    auto const picture = catalogue_.picture();
    // An empty calendar now would empty every reader's.
    if (picture->as_of == Instant())
        return not_loaded_yet();
    auto const taken = take(*key, picture);
    if (taken.found == Found::here)
        return serve(request, *key, *taken.blob, *picture);
    if (taken.found == Found::gone)
        return refuse({410, "calendar.refused.gone", {}, key->language});
    return refuse({404, "calendar.refused.not_found", {}, key->language});
}

FeedShelf::Taken FeedShelf::take(FeedKey const& key, PicturePtr const& picture)
{
    auto const now = clock_.now();
    auto const gone = departures();
    auto slot = slot_of(key, false);
    if (!slot) {
        // Nothing is kept for addresses of nothing.
        auto const found = contents_of(key, *picture, *gone, now).found;
        if (found != Found::here)
            return {found, nullptr};
        slot = slot_of(key, true);
    }
    std::scoped_lock const lock(slot->guard);
    auto const day = date::floor<date::days>(now);
    if (is_same(slot->picture, picture) && is_same(slot->departures, gone) && slot->day == day)
        return slot->taken;
    auto const contents = contents_of(key, *picture, *gone, now);
    slot->taken.found = contents.found;
    if (contents.found == Found::here)
        refresh(*slot, key, contents, now);
    slot->picture = picture;
    slot->departures = gone;
    slot->day = day;
    return slot->taken;
}

void FeedShelf::refresh(Slot& slot, FeedKey const& key, Contents const& contents, Instant now)
{
    auto& blob = slot.taken.blob;
    try {
        auto const head = head_of(site_, key, contents.example.get(), contents.event_day);
        auto revision = contents.revision;
        boost::hash_combine(revision, head.name.words.str());
        if (blob && slot.revision == revision)
            return;
        auto bytes =
            key.form == Form::ics ? writer_.write(head, key, contents) : write_form(site_, key, contents);
        // Clocks of entries may run ahead of the Date of answers; each change is later than the last.
        auto modified = whole_seconds(std::min({contents.modified, now, date_clock_.now()}));
        if (blob)
            modified = std::max<Instant>(modified, blob->modified() + std::chrono::seconds(1));
        if (!blob || !blob->has(bytes))
            blob = std::make_shared<FeedBlob const>(std::move(bytes), modified);
        slot.revision = revision;
    } catch (std::exception const& failure) {
        if (!blob)
            throw;
        log_error("a calendar could not be made; the last one stays",
                  {{"feed", feed_name(key)}, {"what", failure.what()}});
    }
}

std::shared_ptr<FeedShelf::Slot> FeedShelf::slot_of(FeedKey const& key, bool make)
{
    std::scoped_lock const lock(guard_);
    auto const place = slots_.find(key);
    if (place != slots_.end())
        return place->second;
    return make ? slots_.emplace(key, std::make_shared<Slot>()).first->second : nullptr;
}

net::Response FeedShelf::serve(net::Request const& request, FeedKey const& key, FeedBlob const& blob,
                               events::Picture const& picture) const
{
    auto const encoding = net::choose_encoding(request.header("accept-encoding"));
    auto const etag = blob.etag(encoding);
    bool const fresh = is_fresh({etag, blob.modified()}, request.header("if-none-match"),
                                request.header("if-modified-since"));
    auto const shown = std::min(blob.modified(), whole_seconds(date_clock_.now()));
    net::Response response{fresh ? 304 : 200,
                           {{"ETag", etag},
                            {"Last-Modified", format_http_date(shown)},
                            {"Cache-Control", "public, max-age=300, stale-if-error=86400"},
                            {"Vary", "Accept-Encoding"},
                            {"Access-Control-Allow-Origin", "*"},
                            {"Cross-Origin-Resource-Policy", "cross-origin"},
                            {"Link", alternates(site_, key)}},
                           nullptr};
    if (catalogue_.away()) {
        auto const age = std::max(clock_.now() - picture.as_of, Instant::duration());
        response.headers.emplace_back("Age", std::to_string(date::floor<std::chrono::seconds>(age).count()));
    }
    if (fresh)
        return response;
    response.headers.emplace_back("Content-Type", content_type(key.form));
    if (auto const coding = net::content_encoding(encoding); !coding.empty())
        response.headers.emplace_back("Content-Encoding", coding);
    response.body = blob.bytes(encoding);
    return response;
}

net::Response FeedShelf::refuse(FeedRefusal refusal) const
{
    if (refusal.status != 400)
        refusal.arguments = {{"address", site_.base_url + "/calendar/events.ics"}};
    return net::text_response(message(refusal.language, refusal.message, refusal.arguments) + "\n",
                              refusal.status);
}

}
