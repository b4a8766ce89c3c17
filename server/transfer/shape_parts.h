// The pieces of object_shapes(), by subject.
#pragma once

#include "transfer/shape.h"

namespace kutsu::transfer
{

std::vector<ObjectShape> project_shapes(); // project, organisations, people, places
std::vector<ObjectShape> event_shapes();   // events, agendas, forms, registrations, reports
std::vector<ObjectShape> trip_shapes();    // days, legs, visits of study trips; visa cases
std::vector<ObjectShape> later_shapes();   // what later rooms show: press kits, news, partner search …

inline constexpr bool required = true;

}
