// Names as people look for them: Щербинина, Shcherbinina, Štšerbinina, Ŝerbinina and Scherbinina fold to the
// same letters, so each finds the others. Case, diacritics and the differences between the ways of writing
// Russian in Latin letters (passports, Finnish, ISO 9, older habits) fall together; where one spelling may
// stand for two sounds (ё, a Latin c), a word has several foldings. Lossy on purpose: it finds a few too many
// rather than one too few. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

// The foldings of each word of a text, for storing: " elkin olkin dmitri". A word with a hyphen also stands
// there without it. Letters are a–z and 0–9.
std::string folded(std::string_view text);

// What a search asks of a stored folding: one regular expression for each word of the query, all of which
// have to match; each finds the beginning of a word. At most eight words.
std::vector<std::string> search_patterns(std::string_view query);

}
