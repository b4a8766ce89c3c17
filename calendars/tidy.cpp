#include "calendars/tidy.h"

#include "calendars/code_points.h"

#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace kutsu::calendars
{
namespace
{

constexpr UChar32 next_line = 0x85, line_separator = 0x2028, paragraph_separator = 0x2029,
                  byte_order_mark = 0xFEFF;
constexpr UChar32 no_break_space = 0xA0;

bool breaks_line(UChar32 c)
{
    return c == '\n' || c == '\r' || c == next_line || c == line_separator || c == paragraph_separator;
}

// Marks belong to a letter or sign. One that follows a line break instead would, as "\\n" and the mark, be
// taken for a letter with an accent; more than eight, which no language has, would leave a content line
// without a place to fold.
class MarkCounter
{
public:
    bool lets_pass(UChar32 c)
    {
        if (!is_mark(c)) {
            left_ = c == '\n' || c == ' ' ? 0 : 8;
            return true;
        }
        return --left_ >= 0;
    }

private:
    int left_ = 0; // negative once too many came
};

// Every break becomes `line_break`, every tab a blank; other controls and byte order marks go. Before NFC,
// because what stood between a letter and its accent must not keep them apart.
icu::UnicodeString without_controls(icu::UnicodeString const& from, UChar32 line_break)
{
    icu::UnicodeString out;
    MarkCounter marks;
    for (int32_t i = 0; i < from.length(); i = from.moveIndex32(i, 1)) {
        auto c = from.char32At(i);
        if (c == '\r' && from.char32At(i + 1) == '\n')
            continue;
        if (breaks_line(c))
            c = line_break;
        else if (c == '\t')
            c = ' ';
        else if (c == byte_order_mark || u_charType(c) == U_CONTROL_CHAR)
            continue;
        if (marks.lets_pass(c))
            out.append(c);
    }
    return out;
}

// A folded line must be cut between two characters that are not blanks, or readers and mail lose the blank
// (R4). Words of a single letter ("S E M I N A R …") offer no such place, so in a long run of them now and
// then a blank that does not break stands for an ordinary one.
class BlankKeeper
{
public:
    explicit BlankKeeper(std::string& out) : out_(out) {}

    void add(UChar32 c)
    {
        if (c == ' ' && since_cut_ > longest_without_cut)
            c = no_break_space;
        icu::UnicodeString(c).toUTF8String(out_);
        auto const may_be_cut_before = c != ' ' && !after_blank_ && !is_mark(c);
        since_cut_ = (may_be_cut_before ? 0 : since_cut_) + U8_LENGTH(c);
        after_blank_ = c == ' ';
    }

private:
    static constexpr int longest_without_cut = 36;
    std::string& out_;
    int since_cut_ = 0;
    bool after_blank_ = true;
};

// One blank between words, none beside a line break or at either end, at most one empty line in a row.
std::string without_idle_blanks(icu::UnicodeString const& from)
{
    std::string out;
    BlankKeeper keeper(out);
    int breaks = 0;
    bool blank = false;
    for (int32_t i = 0; i < from.length(); i = from.moveIndex32(i, 1)) {
        auto const c = from.char32At(i);
        if (c == '\n')
            ++breaks;
        else if (c == ' ')
            blank = true;
        else {
            if (!out.empty() && breaks > 0)
                for (int left = std::min(breaks, 2); left > 0; --left)
                    keeper.add('\n');
            else if (!out.empty() && blank)
                keeper.add(' ');
            breaks = 0;
            blank = false;
            keeper.add(c);
        }
    }
    return out;
}

std::optional<std::string> tidy(std::string_view utf8, UChar32 line_break)
{
    constexpr std::size_t longest = 1'000'000;
    if (utf8.size() > longest || !is_utf8(utf8))
        return std::nullopt;

    auto const decoded =
        icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<int32_t>(utf8.size())));
    UErrorCode wrong = U_ZERO_ERROR;
    auto const* nfc = icu::Normalizer2::getNFCInstance(wrong);
    auto const composed = nfc->normalize(without_controls(decoded, line_break), wrong);
    return U_SUCCESS(wrong) ? std::optional(without_idle_blanks(composed)) : std::nullopt;
}

}

std::optional<std::string> tidy_lines(std::string_view utf8)
{
    return tidy(utf8, '\n');
}

std::optional<std::string> tidy_line(std::string_view utf8)
{
    return tidy(utf8, ' ');
}

}
