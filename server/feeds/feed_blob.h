// One feed's bytes, never changed: as they are, and compressed the first time somebody asks. Each form has a
// strong entity tag of its own, made of the contents, so every process gives the same one (R51).
#pragma once

#include "base/clock.h"

#include <memory>
#include <mutex>
#include <string>

namespace kutsu::feeds
{

enum class Encoding
{
    identity = 1,
    gzip,
    br
};

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

// "gzip", "br"; empty for identity.
std::string_view content_encoding(Encoding encoding);
// Complete streams. Throw std::runtime_error when the library refuses.
std::string gzip(std::string const& bytes);
std::string brotli(std::string const& bytes);

}
