// A form and its questions on the wire: the same members whoever reads them, so that browser, programs and
// organisers speak of one definition (read back by registration/form_definition.h).
#pragma once

#include "events/event.h"

#include <boost/json/object.hpp>

namespace kutsu::events
{

enum class Reader
{
    anyone = 1,
    organiser // also what the answers are for, and what is no longer asked
};

boost::json::object question_json(Question const& question, Reader reader = Reader::anyone);
boost::json::object form_definition(RegistrationForm const& form, Reader reader);
// Only what rules need, without any words: for the browser.
boost::json::array rules_json(RegistrationForm const& form);

}
