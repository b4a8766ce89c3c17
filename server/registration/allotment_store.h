// SQL of allotments (schema/0006_ways_in.sql). Deeds hold the event's counter first: lock_seats().
#pragma once

#include "db/reader.h"
#include "registration/allotment.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration::store
{

// The event's counter, then its sessions'.
void lock_seats(db::Transaction& transaction, std::int64_t event_id);
// Counts so many seats more (or less) as taken; false when there are not so many.
bool reserve_seats(db::Transaction& transaction, std::int64_t event_id, std::int64_t seats);
std::int64_t record_seats(db::Transaction& transaction, std::int64_t event_id, std::string const& actor,
                          Instant now);

std::vector<Allotment> list_allotments(db::Reader& reader, std::int64_t event_id);
std::optional<Allotment> find_allotment(db::Reader& reader, std::int64_t event_id, std::string const& id);
std::optional<Allotment> find_allotment_by_token(db::Reader& reader, std::string const& token_hash);
std::vector<SeatedGuest> list_guests(db::Reader& reader, std::int64_t allotment_id);

void insert_allotment(db::Transaction& transaction, std::int64_t event_id, NewAllotment const& made,
                      std::string const& id, std::string const& token_hash, Instant now);
void update_allotment(db::Transaction& transaction, std::int64_t allotment_id, AllotmentEdit const& edit);
void touch_allotment(db::Transaction& transaction, std::int64_t allotment_id);
void queue_allotment(db::Transaction& transaction, std::int64_t allotment_id, Instant now);

// As allotment_seat() of the schema reads it. Gives seated, no_seat or full.
std::string seat_guest(db::Transaction& transaction, std::int64_t allotment_id, json::object const& guest,
                       Instant now);
// The same person under another name; false when the address is another one or nobody sits there.
bool rename_guest(db::Transaction& transaction, std::int64_t allotment_id, std::string const& guest,
                  GuestName const& name, Instant now);
// removed, not_found
std::string unseat_guest(db::Transaction& transaction, std::int64_t allotment_id, std::string const& guest,
                         Instant now);
// Gives how many seats became free; nothing when it had ended.
std::optional<std::int64_t> end_allotment(db::Transaction& transaction, std::int64_t allotment_id,
                                          std::string const& state, std::string const& actor,
                                          std::optional<Instant> offered_until, Instant now);
void serve_queues(db::Transaction& transaction, std::int64_t event_id, std::optional<Instant> offered_until,
                  Instant now);

struct DueAllotment
{
    std::int64_t allotment_id = 0;
    std::int64_t event_id = 0;
    std::string slug;
};
std::vector<DueAllotment> due_allotments(db::Reader& reader, Instant now);
std::optional<Instant> next_allotment_end(db::Reader& reader);

}
