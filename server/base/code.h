// Codes that people read from paper and type. The alphabet has no look-alikes; hyphens, blanks and case do
// not matter. A code is made from what it is for with a key of the installation, so it is kept nowhere: the
// tables hold its hash (schema: code_hash).
#pragma once

#include "base/secret.h"

#include <string>
#include <string_view>

namespace kutsu
{

// "K7QM-4XHP-2RTB": the same for the same purpose always; about 59 bits.
std::string typed_code(Key const& key, std::string_view purpose);
// What somebody typed, as it is compared: letters and digits, in upper case.
std::string tidy_code(std::string_view typed);
// SHA-256 in hex of the tidy code. Looking up by it takes the same time however much of a guess is right.
std::string code_hash(std::string_view typed);

}
