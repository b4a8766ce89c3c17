#include "events/events_commands.h"

#include "events/events_store.h"

namespace kutsu::events
{

EventPtr event_now(db::Reader& reader, std::int64_t event_id)
{
    return store::load_events(reader, {event_id}).front();
}

}
