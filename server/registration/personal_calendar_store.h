// SQL of personal calendars (table calendar_access): a row in, a value out. Hashes are SHA-256 in hex.
#pragma once

#include "db/reader.h"
#include "registration/personal_calendar.h"

namespace kutsu::registration::store
{

struct NewAddress
{
    std::string public_id;
    std::string secret_hash;
    std::string token_hash;
    std::optional<std::string> email; // set: of the whole person
    std::string language;
    Instant created_at;
};

std::optional<PersonalCalendar> find_calendar(db::Reader& reader, std::string const& secret_hash);
std::int64_t note_calendar_use(db::Transaction& transaction, std::string const& secret_hash, Instant now);

std::vector<CalendarAddress> list_addresses(db::Reader& reader, std::string const& token_hash);
void add_address(db::Transaction& transaction, NewAddress const& address);
std::int64_t revoke_addresses(db::Transaction& transaction, std::string const& token_hash,
                              std::optional<std::string> const& public_id, Instant now);

}
