// One feed's bytes, never changed: as they are, and compressed the first time somebody asks. Each form has a
// strong entity tag of its own, made of the contents, so every process gives the same one (R51).
#pragma once

#include "base/clock.h"
#include "net/content_coding.h"

#include <memory>
#include <mutex>
#include <string>

namespace kutsu::feeds
{

using net::Encoding;

class FeedBlob
{
public:
    // `modified` in whole seconds.
    FeedBlob(std::string identity, Instant modified);

    std::shared_ptr<std::string const> bytes(Encoding encoding) const;
    std::string etag(Encoding encoding) const; // quoted
    Instant modified() const { return modified_; }
    bool has(std::string const& identity) const { return *identity_ == identity; }

private:
    std::shared_ptr<std::string const> identity_;
    std::string digest_;
    Instant modified_;
    mutable std::once_flag gzip_once_, br_once_;
    mutable std::shared_ptr<std::string const> gzip_, br_;
};

}
