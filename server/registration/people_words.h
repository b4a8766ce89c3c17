// What values of the people table are called in the reader's language.
#pragma once

#include "registration/people.h"

#include <string>
#include <string_view>

namespace kutsu::registration
{

// A value of one of the facets: ("status", "confirmed") → "vahvistettu"; "" → "none given".
std::string value_words(std::string_view language, std::string_view facet, std::string_view value);
// The pool somebody counts in, else what they are at the event: speaker, interpreter, attendee.
std::string type_words(std::string_view language, events::Event const& event, Person const& person);
// A value of any facet of an event: titles of sessions, labels of answers.
std::string facet_value_words(std::string_view language, events::Event const& event, std::string_view facet,
                              std::string_view value);
std::string facet_words(std::string_view language, events::Event const& event, std::string_view facet);
// A whole filter in words: "confirmed; Diet: not answered; "щерб"".
std::string filter_words(std::string_view language, events::Event const& event, PeopleFilter const& filter);

}
