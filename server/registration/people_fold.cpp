#include "registration/people_fold.h"

#include "base/unicode.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t longest_word = 60;
constexpr std::size_t most_foldings = 12;
constexpr std::size_t most_words = 8;
// ю after a consonant: written u in Russian names, y in the Finnish names they transcribe (Хювяринен).
constexpr char u_or_y = '~';

using Foldings = std::set<std::string>;

// ── From Cyrillic to one Latin spelling that the folding below understands ──

struct Letter
{
    std::u32string_view cyrillic; // capital and small
    std::string_view latin;
};

constexpr std::array letters = {
    Letter{U"Аа", "a"},  Letter{U"Бб", "b"},  Letter{U"Вв", "v"},  Letter{U"Гг", "g"},  Letter{U"Дд", "d"},
    Letter{U"Ее", "e"},  Letter{U"Ёё", "jo"}, Letter{U"Жж", "zh"}, Letter{U"Зз", "z"},  Letter{U"Ии", "i"},
    Letter{U"Йй", "j"},  Letter{U"Кк", "k"},  Letter{U"Лл", "l"},  Letter{U"Мм", "m"},  Letter{U"Нн", "n"},
    Letter{U"Оо", "o"},  Letter{U"Пп", "p"},  Letter{U"Рр", "r"},  Letter{U"Сс", "s"},  Letter{U"Тт", "t"},
    Letter{U"Уу", "u"},  Letter{U"Фф", "f"},  Letter{U"Хх", "kh"}, Letter{U"Цц", "ts"}, Letter{U"Чч", "ts"},
    Letter{U"Шш", "sh"}, Letter{U"Щщ", "sh"}, Letter{U"Ъъ", ""},   Letter{U"Ыы", "y"},  Letter{U"Ьь", ""},
    Letter{U"Ээ", "e"},  Letter{U"Юю", "ju"}, Letter{U"Яя", "ja"}, Letter{U"Әә", "a"},  Letter{U"Ғғ", "g"},
    Letter{U"Ққ", "k"},  Letter{U"Ңң", "n"},  Letter{U"Өө", "o"},  Letter{U"Ұұ", "u"},  Letter{U"Үү", "u"},
    Letter{U"Һһ", "h"},  Letter{U"Іі", "i"},  Letter{U"Її", "ji"}, Letter{U"Єє", "je"}, Letter{U"Ґґ", "g"},
    Letter{U"Ўў", "u"},
};

std::optional<std::string_view> latin_of(char32_t character)
{
    for (auto const& letter : letters) {
        if (letter.cyrillic.find(character) != std::u32string_view::npos)
            return letter.latin;
    }
    return std::nullopt;
}

// Two bytes of UTF-8, as all Cyrillic letters have; 0 for anything else.
char32_t two_byte_character(std::string_view text, std::size_t at)
{
    auto const first = static_cast<unsigned char>(text[at]);
    if ((first & 0xe0U) != 0xc0U || at + 1 >= text.size())
        return 0;
    return ((first & 0x1fU) << 6U) | (static_cast<unsigned char>(text[at + 1]) & 0x3fU);
}

bool is_vowel(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y' || c == u_or_y;
}

bool ends_in_consonant(std::string_view latin)
{
    return !latin.empty() && latin.back() >= 'a' && latin.back() <= 'z' && !is_vowel(latin.back());
}

std::string without_cyrillic(std::string_view text)
{
    std::string latin;
    for (std::size_t at = 0; at < text.size();) {
        auto const character = two_byte_character(text, at);
        auto const letter = character == 0 ? std::nullopt : latin_of(character);
        if (!letter) {
            latin += text[at++];
            continue;
        }
        if ((character == U'ю' || character == U'Ю') && ends_in_consonant(latin))
            latin += u_or_y;
        else
            latin += *letter;
        at += 2;
    }
    return latin;
}

// ── The words of a text in small letters a–z, 0–9 ──

struct Word
{
    std::string letters;
    bool joined = false; // to the next one, by a hyphen
};

bool is_in_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == u_or_y;
}

std::vector<Word> words_of(std::string_view text)
{
    std::vector<Word> words{{}};
    for (char const c : fold_for_search(without_cyrillic(text))) {
        if (is_in_word(c)) {
            if (words.back().letters.size() < longest_word)
                words.back().letters += c;
        } else if (c != '\'' && c != '"' && c != '`') { // signs of softness and of names: D'Arcy, Il'ja
            words.back().joined = c == '-';
            if (!words.back().letters.empty())
                words.emplace_back();
        }
    }
    if (words.back().letters.empty())
        words.pop_back();
    if (!words.empty())
        words.back().joined = false;
    return words;
}

// ── Folding one word ──

class Folder
{
public:
    explicit Folder(std::string_view word) : word_(word) {}

    Foldings fold()
    {
        while (at_ < word_.size())
            step();
        return std::move(made_);
    }

private:
    char look(std::size_t ahead = 0) const { return at_ + ahead < word_.size() ? word_[at_ + ahead] : '\0'; }

    void step()
    {
        if (begins_a_hiss())
            hiss();
        else if (look() == 'i' || look() == 'j' || look() == 'y')
            glide();
        else if (look() == 'c')
            hard_or_soft_c();
        else
            plain();
    }

