// What a mail says about an event: when in each city, where.
#pragma once

#include "events/event.h"
#include "mail/letter.h"

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::mail
{

// "torstai 27. toukokuuta 2027 klo 10.00 Joensuu / 12.00 Petropavl".
std::string moment_words(events::Moment const& moment, std::vector<std::string> const& other_time_zones,
                         std::string_view language);

// One row for an event of one day, two when it spans several.
std::vector<Fact> when_facts(events::Event const& event, std::string_view language);
std::vector<Fact> where_facts(events::Event const& event, std::string_view language);
Fact text_fact(std::string label, Text const& text, std::string_view language);

}
