// People as they change, for organisers who watch a list (people.watch). Whenever the event's watchers hear
// of a change, what is new is read for each of these sockets, after asking again who they are and what they
// may see: a session that has ended or a right that was taken away ends the watching. Nothing about people
// goes through the public's notifications.
#pragma once

#include "base/services.h"
#include "net/rpc.h"

#include <vector>

namespace kutsu::registration
{

// people.watch {"event"}: the newest hundred, and from then on people.changed {"event", "version", "people",
// "more"}; `more`: there were others, ask for the list. people.unwatch {"event"}.
std::vector<net::Method> people_methods(Services& services);

}
