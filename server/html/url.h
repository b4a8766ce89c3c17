// Url: an address that may stand in a link. Made only by the factories below, so that a "javascript:" from a
// database cannot reach a page: what is not plainly http, https, mailto, tel or relative becomes nothing, and
// an attribute made of nothing is left out.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace kutsu::html
{

class Url
{
public:
    Url() = default;

    // An address from outside.
    static Url parse(std::string_view text);
    // An address of this site from decoded segments: {"fi", "events", slug} → /fi/events/SLUG.
    static Url local(std::initializer_list<std::string_view> segments);
    // A place on the same page.
    static Url fragment(std::string_view id);
    // The same address, absolute: base is "https://example.org" without a slash at the end.
    static Url absolute(std::string_view base, Url const& local);
    // What calendar programs subscribe to: webcal:// instead of http(s)://.
    static Url webcal(std::string_view base, Url const& local);

    // With one more parameter in the query; both are encoded here.
    Url with(std::string_view name, std::string_view value) const;
    // With "/" at the end: the address of a list.
    Url as_folder() const;

    bool empty() const { return text_.empty(); }
    std::string const& text() const { return text_; }

private:
    explicit Url(std::string text) : text_(std::move(text)) {}

    std::string text_;
};

// Everything but the unreserved characters of RFC 3986 as %XX.
std::string percent_encoded(std::string_view text);

}
