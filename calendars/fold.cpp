#include "calendars/fold.h"

#include "calendars/code_points.h"

namespace kutsu::calendars
{
namespace
{

constexpr std::size_t longest_piece = 75;

// How good a place for a cut is. Text (values.h) sees to it that every piece has one that is at least
// between_signs or, in chains of joined emoji without end, between_characters.
enum class Place
{
    in_character = 1,
    beside_blank,       // readers and mail may lose the blank
    before_mark,        // a combining mark or a joiner would begin the next piece
    between_characters, // within what is seen as one sign, or within an escape such as "\\,"
    between_signs
};

bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool is_flag_half(UChar32 c)
{
    return u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR);
}

// A flag is two of them; between two flags a cut is welcome.
bool splits_flag(std::string_view line, std::size_t at)
{
    std::size_t halves = 0;
    while (at > 0 && is_flag_half(previous_code_point(line, at)))
        ++halves;
    return halves % 2 == 1;
}

Place judge(std::string_view line, std::size_t at)
{
    if (U8_IS_TRAIL(static_cast<uint8_t>(line[at])))
        return Place::in_character;
    if (is_blank(line[at - 1]) || is_blank(line[at]))
        return Place::beside_blank;

    auto next = at, before = at;
    auto const first = next_code_point(line, next), last = previous_code_point(line, before);
    if (is_mark(first))
        return Place::before_mark;
    auto const joined = last == zero_width_joiner || last == '\\' ||
                        u_hasBinaryProperty(first, UCHAR_EMOJI_MODIFIER) ||
                        (is_flag_half(first) && splits_flag(line, at));
    return joined ? Place::between_characters : Place::between_signs;
}

// The furthest of the best places.
std::size_t cut(std::string_view line, std::size_t begin, std::size_t furthest)
{
    auto best = furthest;
    auto best_place = Place::in_character;
    for (auto at = furthest; at > begin && best_place != Place::between_signs; --at) {
        if (auto const place = judge(line, at); place > best_place) {
            best = at;
            best_place = place;
        }
    }
    return best;
}

}

void append_folded(std::string& out, std::string_view line)
{
    std::size_t begin = 0;
    for (auto room = longest_piece; line.size() - begin > room; room = longest_piece - 1) {
        auto const end = cut(line, begin, begin + room);
        out.append(line.substr(begin, end - begin)).append("\r\n ");
        begin = end;
    }
    out.append(line.substr(begin)).append("\r\n");
}

}
