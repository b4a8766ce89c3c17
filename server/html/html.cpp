#include "html/html.h"

#include "base/messages.h"

#include <boost/json/serialize.hpp>

#include <array>
#include <stdexcept>

namespace kutsu::html
{
namespace
{

struct TagName
{
    Tag tag;
    std::string_view name;
    bool is_void = false;
};

constexpr std::array tag_names = {
    TagName{Tag::a, "a"},
    TagName{Tag::article, "article"},
    TagName{Tag::aside, "aside"},
    TagName{Tag::body, "body"},
    TagName{Tag::button, "button"},
    TagName{Tag::caption, "caption"},
    TagName{Tag::dd, "dd"},
    TagName{Tag::details, "details"},
    TagName{Tag::div, "div"},
    TagName{Tag::dl, "dl"},
    TagName{Tag::dt, "dt"},
    TagName{Tag::em, "em"},
    TagName{Tag::fieldset, "fieldset"},
    TagName{Tag::figcaption, "figcaption"},
    TagName{Tag::figure, "figure"},
    TagName{Tag::footer, "footer"},
    TagName{Tag::form, "form"},
    TagName{Tag::g, "g"},
    TagName{Tag::h1, "h1"},
    TagName{Tag::h2, "h2"},
    TagName{Tag::h3, "h3"},
    TagName{Tag::h4, "h4"},
    TagName{Tag::head, "head"},
    TagName{Tag::header, "header"},
    TagName{Tag::html, "html"},
    TagName{Tag::input, "input", true},
    TagName{Tag::label, "label"},
    TagName{Tag::legend, "legend"},
    TagName{Tag::li, "li"},
    TagName{Tag::link, "link", true},
    TagName{Tag::main, "main"},
    TagName{Tag::meta, "meta", true},
    TagName{Tag::nav, "nav"},
    TagName{Tag::ol, "ol"},
    TagName{Tag::option, "option"},
    TagName{Tag::p, "p"},
    TagName{Tag::path, "path"},
    TagName{Tag::polygon, "polygon"},
    TagName{Tag::rect, "rect"},
    TagName{Tag::section, "section"},
    TagName{Tag::select, "select"},
    TagName{Tag::small, "small"},
    TagName{Tag::span, "span"},
    TagName{Tag::strong, "strong"},
    TagName{Tag::summary, "summary"},
    TagName{Tag::svg, "svg"},
    TagName{Tag::table, "table"},
    TagName{Tag::tbody, "tbody"},
    TagName{Tag::td, "td"},
    TagName{Tag::textarea, "textarea"},
    TagName{Tag::th, "th"},
    TagName{Tag::thead, "thead"},
    TagName{Tag::time, "time"},
    TagName{Tag::title, "title"},
    TagName{Tag::tr, "tr"},
    TagName{Tag::ul, "ul"},
};

constexpr bool is_in_order()
{
    for (std::size_t i = 0; i < tag_names.size(); ++i) {
        if (static_cast<std::size_t>(tag_names[i].tag) != i)
            return false;
    }
    return true;
}
static_assert(is_in_order(), "tag_names follows the order of Tag");

TagName const& name_of(Tag tag)
{
    return tag_names.at(static_cast<std::size_t>(tag));
}

// Safe in text and in quoted attributes alike.
void append_escaped(std::string& to, std::string_view text)
{
    std::size_t done = 0;
    for (auto at = text.find_first_of("&<>\"'"); at != std::string_view::npos;
         at = text.find_first_of("&<>\"'", done)) {
        to.append(text, done, at - done);
        switch (text[at]) {
        case '&':
            to += "&amp;";
            break;
        case '<':
            to += "&lt;";
            break;
        case '>':
            to += "&gt;";
            break;
        case '"':
            to += "&quot;";
            break;
        default:
            to += "&#39;";
        }
        done = at + 1;
    }
    to.append(text, done);
}

// Slots are marked in the formatted message by noncharacters (U+FDD0 …), which no text for people holds.
constexpr std::size_t slot_limit = 16;
constexpr std::string_view slot_lead = "\xEF\xB7";

std::string slot_mark(std::size_t number)
{
    return std::string(slot_lead) + static_cast<char>(0x90 + number);
}

}

void Html::open(Tag tag, Attributes attributes)
{
    bytes_ += '<';
    bytes_ += name_of(tag).name;
    for (auto const& each : attributes) {
        if (!each.is_present())
            continue;
        bytes_ += ' ';
        bytes_ += each.prefix();
        bytes_ += each.name();
        if (!each.has_value())
            continue;
        bytes_ += "=\"";
        append_escaped(bytes_, each.value());
        bytes_ += '"';
    }
    bytes_ += '>';
}

void Html::close(Tag tag)
{
    bytes_ += "</";
    bytes_ += name_of(tag).name;
    bytes_ += '>';
}

void Html::add(Tag tag, Attributes attributes, std::string_view text)
{
    open(tag, attributes);
    append_escaped(bytes_, text);
    close(tag);
}

void Html::add(Tag tag, Attributes attributes, SafeHtml const& inner)
{
    open(tag, attributes);
    bytes_ += inner.bytes();
    close(tag);
}

void Html::add(Tag tag, Attributes attributes)
{
    open(tag, attributes);
    if (!name_of(tag).is_void)
        close(tag);
}

void Html::text(std::string_view text)
{
    append_escaped(bytes_, text);
}

void Html::sentence(std::string_view language, std::string_view key, std::vector<Slot> const& slots,
                    Arguments const& arguments)
{
    if (slots.size() > slot_limit)
        throw std::logic_error("too many slots in a sentence");
    auto all = arguments;
    for (std::size_t i = 0; i < slots.size(); ++i)
        all.push_back({slots[i].name, slot_mark(i)});
    auto const formatted = message(language, key, all);
    auto rest = std::string_view(formatted);
    for (auto at = rest.find(slot_lead); at != std::string_view::npos; at = rest.find(slot_lead)) {
        text(rest.substr(0, at));
        auto const number = static_cast<std::size_t>(static_cast<unsigned char>(rest.at(at + 2))) - 0x90;
        rest.remove_prefix(at + slot_lead.size() + 1);
        if (number < slots.size())
            slots[number].write();
    }
    text(rest);
}

void Html::module(Url const& script)
{
    if (script.empty())
        return;
    bytes_ += "<script type=\"module\" src=\"";
    append_escaped(bytes_, script.text());
    bytes_ += "\"></script>";
}

void Html::json_ld(boost::json::object const& data)
{
    bytes_ += "<script type=\"application/ld+json\">";
    bytes_ += json_for_script(data);
    bytes_ += "</script>";
}

std::string json_for_script(boost::json::object const& data)
{
    auto const plain = boost::json::serialize(data);
    std::string safe;
    safe.reserve(plain.size() + 64);
    for (std::size_t i = 0; i < plain.size(); ++i) {
        auto const rest = std::string_view(plain).substr(i);
        if (plain[i] == '<')
            safe += "\\u003c";
        else if (plain[i] == '>')
            safe += "\\u003e";
        else if (plain[i] == '&')
            safe += "\\u0026";
        else if (rest.starts_with("\xE2\x80\xA8") || rest.starts_with("\xE2\x80\xA9")) {
            safe += rest[2] == '\xA8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else
            safe += plain[i];
    }
    return safe;
}

}
