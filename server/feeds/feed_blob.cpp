#include "feeds/feed_blob.h"

#include "base/secret.h"

#include <fmt/format.h>

#include <array>
#include <brotli/encode.h>
#include <stdexcept>
#include <zlib.h>

namespace kutsu::feeds
{
namespace
{

// Brotli 5 is smaller than gzip 6 and as quick; feeds are made anew too often for more.
constexpr int brotli_quality = 5;
constexpr int gzip_level = 6;
constexpr int gzip_window = 15 + 16; // zlib's way of asking for gzip's header

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
        std::call_once(gzip_once_, [this] { gzip_ = shared(gzip(*identity_)); });
        return gzip_;
    case Encoding::br:
        std::call_once(br_once_, [this] { br_ = shared(brotli(*identity_)); });
        return br_;
    case Encoding::identity:
        break;
    }
    return identity_;
}

std::string FeedBlob::etag(Encoding encoding) const
{
    auto const coding = content_encoding(encoding);
    return fmt::format("\"{}{}{}\"", digest_, coding.empty() ? "" : "-", coding);
}

std::string_view content_encoding(Encoding encoding)
{
    switch (encoding) {
    case Encoding::gzip:
        return "gzip";
    case Encoding::br:
        return "br";
    case Encoding::identity:
        break;
    }
    return "";
}

std::string gzip(std::string const& bytes)
{
    z_stream stream{};
    if (deflateInit2(&stream, gzip_level, Z_DEFLATED, gzip_window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("gzip cannot begin");
    std::string out(deflateBound(&stream, bytes.size()), '\0');
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<Bytef const*>(bytes.data())); // zlib only reads it
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    auto const ended = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (ended != Z_STREAM_END)
        throw std::runtime_error("gzip did not finish");
    return out;
}

std::string brotli(std::string const& bytes)
{
    std::string out(BrotliEncoderMaxCompressedSize(bytes.size()), '\0');
    auto size = out.size();
    auto const done = BrotliEncoderCompress(brotli_quality, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT,
                                            bytes.size(), reinterpret_cast<std::uint8_t const*>(bytes.data()),
                                            &size, reinterpret_cast<std::uint8_t*>(out.data()));
    if (done != BROTLI_TRUE)
        throw std::runtime_error("brotli did not finish");
    out.resize(size);
    return out;
}

}
