// A mail as a value and as the bytes that are sent: multipart/alternative of plain text and HTML, with a
// calendar part where there is one, all base64, CRLF everywhere (RFC 5322, 2045). The same Mail always gives
// the same bytes.
#pragma once

#include "mail/header.h"

#include <optional>
#include <string>
#include <string_view>

namespace kutsu::mail
{

// A calendar's message within a mail (RFC 6047 §2.4).
struct CalendarPart
{
    std::string method; // "REQUEST"
    std::string bytes;
};

struct Mail
{
    Mailbox from;
    Mailbox to;
    std::optional<Mailbox> reply_to;
    std::string subject;
    std::string text; // lines end with \n
    std::string html;
    std::optional<CalendarPart> calendar = {};
    std::string language;
    std::string dedupe_key; // visible ASCII without blanks
    std::string message_id; // without angle brackets
    Instant date;
};

// Stable: a mail that is sent again is recognised by it.
std::string message_id_of(std::string_view dedupe_key, std::string_view host);

// Throws std::invalid_argument when a header would not be what it says: control characters, an address that
// is not one.
std::string to_bytes(Mail const& mail);

}