    // s, z, sh, zh, ch, ts, tz, tc, shch, štš and all that is written for ж ц ч ш щ.
    bool begins_a_hiss() const
    {
        auto const c = look();
        auto const next = look(1);
        return c == 's' || c == 'z' || (c == 't' && (next == 's' || next == 'z' || next == 'c')) ||
               (c == 'c' && (next == 'h' || next == 'e' || next == 'i' || next == 'y'));
    }

    void hiss()
    {
        auto const is_ch = look() == 'c' && look(1) == 'h'; // also х: Michail
        auto const begun = at_;
        while (at_ < word_.size() && take_hiss(at_ > begun))
            ;
        if (is_ch && at_ == begun + 2)
            append({"s", "h"});
        else
            append({"s"});
    }

    // One more letter of the run of hisses.
    bool take_hiss(bool inside)
    {
        auto const c = look();
        auto const next = look(1);
        bool const soft_c = c == 'c' && (next == 'h' || next == 'e' || next == 'i' || next == 'y' ||
                                         (inside && before() == 't'));
        bool const goes_on =
            c == 's' || c == 'z' || soft_c || (c == 't' && (next == 's' || next == 'z' || next == 'c'));
        if (!goes_on)
            return false;
        ++at_;
        while (c != 't' && look() == 'h')
            ++at_;
        return true;
    }

    char before() const { return at_ > 0 ? word_[at_ - 1] : '\0'; }

    // i, j, y: nothing before a vowel (я is ja, ia, ya or â), else i.
    void glide()
    {
        while (look() == 'i' || look() == 'j' || look() == 'y')
            ++at_;
        if (look() == 'o') { // ё is also written e
            ++at_;
            append({"o", "e"});
        } else if (look() != 'a' && look() != 'e' && look() != 'u') {
            append({"i"});
        }
    }

    void hard_or_soft_c()
    {
        at_ += look(1) == 'k' ? 2 : 1;
        if (word_[at_ - 1] == 'k')
            append({"k"});
        else
            append({"k", "s"});
    }

    void plain()
    {
        auto const c = look();
        bool const breathed = look(1) == 'h' && std::string_view("bdgprtk").find(c) != std::string_view::npos;
        at_ += breathed ? 2 : 1;
        if (c == u_or_y)
            append({"u", "i"});
        else if (c == 'x')
            append({"ks"});
        else if (breathed && (c == 'k' || c == 'p'))
            append({c == 'k' ? "h" : "f"});
        else
            append({std::string(1, c == 'w' ? 'v' : c == 'q' ? 'k' : c)});
    }

    // Every folding so far, continued in each of these ways. Doubled letters are one.
    void append(std::vector<std::string> const& ways)
    {
        Foldings longer;
        for (auto const& way : ways) {
            for (auto const& folding : made_) {
                if (longer.size() < most_foldings)
                    longer.insert(folding + (folding.ends_with(way) ? "" : way));
            }
        }
        made_ = std::move(longer);
    }

    std::string_view word_;
    std::size_t at_ = 0;
    Foldings made_{""};
};

Foldings foldings_of(std::string_view word)
{
    auto made = Folder(word).fold();
    made.erase("");
    return made;
}

// The whole of a word with hyphens that begins here; empty when there is no hyphen.
std::string compound_at(std::vector<Word> const& words, std::size_t at)
{
    if (!words[at].joined)
        return {};
    std::string whole = words[at].letters;
    while (words[at].joined && ++at < words.size())
        whole += words[at].letters;
    return whole.substr(0, 2 * longest_word);
}

std::string pattern_of(Foldings const& foldings)
{
    std::string pattern = " (";
    for (auto const& folding : foldings)
        pattern += (pattern.size() == 2 ? "" : "|") + folding;
    return pattern + ")";
}

// Somebody who has typed "Tatj" means Tatjana: the last i may be the beginning of я.
void add_unfinished(Foldings& foldings)
{
    for (auto const& folding : Foldings(foldings)) {
        if (folding.size() > 1 && folding.back() == 'i')
            foldings.insert(folding.substr(0, folding.size() - 1));
    }
}

}

std::string folded(std::string_view text)
{
    std::string all;
    auto const words = words_of(text);
    auto const add = [&all](Foldings const& foldings) {
        for (auto const& folding : foldings)
            all += " " + folding;
    };
    for (std::size_t i = 0; i < words.size(); ++i) {
        add(foldings_of(words[i].letters));
        if (bool const first = i == 0 || !words[i - 1].joined; first)
            add(foldings_of(compound_at(words, i)));
    }
    return all;
}

std::vector<std::string> search_patterns(std::string_view query)
{
    std::vector<std::string> patterns;
    auto const words = words_of(query);
    Foldings whole;
    for (std::size_t i = 0; i < words.size() && i < most_words; ++i) {
        if (i == 0 || !words[i - 1].joined)
            whole = foldings_of(compound_at(words, i));
        auto foldings = foldings_of(words[i].letters);
        if (!words[i].joined)
            add_unfinished(foldings);
        foldings.insert(whole.begin(), whole.end());
        if (!foldings.empty())
            patterns.push_back(pattern_of(foldings));
    }
    return patterns;
}

}
