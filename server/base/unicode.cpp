#include "base/unicode.h"

#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace kutsu
{
namespace
{

std::string normalise(std::string_view text)
{
    UErrorCode status = U_ZERO_ERROR;
    auto const* nfc = icu::Normalizer2::getNFCInstance(status);
    auto const normal = nfc->normalize(
        icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size()))), status);
    if (U_FAILURE(status))
        throw std::runtime_error("Unicode normalisation failed");
    std::string result;
    normal.toUTF8String(result);
    return result;
}

bool is_blank(UChar32 c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xa0 || c == 0x2028 || c == 0x2029 ||
           c == 0x85;
}

template <class Visit>
void each_character(std::string_view text, Visit visit)
{
    auto const* bytes = reinterpret_cast<uint8_t const*>(text.data());
    auto const length = static_cast<int32_t>(text.size());
    for (int32_t at = 0; at < length;) {
        auto const begin = at;
        UChar32 character = 0;
        U8_NEXT(bytes, at, length, character); // NOLINT: a macro of ICU
        visit(character, text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin)));
    }
}

std::string transliterate(std::string_view text, char const* rules)
{
    // Transliterators are costly to make and not to be shared between threads.
    thread_local std::map<std::string, std::unique_ptr<icu::Transliterator>> made;
    auto& transliterator = made[rules];
    if (!transliterator) {
        UErrorCode status = U_ZERO_ERROR;
        transliterator.reset(icu::Transliterator::createInstance(rules, UTRANS_FORWARD, status));
        if (U_FAILURE(status))
            throw std::runtime_error("ICU knows no such transliteration");
    }
    auto unicode = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int>(text.size())));
    transliterator->transliterate(unicode);
    std::string result;
    unicode.toUTF8String(result);
    return result;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\n'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n'))
        text.remove_suffix(1);
    return text;
}

}

bool is_clean_utf8(std::string_view text)
{
    bool clean = true;
    each_character(text, [&](UChar32 character, std::string_view) { clean = clean && character > 0; });
    return clean;
}

std::size_t count_characters(std::string_view text)
{
    std::size_t count = 0;
    each_character(text, [&](UChar32, std::string_view) { ++count; });
    return count;
}

std::string tidy_line(std::string_view text)
{
    std::string line;
    each_character(normalise(text), [&](UChar32 character, std::string_view bytes) {
        if (is_blank(character)) {
            if (!line.empty() && line.back() != ' ')
                line += ' ';
        } else if (u_charType(character) != U_CONTROL_CHAR) {
            line += bytes;
        }
    });
    return std::string(trimmed(line));
}

std::string tidy_text(std::string_view text)
{
    std::string result;
    each_character(normalise(text), [&](UChar32 character, std::string_view bytes) {
        if (character == '\n' || character == '\t' || u_charType(character) != U_CONTROL_CHAR)
            result += bytes;
    });
    return std::string(trimmed(result));
}

bool is_email(std::string_view text)
{
    auto const at = text.rfind('@');
    if (text.size() > 254 || at == std::string_view::npos || at == 0 || at > 64 || at + 1 == text.size())
        return false;
    bool fine = is_clean_utf8(text);
    each_character(text, [&](UChar32 c, std::string_view) {
        fine = fine && c > 0x20 && c != 0x7f && !is_blank(c) && !u_isUWhiteSpace(c) &&
               u_charType(c) != U_CONTROL_CHAR && c != '<' && c != '>' && c != '(' && c != ')' && c != ',' &&
               c != ';' && c != ':' && c != '\\' && c != '"' && c != '[' && c != ']';
    });
    auto const local = text.substr(0, at);
    auto const domain = text.substr(at + 1);
    auto const bad_dots = [](std::string_view part) {
        return part.front() == '.' || part.back() == '.' || part.find("..") != std::string_view::npos;
    };
    return fine && local.find('@') == std::string_view::npos && !bad_dots(local) && !bad_dots(domain) &&
           domain.find('.') != std::string_view::npos && domain.front() != '-' && domain.back() != '-';
}

std::string slugify(std::string_view text)
{
    auto const latin = transliterate(text, "Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower");
    std::string slug;
    for (auto const c : latin) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            slug += c;
        else if (!slug.empty() && slug.back() != '-' && c != '\'')
            slug += '-';
    }
    while (!slug.empty() && slug.back() == '-')
        slug.pop_back();
    return slug;
}

std::string fold_for_search(std::string_view text)
{
    return transliterate(text, "Any-Latin; NFD; [:Nonspacing Mark:] Remove; Latin-ASCII; Lower");
}

}
