// The ready-made feeds, one for each key, and how a request is answered from them. A feed is made by the
// first who asks after something in it has changed; whoever asks meanwhile waits for that one. When making
// fails, the last good bytes stay: a reader that is given an error or nothing empties its calendar (R57).
// May be used from any thread.
#pragma once

#include "base/services.h"
#include "events/catalogue.h"
#include "feeds/departures.h"
#include "feeds/feed_blob.h"
#include "feeds/feed_contents.h"
#include "feeds/feed_key.h"
#include "feeds/feed_writer.h"
#include "net/http.h"

#include <map>
#include <memory>
#include <mutex>

namespace kutsu::feeds
{

class FeedShelf
{
public:
    // `date_clock` is what the Date field of answers shows; a demonstration's clock does not shift it.
    FeedShelf(Site const& site, events::Catalogue const& catalogue, Clock const& clock,
              Clock const& date_clock);
    ~FeedShelf();

    net::Response answer(net::Request const& request);

    void set_departures(DeparturesPtr departures);
    DeparturesPtr departures() const;

private:
    struct Slot;
    using PicturePtr = std::shared_ptr<events::Picture const>;
    using BlobPtr = std::shared_ptr<FeedBlob const>;
    struct Taken
    {
        Found found = Found::never;
        BlobPtr blob;
    };

    Taken take(FeedKey const& key, PicturePtr const& picture);
    void refresh(Slot& slot, FeedKey const& key, Contents const& contents, Instant now);
    std::shared_ptr<Slot> slot_of(FeedKey const& key, bool make);

    net::Response serve(net::Request const& request, FeedKey const& key, FeedBlob const& blob,
                        events::Picture const& picture) const;
    net::Response refuse(FeedRefusal refusal) const;

    Site const& site_;
    events::Catalogue const& catalogue_;
    Clock const& clock_;
    Clock const& date_clock_;
    FeedWriter writer_;

    mutable std::mutex guard_; // of what follows
    std::map<FeedKey, std::shared_ptr<Slot>> slots_;
    DeparturesPtr departures_ = std::make_shared<Departures const>();
};

}
