#include "calendars/values.h"

#include "calendars/tidy.h"

#include <algorithm>
#include <cmath>

namespace kutsu::calendars
{
namespace
{

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool consists_of(std::string_view text, std::string_view also)
{
    return std::ranges::all_of(text, [&](char c) { return is_letter(c) || is_digit(c) || also.contains(c); });
}

bool is_language_tag(std::string_view tag)
{
    if (tag.size() < 2 || tag.size() > 35)
        return false;
    for (bool first = true;; first = false) {
        auto const part = tag.substr(0, tag.find('-'));
        auto const fits =
            first ? part.size() >= 2 && std::ranges::all_of(part, is_letter) : consists_of(part, "");
        if (part.empty() || part.size() > 8 || !fits)
            return false;
        if (part.size() == tag.size())
            return true;
        tag.remove_prefix(part.size() + 1);
    }
}

// Each between two blanks.
constexpr std::string_view css3_colors =
    " aliceblue antiquewhite aqua aquamarine azure beige bisque black blanchedalmond blue blueviolet "
    "brown burlywood cadetblue chartreuse chocolate coral cornflowerblue cornsilk crimson cyan darkblue "
    "darkcyan darkgoldenrod darkgray darkgreen darkgrey darkkhaki darkmagenta darkolivegreen darkorange "
    "darkorchid darkred darksalmon darkseagreen darkslateblue darkslategray darkslategrey darkturquoise "
    "darkviolet deeppink deepskyblue dimgray dimgrey dodgerblue firebrick floralwhite forestgreen "
    "fuchsia gainsboro ghostwhite gold goldenrod gray green greenyellow grey honeydew hotpink indianred "
    "indigo ivory khaki lavender lavenderblush lawngreen lemonchiffon lightblue lightcoral lightcyan "
    "lightgoldenrodyellow lightgray lightgreen lightgrey lightpink lightsalmon lightseagreen "
    "lightskyblue lightslategray lightslategrey lightsteelblue lightyellow lime limegreen linen magenta "
    "maroon mediumaquamarine mediumblue mediumorchid mediumpurple mediumseagreen mediumslateblue "
    "mediumspringgreen mediumturquoise mediumvioletred midnightblue mintcream mistyrose moccasin "
    "navajowhite navy oldlace olive olivedrab orange orangered orchid palegoldenrod palegreen "
    "paleturquoise palevioletred papayawhip peachpuff peru pink plum powderblue purple red rosybrown "
    "royalblue saddlebrown salmon sandybrown seagreen seashell sienna silver skyblue slateblue "
    "slategray slategrey snow springgreen steelblue tan teal thistle tomato turquoise violet wheat "
    "white whitesmoke yellow yellowgreen ";

constexpr Utc first_writable = date::sys_days(date::year(1) / 1 / 1),
              first_too_late = date::sys_days(date::year(9999) / 1 / 1);

bool is_writable(Utc at)
{
    return at >= first_writable && at < first_too_late;
}

bool is_writable(Day day)
{
    return day.ok() && is_writable(Utc(date::sys_days(day)));
}

}

std::optional<Text> Text::from(std::string_view utf8)
{
    auto tidy = tidy_lines(utf8);
    return tidy ? std::optional(Text(std::move(*tidy))) : std::nullopt;
}

std::optional<Line> Line::from(std::string_view utf8)
{
    auto tidy = tidy_line(utf8);
    return tidy ? std::optional(Line(std::move(*tidy))) : std::nullopt;
}

std::optional<LanguageTag> LanguageTag::from(std::string_view tag)
{
    return is_language_tag(tag) ? std::optional(LanguageTag(std::string(tag))) : std::nullopt;
}

std::optional<Uid> Uid::from(std::string_view text)
{
    auto const at = text.find('@');
    return at == text.npos ? std::nullopt : from(text.substr(0, at), text.substr(at + 1));
}

std::optional<Uid> Uid::from(std::string_view public_id, std::string_view host)
{
    auto const fits = [](std::string_view part) { return !part.empty() && consists_of(part, "._-"); };
    if (!fits(public_id) || !fits(host) || public_id.size() + host.size() > 254)
        return std::nullopt;
    return Uid(std::string(public_id) + '@' + std::string(host));
}

std::optional<ZoneName> ZoneName::from(std::string_view name)
{
    auto const fits =
        !name.empty() && name.size() <= 64 && is_letter(name.front()) && consists_of(name, "/_+-");
    return fits ? std::optional(ZoneName(std::string(name))) : std::nullopt;
}

std::optional<Color> Color::from(std::string_view name)
{
    auto const known = consists_of(name, "") && css3_colors.contains(' ' + std::string(name) + ' ');
    return known ? std::optional(Color(std::string(name))) : std::nullopt;
}

std::optional<Geo> Geo::from(double latitude, double longitude)
{
    auto const within = std::abs(latitude) <= 90 && std::abs(longitude) <= 180; // false for NaN
    return within ? std::optional(Geo(latitude, longitude)) : std::nullopt;
}

std::optional<Span> Span::timed(Moment start, Moment end)
{
    if (!(start.at < end.at) || !is_writable(start.at) || !is_writable(end.at))
        return std::nullopt;
    return Span(Timed{std::move(start), std::move(end)});
}

std::optional<Span> Span::all_day(Day first, Day last)
{
    if (!is_writable(first) || !is_writable(last) || last < first)
        return std::nullopt;
    return Span(AllDay{first, last});
}

Utc Span::start() const
{
    auto const* days = all_day();
    return days ? Utc(date::sys_days(days->first)) : timed()->start.at;
}

}
