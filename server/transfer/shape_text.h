// Whether one text has the shape of its field. Pure.
#pragma once

#include "transfer/shape.h"

#include <string>
#include <string_view>

namespace kutsu::transfer
{

bool is_public_id(std::string_view text);
bool is_language_tag(std::string_view text);

// What is wrong with the text, or nothing. References and ids are looked up elsewhere.
std::string wrong_with_text(std::string_view text, Field const& field);

}
