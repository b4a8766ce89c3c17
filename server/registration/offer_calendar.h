// Days on which nobody works, for counting working time. Public holidays by law are computed; what
// governments decree from year to year is tabled beside its source. A day too many only lengthens an offer.
#pragma once

#include "base/local_time.h"

#include <string_view>

namespace kutsu::registration
{

// `country` is ISO 3166: FI, RU and KZ are known; elsewhere only weekends are free.
bool is_holiday(Day day, std::string_view country);
bool is_working_day(Day day, std::string_view country);

}
