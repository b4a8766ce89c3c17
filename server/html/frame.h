// What every public page has around its content: head, skip link, header with the language switch, landmarks,
// footer.
#pragma once

#include "base/clock.h"
#include "html/html.h"

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::html
{

// Addresses of the browser's files, with a hash of their contents in the name, and what they need to know.
struct Assets
{
    std::string css;
    std::string register_js;
    std::string live_js;
    std::string people_js;
    std::int64_t file_limit = 0; // bytes of one file that a form takes; 0: not said
};

// What a page knows of its reader and its place.
struct Surroundings
{
    std::string language;
    std::string default_language; // of the site
    std::string base_url;         // "https://example.org"; empty: unknown, absolute links are left out
    Assets assets;
    Instant now;
    std::optional<Instant> as_of; // set while the database is away: how old the picture is
};

// Who pays, as it has to stand on every page about their money.
struct Funding
{
    Text statement;
    Text programme;
};

struct Head
{
    std::string title; // "Step – Event"; the site's name follows
    bool is_error = false;
    std::string description;
    Url path; // without the language: /events/ev-sem-spring; nothing: the page has no lasting address
    std::string query; // kept by the language switch: "?kind=seminar" or nothing
    Url calendar;      // the page's twin as text/calendar
    std::string calendar_title;
    bool is_listed = true; // may be indexed and shared; otherwise noindex and no OpenGraph
    std::optional<boost::json::object> json_ld;
    bool loads_live = false;
    bool loads_register = false;
    bool loads_people = false;
    std::vector<Funding> funding;
};

// The whole document. `main` are the attributes of <main> besides its id.
std::string page(Surroundings const& in, Head const& head, std::vector<Attr> const& main,
                 std::function<void(Html&)> const& body);

// The address of a page in a language: ("fi", /events/x) → /fi/events/x; nothing → /fi/.
Url in_language(std::string_view language, Url const& path);

// "Näytetään tiedot, jotka luettiin 12 minuuttia sitten": while the database is away.
void add_age_notice(Html& html, Surroundings const& in);

// The European Union's emblem with the statement beside it, in the size the rules ask for.
void add_funding(Html& html, Funding const& funding, std::string_view language);

}
