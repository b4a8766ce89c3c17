#include "calendars/lines.h"

#include "calendars/fold.h"

#include <array>
#include <charconv>

namespace kutsu::calendars
{
namespace
{

// RFC 5545 §3.3.11: these four and nothing else.
std::string escaped_text(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + 8);
    for (auto const c : text) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '\\' || c == ';' || c == ',')
            out += '\\';
        out += c;
    }
    return out;
}

// RFC 6868; quoted where a bare value would end.
std::string escaped_parameter(std::string_view text)
{
    std::string out;
    for (auto const c : text) {
        if (c == '^')
            out += "^^";
        else if (c == '"')
            out += "^'";
        else if (c == '\n')
            out += "^n";
        else
            out += c;
    }
    return text.find_first_of(":;,") == text.npos ? out : '"' + out + '"';
}

std::string digits(unsigned number, std::size_t width)
{
    auto const text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
}

std::string written(Day day)
{
    auto const year = static_cast<unsigned>(static_cast<int>(day.year()));
    return digits(year, 4) + digits(static_cast<unsigned>(day.month()), 2) +
           digits(static_cast<unsigned>(day.day()), 2);
}

std::string written(Day day, std::chrono::seconds time)
{
    auto const seconds = static_cast<unsigned>(time.count());
    return written(day) + 'T' + digits(seconds / 3600, 2) + digits(seconds / 60 % 60, 2) +
           digits(seconds % 60, 2);
}

// Six decimals, about a hand's breadth; "-0" is nobody's coordinate.
std::string written(double degrees)
{
    std::array<char, 32> buffer{};
    auto const end = std::to_chars(buffer.begin(), buffer.end(), degrees, std::chars_format::fixed, 6).ptr;
    std::string_view const text(buffer.data(), end);
    return std::string(text == "-0.000000" ? text.substr(1) : text);
}

}

BegunLine& BegunLine::language(LanguageTag const& tag)
{
    line_.append(";LANGUAGE=").append(tag.str());
    return *this;
}

BegunLine& BegunLine::parameter(Word name, Word value)
{
    line_.append(";").append(name.text()).append("=").append(value.text());
    return *this;
}

BegunLine& BegunLine::parameter(Word name, Line const& value)
{
    line_.append(";").append(name.text()).append("=").append(escaped_parameter(value.str()));
    return *this;
}

void BegunLine::word(Word value)
{
    end(value.text());
}

void BegunLine::text(Text const& value)
{
    end(escaped_text(value.str()));
}

void BegunLine::text(Line const& value)
{
    end(escaped_text(value.str()));
}

void BegunLine::texts(std::span<Line const> values)
{
    std::string list;
    for (auto const& value : values) {
        if (value.empty())
            continue;
        list.append(list.empty() ? "" : ",").append(escaped_text(value.str()));
    }
    end(list);
}

void BegunLine::uri(Uri const& value)
{
    end(value.str());
}

void BegunLine::uid(Uid const& value)
{
    end(value.str());
}

void BegunLine::zone(ZoneName const& value)
{
    end(value.str());
}

void BegunLine::color(Color const& value)
{
    end(value.str());
}

void BegunLine::geo(Geo const& value)
{
    end(written(value.latitude()) + ';' + written(value.longitude()));
}

void BegunLine::number(std::uint32_t value)
{
    end(std::to_string(value));
}

void BegunLine::duration(std::chrono::minutes value)
{
    auto const minutes = std::max<long>(value.count(), 1);
    auto text = std::string("PT");
    if (minutes >= 60)
        text += std::to_string(minutes / 60) + 'H';
    if (minutes % 60 != 0)
        text += std::to_string(minutes % 60) + 'M';
    end(text);
}

void BegunLine::utc(Utc value)
{
    auto const day = date::floor<date::days>(value);
    end(written(Day(day), value - day) + 'Z');
}

void BegunLine::day(Day value)
{
    line_ += ";VALUE=DATE";
    end(written(value));
}

void BegunLine::wall(ZoneRules const& zone, date::local_seconds value)
{
    auto const day = date::floor<date::days>(value);
    line_.append(";TZID=").append(zone.name);
    end(written(Day(day), value - day));
}

void BegunLine::end(std::string_view escaped)
{
    line_.append(":").append(escaped);
    append_folded(out_, line_);
}

}
