// What holds for every page: elements are closed, ids are unique, references have targets, nothing is inline.
#pragma once

#include "events/event.h"

#include <array>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::pages
{

inline std::size_t count(std::string_view page, std::string_view piece)
{
    std::size_t found = 0;
    for (auto at = page.find(piece); at != std::string_view::npos; at = page.find(piece, at + 1))
        ++found;
    return found;
}

// What is read: without tags, entities resolved, blanks as one.
inline std::string text_of(std::string const& page)
{
    auto const body = page.substr(std::min(page.find("<body"), page.size()));
    auto text = std::regex_replace(body, std::regex("<[^>]*>"), "");
    for (auto const& [entity, character] : std::array<std::pair<char const*, char const*>, 5>{
             {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}})
        text = std::regex_replace(text, std::regex(entity), character);
    return std::regex_replace(text, std::regex("\\s+"), " ");
}

inline std::string faults_of_nesting(std::string const& page)
{
    static std::set<std::string> const voids = {"input", "link", "meta"};
    std::vector<std::string> open;
    static std::regex const tag(R"(<(/?)([a-z0-9]+)([^>]*)>)");
    for (std::sregex_iterator at(page.begin(), page.end(), tag), end; at != end; ++at) {
        auto const name = (*at)[2].str();
        if (voids.contains(name))
            continue;
        if ((*at)[1].length() == 0)
            open.push_back(name);
        else if (open.empty() || open.back() != name)
            return "unexpected </" + name + ">";
        else
            open.pop_back();
    }
    return open.empty() ? "" : "open: " + open.back();
}

inline std::set<std::string> values_of(std::string const& page, std::string const& attribute)
{
    std::set<std::string> values;
    std::regex const each(" " + attribute + "=\"([^\"]*)\"");
    for (std::sregex_iterator at(page.begin(), page.end(), each), end; at != end; ++at) {
        std::istringstream words((*at)[1].str());
        for (std::string word; words >> word;)
            values.insert(word);
    }
    return values;
}

inline std::string faults_of_references(std::string const& page)
{
    auto const ids = values_of(page, "id");
    if (ids.size() != count(page, " id=\""))
        return "an id stands twice";
    for (auto const* attribute : {"for", "aria-describedby", "aria-labelledby"}) {
        for (auto const& target : values_of(page, attribute)) {
            if (!ids.contains(target))
                return std::string(attribute) + " leads nowhere: " + target;
        }
    }
    return "";
}

// Scripts are modules by address or data; styles and handlers do not exist.
inline std::string faults_of_inlining(std::string const& page)
{
    static std::regex const script(
        R"(<script(?! type="module" src="[^"]+"></script>)(?! type="application/ld\+json">))");
    static std::regex const attribute(R"(<[^>]*\s(style|on[a-z]+)=)");
    if (std::regex_search(page, script))
        return "an inline script";
    // Between quotation marks stands text; raw ones never come from it.
    auto const bare = std::regex_replace(page, std::regex("\"[^\"]*\""), "\"\"");
    if (page.find("<style") != std::string::npos || std::regex_search(bare, attribute))
        return "an inline style or handler";
    return "";
}

// Empty when all is well.
inline std::string faults(std::string const& page)
{
    for (auto const& fault :
         {faults_of_nesting(page), faults_of_references(page), faults_of_inlining(page)}) {
        if (!fault.empty())
            return fault;
    }
    return "";
}

// Markup in every text of an event.
inline void poison(events::Event& event)
{
    std::string const bad = "\"'><img src=x onerror=alert(1)></script><script>alert(1)</script>";
    Text const text({{"fi", bad}, {"en", bad}, {"ru", bad}});
    event.title = event.description = event.cancel_reason = text;
    event.venue->name = text;
    event.venue->city = event.venue->address_latin = event.venue->address_cyrillic = bad;
    event.venue->city_slug = "x";
    event.pair = {{"a\"><img>", text}};
    auto project = *event.project;
    project.acronym = project.number = bad;
    project.title = project.programme.name = project.programme.funding_statement = text;
    event.project = std::make_shared<events::Project const>(project);
    for (auto& session : event.sessions) {
        session.title = text;
        session.track = session.linked_city = bad;
        session.room->name = text;
        for (auto& speaker : session.speakers) {
            speaker.latin = speaker.cyrillic = events::PersonName{bad, bad, bad};
            speaker.organisation = text;
        }
    }
    for (auto& question : event.form->questions) {
        question.label = text;
        for (auto& option : question.options)
            option.label = text;
    }
}

}
