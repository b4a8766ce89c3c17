// What a lane says to the database, and how the parameters of the fast tier are written. Whoever measures the
// desk against the database alone sends the very same.
#pragma once

#include "base/clock.h"
#include "db/binary_array.h"
#include "registration/registration.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

struct Statement
{
    char const* name; // prepared under it
    char const* sql;
};

// schema/0003_lanes.sql; parameters: FastCall. One row an event, in the order of FastCall::events().
inline constexpr Statement fast_statement{
    "desk_fast",
    "select event_id, waits, event_version, capacity, taken, confirmed, waiting, payload "
    "from desk_submit_fast($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
    "$18, $19, $20, $21)"};
// Parameters: the instant, a JSON array of exact_row(). One row a submission, in their order.
inline constexpr Statement exact_statement{"desk_submit",
                                           "select outcome, answer, event_version from desk_submit($1, $2)"};
// Parameters: the instant, a JSON array of deeds. One row a deed, in their order.
inline constexpr Statement deeds_statement{
    "desk_act", "select outcome, answer, event_slug, event_version from desk_act($1, $2)"};
// Parameter: event ids. Taken first where a batch holds more than one of the calls above, so that two
// processes never hold what the other waits for.
inline constexpr Statement locks_statement{
    "desk_locks",
    "select from event_counter where event_id = any ($1::bigint[]) order by event_id for update"};
inline constexpr std::array statements = {fast_statement, exact_statement, deeds_statement, locks_statement};

// What the fast tier raises when it leaves something to the exact tier: message `events` or `parties`, detail
// their numbers, from 1 on: "2,7".
inline constexpr char not_ordinary[] = "KD001";

// A checked submission with what the desk adds to it.
struct Party
{
    std::int64_t event_id = 0;
    std::int64_t form_version = 1;
    Submission submission;
    std::string contents_hash; // SHA-256, raw
    std::string token_hash;    // SHA-256, raw
    std::string public_id;
    std::optional<Instant> offer_expires_at; // for seats that this call may set free
};

// Whether the fast tier could decide it, as far as the submission itself tells.
bool is_ordinary(Submission const& submission);

// As desk_submit() wants it.
json::object exact_row(Party const& party);

// The parameters of one call of the fast tier. The parties of an event keep their order.
class FastCall
{
public:
    static constexpr std::size_t parameter_count = 21;

    // `parties` must not be empty; the pointers are not kept.
    FastCall(Instant now, std::vector<Party const*> const& parties);
    FastCall(FastCall const&) = delete; // values() points into it
    FastCall& operator=(FastCall const&) = delete;

    struct EventPart
    {
        std::int64_t event_id = 0;
        std::int32_t parties = 0;
        std::int32_t seats = 0;
    };
    // A party by its place in the vector given, with its place in its event.
    struct PartyPart
    {
        std::size_t party = 0;
        std::size_t event = 0; // in events()
        std::int32_t nth = 0;  // from 1 on
        std::int32_t upto = 0; // seats of the event's parties up to and including this one
    };
    std::vector<EventPart> const& events() const { return events_; } // by id
    std::vector<PartyPart> const& parties() const { return parts_; } // in the order sent

    // For PQsendQueryPrepared.
    char const* const* values() const { return values_.data(); }
    int const* lengths() const { return lengths_.data(); }
    int const* formats() const { return formats_.data(); }

private:
    void divide(std::vector<Party const*> const& parties);
    void write(std::vector<Party const*> const& parties);
    void point(Instant now);

    std::vector<EventPart> events_;
    std::vector<PartyPart> parts_;
    std::string now_;
    std::vector<db::BinaryArray> arrays_;
    std::array<char const*, parameter_count> values_{};
    std::array<int, parameter_count> lengths_{};
    std::array<int, parameter_count> formats_{};
};

}
