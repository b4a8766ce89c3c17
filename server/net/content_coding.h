// Content codings of answers (RFC 9110, section 8.4): gzip and Brotli, chosen by what the reader takes.
#pragma once

#include "net/http.h"

#include <string>
#include <string_view>

namespace kutsu::net
{

enum class Encoding
{
    identity = 1,
    gzip,
    br
};

// What the reader takes, by its qualities (RFC 9110, section 12.5.3); br before gzip when it likes both.
Encoding choose_encoding(std::string_view accept_encoding);
// "gzip", "br"; empty for identity.
std::string_view content_encoding(Encoding encoding);
// Complete streams. Throw std::runtime_error when the library refuses.
std::string gzip(std::string const& bytes);
std::string brotli(std::string const& bytes);

// A text answer made for this request, as small as the reader takes it. Only for what holds no secret beside
// words that a stranger may choose: the length of compressed bytes would tell about it.
Response compressed(Response response, Request const& request);

}
