// Content lines (RFC 5545 §3.1). Names are compile-time literals, each setter escapes for its own context,
// and there is no way to append raw bytes to a line.
//
//   out.line("SUMMARY").language(ru).text(title);
#pragma once

#include "calendars/zones.h"

#include <algorithm>
#include <span>
#include <string>

namespace kutsu::calendars
{

// A name or fixed value written in the source code; anything else does not compile.
class Word
{
public:
    consteval Word(char const* literal)
        : text_(literal) // NOLINT(google-explicit-constructor): reads as the name it is
    {
        auto const fits = [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   std::string_view("-./").contains(c);
        };
        if (text_.empty() || !std::ranges::all_of(text_, fits))
            throw "not a word of a content line";
    }

    std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

class LineWriter;

// A line begun: parameters, then exactly one value, which ends and folds it.
class [[nodiscard]] BegunLine
{
public:
    BegunLine& language(LanguageTag const& tag);
    BegunLine& parameter(Word name, Word value);
    BegunLine& parameter(Word name, Line const& value); // RFC 6868, quoted where needed

    void word(Word value);
    void text(Text const& value);
    void text(Line const& value);
    void texts(std::span<Line const> values);
    void uri(Uri const& value);
    void uid(Uid const& value);
    void zone(ZoneName const& value);
    void color(Color const& value);
    void geo(Geo const& value);
    void number(std::uint32_t value);
    void duration(std::chrono::minutes value);
    void utc(Utc value);
    void day(Day value);
    void wall(ZoneRules const& zone, date::local_seconds value);

private:
    friend class LineWriter;
    BegunLine(std::string& out, Word name) : out_(out), line_(name.text()) {}
    void end(std::string_view escaped);

    std::string& out_;
    std::string line_;
};

class LineWriter
{
public:
    BegunLine line(Word name) { return {out_, name}; }
    void begin(Word component) { line("BEGIN").word(component); }
    void end(Word component) { line("END").word(component); }
    std::string take() && { return std::move(out_); }

private:
    std::string out_;
};

}
