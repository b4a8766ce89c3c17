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
    return fmt::format("--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Language: {}\r\n"
                       "Content-Transfer-Encoding: base64\r\n\r\n{}",
                       boundary, type, language, base64_lines(with_crlf(body)));
}

std::string headers(Mail const& mail, std::string_view boundary)
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
    return head + fmt::format("Content-Type: multipart/alternative;\r\n boundary=\"{}\"\r\n\r\n", boundary);
}

}

std::string message_id_of(std::string_view dedupe_key, std::string_view host)
{
    return fmt::format("{}@{}", to_hex(sha256(dedupe_key)).substr(0, 40), host);
}

std::string to_bytes(Mail const& mail)
{
    // Base64 holds no hyphen, so the boundary cannot occur in a body.
    auto const boundary = fmt::format("kutsu-{}", to_hex(sha256(mail.message_id)).substr(0, 32));
    return headers(mail, boundary) + part(boundary, "text/plain", mail.language, mail.text) +
           part(boundary, "text/html", mail.language, mail.html) + fmt::format("--{}--\r\n", boundary);
}

}
