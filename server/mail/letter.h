// What a mail says, before it becomes plain text and HTML: the same words in the same order in both. Values
// come from people and are shown, never interpreted.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace kutsu::mail
{

struct Fact
{
    std::string label;
    std::string value;
    std::string language; // of the value, where it is not the letter's
};

struct Link
{
    std::string label;
    std::string url;
};

struct Letter
{
    std::string language;
    std::string subject;
    std::string greeting;
    std::vector<std::string> paragraphs;
    std::optional<Fact> heading; // the event's title; no label
    std::vector<Fact> facts;
    std::vector<Link> links; // the first one is what the letter is about
    std::string footer;
};

std::string as_text(Letter const& letter);
// One column, no images, no colours of its own: it follows the reader's light or dark screen.
std::string as_html(Letter const& letter);

}
