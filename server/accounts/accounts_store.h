// The SQL of users, their links and sessions. Secrets come in as they are and are stored as SHA-256 only.
#pragma once

#include "accounts/accounts.h"
#include "db/reader.h"

#include <optional>
#include <string>
#include <vector>

namespace kutsu::accounts
{

struct StoredUser
{
    std::int64_t user_id = 0;
    std::string id;
    std::string email;
    std::string name;
    std::optional<std::string> password_hash;
    bool is_disabled = false;
    Instant created_at;
};
BOOST_DESCRIBE_STRUCT(StoredUser, (), (user_id, id, email, name, password_hash, is_disabled, created_at))

struct Secret
{
    std::string token;
    Instant expires_at;
    Instant created_at;
};

struct NewRow
{
    std::string id;
    std::string email;
    std::string name;
    std::optional<std::string> password_hash;
    Instant created_at;
};

}

namespace kutsu::accounts::store
{

std::optional<StoredUser> find_user(db::Reader& reader, std::string const& email);
std::vector<StoredUser> list_users(db::Reader& reader);
std::vector<Grant> list_grants(db::Reader& reader, std::int64_t user_id);

// Null when the address has an account already.
std::optional<std::int64_t> add_user(db::Transaction& transaction, NewRow const& row);
// False when the thing it is for does not exist.
bool add_grant(db::Transaction& transaction, std::int64_t user_id, Grant const& grant);
// Ends all sessions and links with it.
void disable(db::Transaction& transaction, std::int64_t user_id, Instant now);

void add_link(db::Transaction& transaction, std::int64_t user_id, Secret const& link);
// The user of a link that is valid now, at most once in the life of the link; never a disabled one.
std::optional<std::int64_t> use_link(db::Transaction& transaction, std::string const& token, Instant now);

void add_session(db::Transaction& transaction, std::int64_t user_id, Secret const& session,
                 std::string const& csrf_token);
void remove_session(db::Transaction& transaction, std::string const& token);
void remove_expired(db::Transaction& transaction, Instant now);
std::optional<Actor> find_actor(db::Reader& reader, std::string const& session_token, Instant now);

}
