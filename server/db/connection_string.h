// Addresses of databases. What the operator gave (keywords or URI of libpq) is completed with what every
// connection of ours has where it says nothing else: two seconds to connect, UTF-8, a name, a limit for a
// silent network. All throw DatabaseAway when the string cannot be understood.
#pragma once

#include <string>
#include <string_view>

namespace kutsu::db
{

// As keywords, each value quoted.
std::string complete_connection_string(std::string const& connection_string);

// The same as one URI without blanks and quotes: SOCI takes keywords apart and loses the quotes of their
// values.
std::string connection_uri(std::string const& connection_string);

// For a value inside a keyword string: 'O\'Brien'.
std::string quote_keyword_value(std::string_view value);

}
