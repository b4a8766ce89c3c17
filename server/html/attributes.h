// Attributes of elements. Each is made by a function that knows what kind of value belongs there: an address
// is a Url, a class a name from the code. There is no way to make "style" or "onclick".
#pragma once

#include "html/url.h"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kutsu::html
{

class Attr
{
public:
    bool is_present() const { return present_; }
    std::string_view name() const { return name_; }
    std::string_view prefix() const { return prefix_; }
    // Without a value: a boolean attribute.
    bool has_value() const { return has_value_; }
    std::string const& value() const { return value_; }

private:
    friend struct attr;
    Attr() = default;
    Attr(std::string_view name, std::string value)
        : name_(name), value_(std::move(value)), has_value_(true), present_(true)
    {}
    Attr(std::string_view prefix, std::string_view name, std::string value) : Attr(name, std::move(value))
    {
        prefix_ = prefix;
    }
    static Attr boolean(std::string_view name, bool present)
    {
        Attr made;
        made.name_ = name;
        made.present_ = present;
        return made;
    }
    static Attr unless_empty(std::string_view name, std::string_view value)
    {
        return value.empty() ? Attr() : Attr(name, std::string(value));
    }

    std::string_view prefix_; // "data-", "aria-" or nothing
    std::string_view name_;   // of a literal in the code
    std::string value_;
    bool has_value_ = false;
    bool present_ = false;
};

// The rest of a name after "data-" or "aria-": a literal of small letters and hyphens, checked while
// compiling.
class NamePart
{
public:
    consteval NamePart(char const* text) : text_(text)
    {
        for (char const c : text_) {
            if ((c < 'a' || c > 'z') && c != '-')
                throw "a name of small letters and hyphens is expected";
        }
    }
    std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

// In lower case, because it is read as a part of the words: attr::href(…).
// NOLINTNEXTLINE(readability-identifier-naming)
struct attr
{
    static Attr id(std::string_view value) { return Attr::unless_empty("id", value); }
    static Attr cls(std::string_view value) { return Attr::unless_empty("class", value); }
    static Attr lang(std::string_view value) { return Attr::unless_empty("lang", value); }
    static Attr hreflang(std::string_view value) { return Attr::unless_empty("hreflang", value); }
    static Attr role(std::string_view value) { return {"role", std::string(value)}; }
    static Attr rel(std::string_view value) { return {"rel", std::string(value)}; }
    static Attr title(std::string_view value) { return Attr::unless_empty("title", value); }
    static Attr data(NamePart name, std::string_view value)
    {
        return {"data-", name.text(), std::string(value)};
    }
    static Attr data(NamePart name, std::int64_t value)
    {
        return {"data-", name.text(), std::to_string(value)};
    }
    static Attr data(NamePart name) { return {"data-", name.text(), std::string()}; }
    static Attr aria(NamePart name, std::string_view value)
    {
        return value.empty() ? Attr() : Attr("aria-", name.text(), std::string(value));
    }
    static Attr datetime(std::string_view value) { return {"datetime", std::string(value)}; }
    static Attr hidden(bool is = true) { return Attr::boolean("hidden", is); }
    static Attr open(bool is = true) { return Attr::boolean("open", is); }
    static Attr tabindex(int value) { return {"tabindex", std::to_string(value)}; }

    // Addresses: nothing when the Url is nothing.
    static Attr href(Url const& url) { return Attr::unless_empty("href", url.text()); }
    static Attr action(Url const& url) { return Attr::unless_empty("action", url.text()); }
    static Attr content(Url const& url) { return Attr::unless_empty("content", url.text()); }

    // Forms.
    static Attr method(std::string_view value) { return {"method", std::string(value)}; }
    static Attr type(std::string_view value) { return {"type", std::string(value)}; }
    static Attr min(std::string_view value) { return Attr::unless_empty("min", value); }
    static Attr max(std::string_view value) { return Attr::unless_empty("max", value); }
    static Attr name(std::string_view value) { return {"name", std::string(value)}; }
    static Attr value(std::string_view value) { return {"value", std::string(value)}; }
    static Attr for_field(std::string_view id) { return {"for", std::string(id)}; }
    static Attr autocomplete(std::string_view value) { return Attr::unless_empty("autocomplete", value); }
    static Attr inputmode(std::string_view value) { return Attr::unless_empty("inputmode", value); }
    static Attr maxlength(std::int64_t value) { return {"maxlength", std::to_string(value)}; }
    static Attr rows(std::int64_t value) { return {"rows", std::to_string(value)}; }
    static Attr required(bool is) { return Attr::boolean("required", is); }
    static Attr checked(bool is) { return Attr::boolean("checked", is); }
    static Attr selected(bool is) { return Attr::boolean("selected", is); }
    static Attr disabled(bool is) { return Attr::boolean("disabled", is); }

    static Attr form(std::string_view id) { return {"form", std::string(id)}; }
    static Attr enctype(std::string_view value) { return {"enctype", std::string(value)}; }
    static Attr accept(std::string_view value) { return {"accept", std::string(value)}; }

    // Tables.
    static Attr scope(std::string_view value) { return {"scope", std::string(value)}; }
    static Attr colspan(std::int64_t value) { return {"colspan", std::to_string(value)}; }

    // Head.
    static Attr charset(std::string_view value) { return {"charset", std::string(value)}; }
    static Attr property(std::string_view value) { return {"property", std::string(value)}; }
    static Attr content(std::string_view value) { return {"content", std::string(value)}; }

    // Drawings.
    static Attr view_box(std::string_view value) { return {"viewBox", std::string(value)}; }
    static Attr path_data(std::string value) { return {"d", std::move(value)}; }
    static Attr points(std::string value) { return {"points", std::move(value)}; }
    static Attr fill(std::string_view value) { return {"fill", std::string(value)}; }
    static Attr width(std::int64_t value) { return {"width", std::to_string(value)}; }
    static Attr height(std::int64_t value) { return {"height", std::to_string(value)}; }

    // A boolean by value, for attributes that say "true".
    static Attr when(bool is, Attr made) { return is ? std::move(made) : Attr(); }
};

// What an element is given: a list in braces or a vector; lives as long as the call.
class Attributes
{
public:
    Attributes() = default;
    Attributes(std::initializer_list<Attr> list) : first_(list.begin()), size_(list.size()) {}
    Attributes(std::vector<Attr> const& list) : first_(list.data()), size_(list.size()) {}

    Attr const* begin() const { return first_; }
    Attr const* end() const { return first_ + size_; }

private:
    Attr const* first_ = nullptr;
    std::size_t size_ = 0;
};

}
