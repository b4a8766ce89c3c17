// Values that cannot be wrong. Everything a calendar says arrives through one of these factories, so the
// writers need not doubt what they are given: no control character, no broken UTF-8, no line break where a
// line would end. A factory returns nothing when the input cannot be made into such a value.
#pragma once

#include <date/date.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace kutsu::calendars
{

using Utc = std::chrono::sys_seconds;
using Day = date::year_month_day;

// Words of one or more lines: NFC, "\n" the only control character, no blank beside another blank or at a
// line's end, at most one empty line in a row. Only input that is not UTF-8 is refused; what remains may be
// empty.
class Text
{
public:
    static std::optional<Text> from(std::string_view utf8);

    Text() = default;
    std::string const& str() const { return value_; }
    bool empty() const { return value_.empty(); }
    friend bool operator==(Text const&, Text const&) = default;

private:
    explicit Text(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// A Text of one line: line breaks have become blanks. For titles, places, names, categories.
class Line
{
public:
    static std::optional<Line> from(std::string_view utf8);

    Line() = default;
    std::string const& str() const { return value_; }
    bool empty() const { return value_.empty(); }
    friend bool operator==(Line const&, Line const&) = default;

private:
    explicit Line(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// An absolute URI of RFC 3986 characters. IRIs are accepted: hosts become Punycode, other characters are
// percent-encoded as UTF-8. Control characters, no scheme or a web address without a host: refused.
class Uri
{
public:
    static std::optional<Uri> from(std::string_view iri);

    std::string const& str() const { return value_; }
    friend bool operator==(Uri const&, Uri const&) = default;

private:
    explicit Uri(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// A tag shaped as RFC 5646 wants it: "fi", "ru", "sr-Latn". Letters, digits and hyphens only.
class LanguageTag
{
public:
    static std::optional<LanguageTag> from(std::string_view tag);

    std::string const& str() const { return value_; }
    friend bool operator==(LanguageTag const&, LanguageTag const&) = default;

private:
    explicit LanguageTag(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// PUBLIC_ID@HOST, both of letters, digits and ". _ -" (R32).
class Uid
{
public:
    static std::optional<Uid> from(std::string_view text);
    static std::optional<Uid> from(std::string_view public_id, std::string_view host);

    std::string const& str() const { return value_; }
    friend auto operator<=>(Uid const&, Uid const&) = default;

private:
    explicit Uid(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// The name of a zone in the IANA database, or shaped like one. Which zones are written as such: zones.h.
class ZoneName
{
public:
    static std::optional<ZoneName> from(std::string_view name);

    std::string const& str() const { return value_; }
    friend bool operator==(ZoneName const&, ZoneName const&) = default;

private:
    explicit ZoneName(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// A colour by its CSS3 name, as RFC 7986 wants it.
class Color
{
public:
    static std::optional<Color> from(std::string_view name);

    std::string const& str() const { return value_; }
    friend bool operator==(Color const&, Color const&) = default;

private:
    explicit Color(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// Degrees, latitude within ±90, longitude within ±180.
class Geo
{
public:
    static std::optional<Geo> from(double latitude, double longitude);

    double latitude() const { return latitude_; }
    double longitude() const { return longitude_; }
    friend bool operator==(Geo const&, Geo const&) = default;

private:
    Geo(double latitude, double longitude) : latitude_(latitude), longitude_(longitude) {}
    double latitude_, longitude_;
};

// An instant and the zone whose clocks people there look at.
struct Moment
{
    Utc at;
    ZoneName zone;
    friend bool operator==(Moment const&, Moment const&) = default;
};

struct Timed
{
    Moment start, end;
    friend bool operator==(Timed const&, Timed const&) = default;
};

struct AllDay
{
    Day first, last; // both belong to it
    friend bool operator==(AllDay const&, AllDay const&) = default;
};

// When something is: between two moments, the later strictly after the earlier (R26), or whole days. Years 1
// to 9998.
class Span
{
public:
    static std::optional<Span> timed(Moment start, Moment end);
    static std::optional<Span> all_day(Day first, Day last);

    Timed const* timed() const { return std::get_if<Timed>(&value_); }
    AllDay const* all_day() const { return std::get_if<AllDay>(&value_); }
    // Where it stands in a calendar's order; whole days begin at 00:00 UTC.
    Utc start() const;
    friend bool operator==(Span const&, Span const&) = default;

private:
    explicit Span(std::variant<Timed, AllDay> value) : value_(std::move(value)) {}
    std::variant<Timed, AllDay> value_;
};

// Words with the language they really are in (R44).
template <class Words>
struct InLanguage
{
    Words words;
    LanguageTag language;
    friend bool operator==(InLanguage const&, InLanguage const&) = default;
};

}
