// What organisers do with an agenda. Rights are checked here; every deed is one transaction with its change
// row.
#pragma once

#include "accounts/accounts.h"
#include "agenda/agenda.h"
#include "base/services.h"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kutsu::agenda
{

namespace asio = boost::asio;

struct EditInput
{
    std::string event; // slug
    std::string op_id; // of the client; the same one again changes nothing
    std::vector<Operation> operations;
};

struct EditDone
{
    std::int64_t version = 0; // of the event
    json::array sessions;     // those that changed, as the wire shows them; removed ones as {"id", "status"}
};

// Problems: not_allowed, not_found, conflict (with the truth), validation.
asio::awaitable<Result<EditDone>> edit_agenda(Services& services, EditInput input,
                                              accounts::Actor const& actor);
// The same by the program itself, which answers for it in the log under this name ("play").
asio::awaitable<Result<EditDone>> edit_agenda_as(Services& services, EditInput input, std::string actor);

struct UndoInput
{
    std::string event;
    std::string op_id;
    std::optional<std::int64_t> version; // of the event, that the edit made; nothing: one's own newest
};
// Problems: not_allowed, not_found, conflict (nothing to undo; or changed since, with the truth). Undoing an
// undoing, by its version, is doing it again.
asio::awaitable<Result<EditDone>> undo_edit(Services& services, UndoInput input,
                                            accounts::Actor const& actor);

struct PublishInput
{
    std::string event;
    std::string op_id;
    std::vector<std::string> sessions; // drafts; empty: all
    std::optional<std::string> name;   // of this version of the programme
    Text note;                         // for those who read what changed
};
// Problems: not_allowed, not_found, conflict (no drafts).
asio::awaitable<Result<EditDone>> publish_agenda(Services& services, PublishInput input,
                                                 accounts::Actor const& actor);

// {"items": [edits, the newest first], "drafts": [sessions]}: for organisers.
asio::awaitable<Result<json::object>> agenda_history(Services& services, std::string event,
                                                     accounts::Actor const& actor);

}
