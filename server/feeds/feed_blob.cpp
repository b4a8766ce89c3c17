#include "feeds/feed_blob.h"

#include "base/secret.h"

#include <fmt/format.h>

namespace kutsu::feeds
{
namespace
{

std::shared_ptr<std::string const> shared(std::string bytes)
{
    return std::make_shared<std::string const>(std::move(bytes));
}

}

FeedBlob::FeedBlob(std::string identity, Instant modified)
    : identity_(shared(std::move(identity))), digest_(to_hex(sha256(*identity_)).substr(0, 32)),
      modified_(modified)
{}

std::shared_ptr<std::string const> FeedBlob::bytes(Encoding encoding) const
{
    switch (encoding) {
    case Encoding::gzip:
        std::call_once(gzip_once_, [this] { gzip_ = shared(net::gzip(*identity_)); });
        return gzip_;
    case Encoding::br:
        std::call_once(br_once_, [this] { br_ = shared(net::brotli(*identity_)); });
        return br_;
    case Encoding::identity:
        break;
    }
    return identity_;
}

std::string FeedBlob::etag(Encoding encoding) const
{
    auto const coding = net::content_encoding(encoding);
    return fmt::format("\"{}{}{}\"", digest_, coding.empty() ? "" : "-", coding);
}

}
