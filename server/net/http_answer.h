// A Response as the bytes of its header block: status line, the fields every answer carries, the room's own.
#pragma once

#include "net/http.h"

#include <string>

namespace kutsu::net
{

struct AnswerContext
{
    std::string request_id;
    bool over_https = false; // the base URL is https: browsers may be told to stay there
    bool closing = false;
    bool old_version = false; // HTTP/1.0 with keep-alive asked for
};

// Empty fields of a room stay out, and so do fields with a line break in them.
std::string header_block(Response const& response, AnswerContext const& context);
// False for 204, 304 and the like, which have neither a body nor its length.
bool may_have_body(int status);
// "Sun, 06 Nov 1994 08:49:37 GMT", renewed once a second.
std::string const& http_date_now();

}
