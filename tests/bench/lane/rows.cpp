#include "lane/rows.h"

namespace kutsu::bench
{
namespace
{

// Stands for a SHA-256: as long and unlike any other, which is all that a table sees of it.
std::string hash_like(std::string_view id, char salt)
{
    std::string bytes(id.substr(0, 31));
    return bytes.insert(0, 1, salt);
}

}

registration::Party party_of(Guest const& guest, std::int64_t event_id)
{
    registration::Party party;
    party.event_id = event_id;
    party.submission.submission_id = guest.submission_id;
    party.submission.name = guest.name;
    party.submission.email = guest.email;
    party.submission.language = guest.language;
    party.submission.answers = json::parse(answers_of(guest)).as_object();
    party.contents_hash = hash_like(guest.submission_id, 'c');
    party.token_hash = hash_like(guest.submission_id, 't');
    party.public_id = guest.submission_id.substr(0, 8) + guest.submission_id.substr(24);
    return party;
}

}
