// What can be done with forms: organisers edit them, guests send files as answers.
#pragma once

#include "accounts/accounts.h"
#include "base/services.h"
#include "events/catalogue.h"
#include "net/rate_limit.h"
#include "registration/form_store.h"
#include "registration/registration.h"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

namespace asio = boost::asio;

// ── The form itself ──

// Who may edit the form of this event; not_found for an event that is none of theirs.
Result<events::EventPtr> event_of_editor(Services& services, std::optional<accounts::Actor> const& actor,
                                         std::string_view slug);

struct FormDesire
{
    std::string slug;
    json::object sent;                   // laid over the form as it stands
    std::optional<std::int64_t> version; // the one it was made on; nothing: whatever it is
    std::string actor;                   // public id
};
struct FormDone
{
    json::object definition; // for organisers
    std::int64_t version = 0;
    std::int64_t event_version = 0;
};
// Problems: validation, conflict (with the form as it is under `current`), not_found. The caller has asked
// event_of_editor().
asio::awaitable<Result<FormDone>> edit_form(Services& services, FormDesire desire);
asio::awaitable<std::vector<store::FormVersion>> form_versions(Services& services, std::int64_t event_id);
asio::awaitable<Result<json::object>> form_of_version(Services& services, std::int64_t event_id,
                                                      std::int64_t version);

// ── Files as answers ──

// What guests may send: bytes of one file, files a minute from one address (this machine's own excepted).
class Uploads
{
public:
    Uploads(std::size_t limit, std::size_t per_address_a_minute);
    Result<void> admit(std::string_view peer, Instant now);
    std::size_t limit() const { return limit_; }

private:
    std::size_t limit_;
    bool is_limited_;
    net::RateLimiter by_address_;
};

struct Upload
{
    std::string slug;
    std::string name;
    std::string content;
    std::string peer;
};
// Keeps the file until a registration names it, a day at most. Problems: validation (the kind, the size, no
// question asks for files), not_found, too_many_requests.
asio::awaitable<Result<UploadedFile>> upload_file(Services& services, Uploads& uploads, Upload upload);
// Binds the files among the answers to the submission; one that is not there or somebody else's is a mistake
// of its answer. Asks the database only when there are files.
asio::awaitable<Result<void>> claim_files(Services& services, events::EventPtr event,
                                          json::object const& answers, std::string submission_id);
// The same for the registration behind a link.
asio::awaitable<Result<void>> claim_files_by_token(Services& services, events::EventPtr event,
                                                   json::object const& answers, std::string token);
// Name and size of the files among these answers, for showing them to their owner.
asio::awaitable<std::vector<UploadedFile>> files_of(Services& services, events::EventPtr event,
                                                    json::object const& answers);
// For organisers who see people; of health and the like only with the right to manage registrations.
asio::awaitable<Result<store::FileContent>>
file_content(Services& services, std::optional<accounts::Actor> actor, std::string slug, std::string id);

}
