// Builds HTML by appending to one string. The context of each piece is a type: text is escaped, attributes
// come from html/attributes.h, addresses from html/url.h, ready-made HTML is a SafeHtml that only this
// builder makes. Elements are closed by construction. Scripts: a module by address or data for search
// engines, nothing inline; no style at all.
#pragma once

#include "base/problem.h"
#include "base/text.h"
#include "html/attributes.h"

#include <boost/json/object.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kutsu::html
{

enum class Tag
{
    a,
    article,
    aside,
    body,
    button,
    caption,
    dd,
    details,
    div,
    dl,
    dt,
    em,
    fieldset,
    figcaption,
    figure,
    footer,
    form,
    g,
    h1,
    h2,
    h3,
    h4,
    head,
    header,
    html,
    input,
    label,
    legend,
    li,
    link,
    main,
    meta,
    nav,
    ol,
    option,
    p,
    path,
    polygon,
    rect,
    section,
    select,
    small,
    span,
    strong,
    summary,
    svg,
    table,
    tbody,
    td,
    textarea,
    th,
    thead,
    time,
    title,
    tr,
    ul
};

// A finished piece of HTML; only Html makes it.
class SafeHtml
{
public:
    SafeHtml() = default;
    bool empty() const { return bytes_.empty(); }
    std::string const& bytes() const { return bytes_; }

private:
    friend class Html;
    explicit SafeHtml(std::string bytes) : bytes_(std::move(bytes)) {}
    std::string bytes_;
};

// A part of a sentence that is more than text: written where {name} stands in the message.
struct Slot
{
    std::string name;
    std::function<void()> write;
};

class Html
{
public:
    explicit Html(std::size_t expected_size = 1024) { bytes_.reserve(expected_size); }

    // An element with text, with what `body` writes, with ready-made HTML, or empty.
    void add(Tag tag, std::string_view text) { add(tag, {}, text); }
    void add(Tag tag, Attributes attributes, std::string_view text);
    void add(Tag tag, Attributes attributes, SafeHtml const& inner);
    void add(Tag tag, Attributes attributes);
    template <std::invocable Body>
    void add(Tag tag, Attributes attributes, Body&& body)
    {
        open(tag, attributes);
        std::forward<Body>(body)();
        close(tag);
    }
    template <std::invocable Body>
    void add(Tag tag, Body&& body)
    {
        add(tag, {}, std::forward<Body>(body));
    }

    void text(std::string_view text);
    void add(SafeHtml const& piece) { bytes_ += piece.bytes(); }

    // A message of the catalogue in which some parameters are elements.
    void sentence(std::string_view language, std::string_view key, std::vector<Slot> const& slots,
                  Arguments const& arguments = {});

    void doctype() { bytes_ += "<!DOCTYPE html>\n"; }
    void module(Url const& script);
    void json_ld(boost::json::object const& data);

    SafeHtml piece() && { return SafeHtml(std::move(bytes_)); }
    std::string bytes() && { return std::move(bytes_); }

private:
    void open(Tag tag, Attributes attributes);
    void close(Tag tag);

    std::string bytes_;
};

// JSON that cannot end a script element or a line of JavaScript: "<", ">", "&", U+2028 and U+2029 as \uXXXX.
std::string json_for_script(boost::json::object const& data);

// The words of a Text to show to a reader, and the language they are in when that is not the reader's.
struct Shown
{
    std::string words;
    std::string other_language; // empty: the reader's own
    bool is_missing = false;    // there are no words in any language
};
Shown shown(Text const& text, std::string_view language);
// "Saatavilla vain englanniksi." when the words are in another language than the reader's; else "".
std::string only_in(Shown const& shown, std::string_view language);

// An element with the words, marked with lang= when they are in another language.
void add_words(Html& html, Tag tag, Text const& text, std::string_view language);
// The words within other text: plain, or in a span with lang=.
void add_words(Html& html, Text const& text, std::string_view language);
// The visible note that belongs to such words.
void add_note(Html& html, Shown const& shown, std::string_view language);

}
