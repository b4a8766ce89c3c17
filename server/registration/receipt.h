// From what the desk's functions answer (registration_answer_json) to values.
#pragma once

#include "registration/registration.h"

#include <string>

namespace kutsu::registration
{

Receipt receipt_of(json::object const& answer, std::string token, std::string event_slug);
Registration registration_of(json::object const& answer, std::string token, std::string event_slug);

}
