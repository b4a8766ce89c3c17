// Values of mail headers (RFC 5322, 2047): folded lines of at most 76 characters, no way to smuggle in
// another header or another recipient. What cannot be written safely throws std::invalid_argument.
#pragma once

#include "base/clock.h"

#include <string>
#include <string_view>

namespace kutsu::mail
{

struct Mailbox
{
    std::string name; // empty: the address alone
    std::string address;
};

// "Subject: …\r\n"; words that are not plain ASCII become encoded words, never split within a character.
std::string text_header(std::string_view name, std::string_view text);
// "To: =?UTF-8?B?…?= <a@example.org>\r\n".
std::string mailbox_header(std::string_view name, Mailbox const& mailbox);
// A value of visible ASCII without blanks, as it stands.
std::string token_header(std::string_view name, std::string_view value);
std::string date_header(Instant at);

// The address as SMTP wants it: a domain of another script in its ASCII form (IDNA). Refuses what is not one
// address.
std::string wire_address(std::string_view address);

}
