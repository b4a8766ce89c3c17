// What can be done with seats kept for organisations: organisers (manage_registrations) keep them, the
// contact who holds the link fills them, time releases them.
#pragma once

#include "registration/allotment.h"
#include "registration/people_commands.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

asio::awaitable<Result<std::vector<Allotment>>> allotments(Services& services, Desked const& desked);
// Problems: full (not so many seats are free).
asio::awaitable<Result<Allotment>> add_allotment(Services& services, Desked const& desked, NewAllotment made);
// Problems: not_found; full; conflict with the present state: another version, it has ended, or more seats
// have names.
asio::awaitable<Result<Allotment>> edit_allotment(Services& services, Desked const& desked, std::string id,
                                                  AllotmentEdit edit, std::optional<std::int64_t> version);
asio::awaitable<Result<Allotment>> send_allotment(Services& services, Desked const& desked, std::string id);
// Empty seats are free again, those with names stay. Repeating it changes nothing.
asio::awaitable<Result<Allotment>> withdraw_allotment(Services& services, Desked const& desked,
                                                      std::string id);

// ── Whoever holds the link ──

struct AllotmentView
{
    Allotment allotment;
    std::vector<SeatedGuest> guests;
    events::EventPtr event;
};
// Problems: not_found, gone (withdrawn).
asio::awaitable<Result<AllotmentView>> allotment_behind(Services& services, std::string token);

// What the contact does with one seat: a name on an empty one; another name; none.
struct SeatChange
{
    std::string token;
    std::string guest;             // id of who sits there; empty: an empty seat
    std::optional<GuestName> name; // absent: the seat becomes empty
};
// Those who come get their own mails. Problems: not_found, gone, closed (the deadline has passed), full (no
// empty seat, or no room in the event for such guests), too_many_requests.
asio::awaitable<Result<AllotmentView>> change_seat(Services& services, SeatChange change, std::string peer);

// ── Time ──

// Releases what was not filled in time; called by the program's clock work. Gives how many allotments ended.
int release_allotments(Services& services);
std::optional<Instant> next_allotment_end(Services& services);

}
