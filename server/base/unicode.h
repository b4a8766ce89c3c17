// Checks and foldings of text from outside.
#pragma once

#include <string>
#include <string_view>

namespace kutsu
{

// Well-formed UTF-8 without NUL: the least that anything we store must be.
bool is_clean_utf8(std::string_view text);
// Code points, for limits that people count.
std::size_t count_characters(std::string_view text);
// NFC, no control characters, runs of blanks as one, trimmed: a name or a title as stored. Newlines become
// blanks.
std::string tidy_line(std::string_view text);
// NFC, CRLF as LF, no other control characters, trimmed: a longer text.
std::string tidy_text(std::string_view text);
// RFC 6531 in shape: one @, local part and domain of any script, no blanks, controls or angle brackets; ≤ 254
// octets.
bool is_email(std::string_view text);
// "Йоэнсуу" → "joensuu", "Värtsilä" → "vartsila": ICU transliteration to [a-z0-9-].
std::string slugify(std::string_view text);
// Case-folded, without diacritics, Cyrillic in Latin letters: for search.
std::string fold_for_search(std::string_view text);

}
