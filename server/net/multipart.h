// Forms with files: multipart/form-data (RFC 7578) as browsers send it. Bounded, never reads beyond the body,
// and takes nothing that is not well-formed: what is sent by hand is better refused than guessed at.
#pragma once

#include "net/http.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::net
{

struct SentFile
{
    std::string field;
    std::string name; // as the sender calls it, without folders; may be empty
    std::string content;
};

struct SentForm
{
    Fields fields;
    std::vector<SentFile> files;      // those that were chosen: an empty choice of a browser is left out
    std::vector<std::string> unclean; // fields whose text is no UTF-8 or holds NUL; empty in `fields`
};

constexpr std::size_t part_limit = 300;

// `content_type` is the request's header. Empty when the body is no well-formed form of this kind, a name
// is no UTF-8, or there are more than `part_limit` parts.
std::optional<SentForm> parse_multipart(std::string_view content_type, std::string_view body);

// A form of either kind, by its content type. Whoever takes it refuses what is `unclean`.
std::optional<SentForm> parse_form(Request const& request);

}
