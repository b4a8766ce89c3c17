#include "mail/message.h"

#include "base/secret.h"

#include <fmt/format.h>

namespace kutsu::mail
{
namespace
{

std::string with_crlf(std::string_view text)
{
    std::string result;
    for (auto const c : text) {
        if (c == '\r')
            continue;
        if (c == '\n')
            result += '\r';
        result += c;
    }
    return result;
}

std::string base64_lines(std::string_view bytes)
{
    auto const encoded = base64(bytes);
    std::string lines;
    for (std::size_t at = 0; at < encoded.size(); at += 76)
        lines += encoded.substr(at, 76) + "\r\n";
    return lines;
}

std::string part(std::string_view boundary, std::string_view type, std::string_view language,
                 std::string_view body)
{
    return fmt::format("--{}\r\nContent-Type: {}\r\nContent-Language: {}\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\n{}",
                       boundary, type, language, base64_lines(with_crlf(body)));
}

// The same once more for programs that look only at attachments.
std::string attachment(std::string_view boundary, std::string_view bytes)
{
    return fmt::format("--{}\r\nContent-Type: application/ics; name=\"invite.ics\"\r\n"
                       "Content-Disposition: attachment; filename=\"invite.ics\"\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\n{}",
                       boundary, base64_lines(with_crlf(bytes)));
}

std::string multipart(std::string_view kind, std::string_view boundary)
{
    return fmt::format("Content-Type: multipart/{};\r\n boundary=\"{}\"\r\n\r\n", kind, boundary);
}

std::string headers(Mail const& mail)
{
    auto head = date_header(mail.date) + mailbox_header("From", mail.from) + mailbox_header("To", mail.to);
    if (mail.reply_to)
        head += mailbox_header("Reply-To", *mail.reply_to);
    head += text_header("Subject", mail.subject);
    head += token_header("Message-ID", fmt::format("<{}>", mail.message_id));
    head += token_header("X-Dedupe-Key", mail.dedupe_key);
    // RFC 3834: out-of-office replies leave it alone.
    head += "Auto-Submitted: auto-generated\r\n";
    head += token_header("Content-Language", mail.language);
    head += "MIME-Version: 1.0\r\n";
    return head;
}

}

std::string message_id_of(std::string_view dedupe_key, std::string_view host)
{
    return fmt::format("{}@{}", to_hex(sha256(dedupe_key)).substr(0, 40), host);
}

std::string to_bytes(Mail const& mail)
{
    // Base64 holds no hyphen, so a boundary cannot occur in a body.
    auto const digest = to_hex(sha256(mail.message_id)).substr(0, 32);
    auto const inner = fmt::format("kutsu-{}", digest), outer = fmt::format("kutsu-mixed-{}", digest);
    auto words = multipart("alternative", inner) +
                 part(inner, "text/plain; charset=utf-8", mail.language, mail.text) +
                 part(inner, "text/html; charset=utf-8", mail.language, mail.html);
    if (!mail.calendar)
        return headers(mail) + words + fmt::format("--{}--\r\n", inner);
    auto const type =
        fmt::format("text/calendar; charset=utf-8; method={}; component=VEVENT", mail.calendar->method);
    words += part(inner, type, mail.language, mail.calendar->bytes) + fmt::format("--{}--\r\n", inner);
    return headers(mail) + multipart("mixed", outer) + fmt::format("--{}\r\n", outer) + words +
           attachment(outer, mail.calendar->bytes) + fmt::format("--{}--\r\n", outer);
}

}
