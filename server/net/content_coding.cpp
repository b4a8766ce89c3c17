#include "net/content_coding.h"

#include "net/encoding.h"

#include <algorithm>
#include <brotli/encode.h>
#include <stdexcept>
#include <zlib.h>

namespace kutsu::net
{
namespace
{

// Brotli 5 is smaller than gzip 6 and as quick; what is compressed here is made anew too often for more.
constexpr int brotli_quality = 5;
constexpr int gzip_level = 6;
constexpr int gzip_window = 15 + 16; // zlib's way of asking for gzip's header

// Below it the headers cost more than is won.
constexpr std::size_t worth_compressing = 1000;

// "0.5" in thousandths; what cannot be read is as good as absent.
int thousandths(std::string_view text)
{
    if (text.empty() || (text.front() != '0' && text.front() != '1') || text.size() > 5)
        return 1000;
    int value = (text.front() - '0') * 1000;
    int unit = 100;
    for (auto const digit : text.substr(std::min<std::size_t>(text.size(), 2))) {
        if (digit < '0' || digit > '9')
            return 1000;
        value += (digit - '0') * unit;
        unit /= 10;
    }
    return std::min(value, 1000);
}

struct Preference
{
    std::string_view coding;
    int quality = 1000;
};

Preference preference_of(std::string_view element)
{
    auto const semicolon = std::min(element.find(';'), element.size());
    Preference preference{trimmed(element.substr(0, semicolon))};
    auto const parameter = trimmed(element.substr(std::min(semicolon + 1, element.size())));
    if (parameter.starts_with("q=") || parameter.starts_with("Q="))
        preference.quality = thousandths(parameter.substr(2));
    return preference;
}

int quality_of(std::string_view accept_encoding, std::string_view coding)
{
    int otherwise = 0;
    for (auto const element : list_elements(accept_encoding)) {
        auto const preference = preference_of(element);
        if (equal_ignoring_case(preference.coding, coding))
            return preference.quality;
        if (preference.coding == "*")
            otherwise = preference.quality;
    }
    return otherwise;
}

}

Encoding choose_encoding(std::string_view accept_encoding)
{
    auto const br = quality_of(accept_encoding, "br");
    auto const gzip = quality_of(accept_encoding, "gzip");
    if (br > 0 && br >= gzip)
        return Encoding::br;
    return gzip > 0 ? Encoding::gzip : Encoding::identity;
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

Response compressed(Response response, Request const& request)
{
    response.headers.emplace_back("Vary", "Accept-Encoding");
    auto const encoding = choose_encoding(request.header("accept-encoding"));
    if (encoding == Encoding::identity || !response.body || response.body->size() < worth_compressing)
        return response;
    auto bytes = encoding == Encoding::br ? brotli(*response.body) : gzip(*response.body);
    response.body = std::make_shared<std::string const>(std::move(bytes));
    response.headers.emplace_back("Content-Encoding", std::string(content_encoding(encoding)));
    return response;
}

}
