// What organisers do with the people of an event. Rights are checked here: whoever may not see people at all
// hears not_found of an event that the public does not know, else not_allowed. Who asks for answers of a
// special category by name is noted before anything is shown (people_access).
#pragma once

#include "accounts/accounts.h"
#include "base/services.h"
#include "events/catalogue.h"
#include "registration/people.h"
#include "registration/registration.h"
#include "registration/seats.h"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

namespace asio = boost::asio;

// An event with somebody who works with its people.
struct Desked
{
    events::EventPtr event;
    accounts::Actor actor;
    Sight sight;
};
Result<Desked> people_of(Services& services, std::optional<accounts::Actor> actor, std::string_view slug);

asio::awaitable<Result<PeopleList>> list_people(Services& services, Desked const& desked, PeopleQuery query,
                                                bool with_facets);
// Everybody who matches, for files; at most this many.
constexpr std::int64_t most_in_a_file = 100'000;
asio::awaitable<Result<std::vector<Person>>> everybody(Services& services, Desked const& desked,
                                                       PeopleQuery query, std::string what);
asio::awaitable<Result<PersonFile>> person_file(Services& services, Desked const& desked, std::string id,
                                                std::set<std::string, std::less<>> reveal);

// Problems: conflict with the present state when it is no longer `version`, or when the address is registered
// already; validation; not_allowed.
asio::awaitable<Result<Person>> edit_person(Services& services, Desked const& desked, std::string id,
                                            PersonEdit edit, std::optional<std::int64_t> version);

// What is sent to the desk for somebody who is registered by those who run the event, checked against the
// form.
Result<Submission> submission_for(Services& services, Desked const& desked, json::object const& fields,
                                  std::string source);
// Registers somebody for them: `source` is organiser, walk_in or import. Seats are decided as for everybody.
struct Added
{
    std::string id;
    Receipt receipt;
};
asio::awaitable<Result<Added>> add_person(Services& services, Desked const& desked, json::object fields,
                                          std::string source);

enum class BulkAction
{
    approve = 1,
    waitlist,
    decline,
    cancel,
    tag,
    untag
};
BOOST_DESCRIBE_ENUM(BulkAction, approve, waitlist, decline, cancel, tag, untag)

struct Bulk
{
    BulkAction action = BulkAction::tag;
    std::vector<std::string> ids;       // empty: whoever matches the filter
    std::optional<PeopleFilter> filter; // of a list
    std::string tag;
    bool notify = true; // by mail, where the deed has a mail
};
struct BulkResult
{
    std::string id;
    std::string outcome; // of Desk::act
};
constexpr std::size_t most_at_once = 10'000;
// In order of arrival where a filter is given, else as they were named. What fails does not stop the others.
asio::awaitable<Result<std::vector<BulkResult>>> carry_out(Services& services, Desked const& desked,
                                                           Bulk bulk);

// As set_capacity() of seats_commands.h; gives the event's seats as they are then.
asio::awaitable<Result<events::Seats>> set_capacity(Services& services, Desked const& desked,
                                                    CapacityChange change);

}
