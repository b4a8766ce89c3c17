// Letters of the organisers to many: subject and body in each language with places to be filled for each
// recipient. They are service messages about an event somebody has registered for, so nobody unsubscribes
// from them; advertising does not belong here. Pure.
#pragma once

#include "registration/people.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

struct MessageWords
{
    std::map<std::string, std::string, std::less<>> subject; // language → words
    std::map<std::string, std::string, std::less<>> body;

    // The language somebody gets: their own when it is written, else the site's, else the first that is.
    std::string language_for(std::string_view wanted, std::string_view fallback) const;
};

// {name}, {event}, {date}, {place}, {status}, {organisation}.
std::vector<std::string_view> const& placeholders();
// Every mistake: no words at all, one half without the other, too long, a place that is none (with its line).
std::vector<FieldError> flaws(MessageWords const& words);

struct FilledMessage
{
    std::string language;
    std::string subject;
    std::string body;
};
FilledMessage filled(MessageWords const& words, Person const& person, events::Event const& event,
                     std::string_view fallback);

}
