#include "mail/header.h"

#include "base/secret.h"
#include "base/unicode.h"

#include <fmt/format.h>
#include <unicode/idna.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

namespace kutsu::mail
{
namespace
{

constexpr std::size_t line_limit = 76;

bool is_visible(char c)
{
    return c > ' ' && c < 0x7f;
}

// Besides controls: marks that reorder what a reader sees, and separators some programs take for line ends.
void refuse_hidden(std::string_view text)
{
    if (!is_clean_utf8(text))
        throw std::invalid_argument("a mail header holds bytes that are no text");
    auto const control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
    bool hidden = std::ranges::any_of(text, control);
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
        hidden = hidden || (text[i] == '\xc2' && static_cast<unsigned char>(text[i + 1]) < 0xa0);
    for (auto const* mark :
         {"\u2028", "\u2029", "\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068"})
        hidden = hidden || text.find(mark) != std::string_view::npos;
    if (hidden)
        throw std::invalid_argument("a mail header holds a control character");
}

bool continues_character(char c)
{
    return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> words;
    for (std::size_t from = 0; from <= text.size();) {
        auto const to = std::min(text.find(' ', from), text.size());
        words.push_back(text.substr(from, to - from));
        from = to + 1;
    }
    return words;
}

// Plain text can be folded only at single blanks between words that fit.
bool is_plain(std::string_view text)
{
    auto const fits = [](std::string_view word) { return !word.empty() && word.size() <= 60; };
    return text.find("=?") == std::string_view::npos && std::ranges::all_of(words_of(text), fits) &&
           std::ranges::all_of(text, [](char c) { return c == ' ' || is_visible(c); });
}

std::string folded_words(std::string_view text, std::size_t column)
{
    std::string result;
    for (auto const word : words_of(text)) {
        if (!result.empty() && column + 1 + word.size() > line_limit) {
            result += "\r\n";
            column = 0;
        }
        if (!result.empty()) {
            result += ' ';
            ++column;
        }
        result += word;
        column += word.size();
    }
    return result;
}

// RFC 2047: at most 75 characters each, whole characters, one blank or fold between them.
std::string encoded_words(std::string_view text, std::size_t column)
{
    constexpr std::size_t frame = 12; // =?UTF-8?B? and ?=
    std::string result;
    while (!text.empty()) {
        auto const room =
            column + frame + 8 < line_limit ? line_limit - column - frame : line_limit - 1 - frame;
        auto length = std::min(text.size(), room / 4 * 3);
        while (length < text.size() && continues_character(text[length]))
            --length;
        if (!result.empty())
            result += "\r\n ";
        result += fmt::format("=?UTF-8?B?{}?=", base64(text.substr(0, length)));
        text.remove_prefix(length);
        column = 1;
    }
    return result;
}

std::string words(std::string_view text, std::size_t column)
{
    return is_plain(text) ? folded_words(text, column) : encoded_words(text, column);
}

bool is_atom(char c)
{
    return static_cast<unsigned char>(c) >= 0x80 ||
           (is_visible(c) && std::string_view("()<>[]:;@\\,.\"").find(c) == std::string_view::npos);
}

std::string ascii_domain(std::string_view domain)
{
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::IDNA> const idna(icu::IDNA::createUTS46Instance(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_USE_STD3_RULES,
        status));
    icu::IDNAInfo info;
    std::string ascii;
    icu::StringByteSink<std::string> sink(&ascii);
    if (U_SUCCESS(status))
        idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<int>(domain.size())), sink, info,
                               status);
    if (U_FAILURE(status) || info.hasErrors())
        throw std::invalid_argument("a mail address has a domain that cannot exist");
    return ascii;
}

// One recipient stays one: only an atom needs no quotes.
void require_atom(std::string_view local)
{
    bool const fine = !local.empty() && local.size() <= 64 && local.front() != '.' && local.back() != '.' &&
                      local.find("..") == std::string_view::npos &&
                      std::ranges::all_of(local, [](char c) { return c == '.' || is_atom(c); });
    if (!fine)
        throw std::invalid_argument("a mail address is not in the form name@example.org");
}

}

std::string wire_address(std::string_view address)
{
    refuse_hidden(address);
    auto const at = address.rfind('@');
    if (at == std::string_view::npos)
        throw std::invalid_argument("a mail address is not in the form name@example.org");
    auto const local = address.substr(0, at);
    require_atom(local);
    auto wire = fmt::format("{}@{}", local, ascii_domain(address.substr(at + 1)));
    if (wire.size() > 254)
        throw std::invalid_argument("a mail address is too long");
    return wire;
}

std::string text_header(std::string_view name, std::string_view text)
{
    refuse_hidden(text);
    return fmt::format("{}: {}\r\n", name, words(text, name.size() + 2));
}

std::string mailbox_header(std::string_view name, Mailbox const& mailbox)
{
    auto const address = wire_address(mailbox.address);
    if (mailbox.name.empty())
        return fmt::format("{}: {}\r\n", name, address);
    refuse_hidden(mailbox.name);
    bool const atoms = is_plain(mailbox.name) &&
                       std::ranges::all_of(mailbox.name, [](char c) { return c == ' ' || is_atom(c); });
    auto const column = name.size() + 2;
    auto const shown = atoms ? folded_words(mailbox.name, column) : encoded_words(mailbox.name, column);
    auto const last_line = shown.size() - std::min(shown.size(), shown.rfind('\n') + 1);
    auto const fits = column + last_line + address.size() + 3 <= line_limit;
    return fmt::format("{}: {}{}<{}>\r\n", name, shown, fits ? " " : "\r\n ", address);
}

std::string token_header(std::string_view name, std::string_view value)
{
    if (value.empty() || value.size() > 500 || !std::ranges::all_of(value, is_visible))
        throw std::invalid_argument("a mail header's value is not visible ASCII");
    return fmt::format("{}: {}\r\n", name, value);
}

std::string date_header(Instant at)
{
    constexpr std::string_view days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const day = date::floor<date::days>(at);
    date::year_month_day const date(day);
    date::hh_mm_ss const time(std::chrono::floor<std::chrono::seconds>(at) - day);
    return fmt::format("Date: {}, {:02} {} {:04} {:02}:{:02}:{:02} +0000\r\n",
                       days[date::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

}
