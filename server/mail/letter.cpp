#include "mail/letter.h"

#include "base/messages.h"

#include <fmt/format.h>

#include <string_view>

namespace kutsu::mail
{
namespace
{

std::string escaped(std::string_view text)
{
    std::string result;
    for (auto const c : text) {
        switch (c) {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        case '"':
            result += "&quot;";
            break;
        case '\'':
            result += "&#39;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

bool is_foreign(Fact const& fact, Letter const& letter)
{
    return !fact.language.empty() && fact.language != letter.language;
}

// Words that exist only in another language say so.
std::string plain(Fact const& fact, Letter const& letter)
{
    if (!is_foreign(fact, letter))
        return fact.value;
    return message(letter.language, "mail.in_other_language",
                   {{"text", fact.value}, {"language", language_name(letter.language, fact.language)}});
}

std::string marked(Fact const& fact, Letter const& letter)
{
    if (!is_foreign(fact, letter))
        return escaped(fact.value);
    return fmt::format("<span lang=\"{}\">{}</span>", escaped(fact.language), escaped(plain(fact, letter)));
}

std::string paragraph(std::string_view inner)
{
    return fmt::format("<p style=\"margin:0 0 16px\">{}</p>\n", inner);
}

std::string facts_html(Letter const& letter)
{
    std::string rows;
    for (auto const& fact : letter.facts)
        rows += fmt::format("<strong>{}</strong><br>{}<br>\n", escaped(fact.label), marked(fact, letter));
    return rows.empty() ? rows : paragraph("\n" + rows);
}

std::string links_html(Letter const& letter)
{
    std::string rows;
    for (auto const& link : letter.links)
        rows += paragraph(fmt::format("<a href=\"{}\">{}</a>", escaped(link.url), escaped(link.label)));
    return rows;
}

}

std::string as_text(Letter const& letter)
{
    auto text = letter.greeting + "\n\n";
    for (auto const& words : letter.paragraphs)
        text += words + "\n\n";
    if (letter.heading)
        text += plain(*letter.heading, letter) + "\n\n";
    for (auto const& fact : letter.facts)
        text += fmt::format("{}: {}\n", fact.label, plain(fact, letter));
    if (!letter.facts.empty())
        text += "\n";
    for (auto const& link : letter.links)
        text += fmt::format("{}:\n{}\n\n", link.label, link.url);
    // The signature's mark (RFC 3676, section 4.3) sets the small print apart.
    return text + fmt::format("-- \n{}\n", letter.footer);
}

std::string as_html(Letter const& letter)
{
    auto body = paragraph(escaped(letter.greeting));
    for (auto const& words : letter.paragraphs)
        body += paragraph(escaped(words));
    if (letter.heading)
        body += fmt::format("<h1 style=\"font-size:20px;margin:0 0 16px\">{}</h1>\n",
                            marked(*letter.heading, letter));
    body += facts_html(letter) + links_html(letter);
    body += fmt::format("<p style=\"margin:24px 0 0;font-size:14px\">{}</p>\n", escaped(letter.footer));
    return fmt::format("<!doctype html>\n<html lang=\"{0}\">\n<head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width\">"
                       "<meta name=\"color-scheme\" content=\"light dark\"><title>{1}</title></head>\n"
                       "<body style=\"font-family:sans-serif;font-size:16px;line-height:1.5;max-width:600px;"
                       "margin:0 auto;padding:16px\">\n{2}</body>\n</html>\n",
                       escaped(letter.language), escaped(letter.subject), body);
}

}
