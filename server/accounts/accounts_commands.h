// What can be done with accounts. Deeds take a transaction: the server awaits `db.write(deed, input)`, the
// command line calls `db.write_now(deed, input)`. Random values and instants are made by the caller, so a
// deed may run again.
//
// Problems: validation with the fields; conflict (the address has an account); not_found; not_allowed
// (disabled); gone (a link that was used, has expired or never existed: all alike).
#pragma once

#include "accounts/accounts.h"
#include "accounts/accounts_store.h"
#include "base/secret.h"
#include "db/reader.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::accounts
{

constexpr std::chrono::minutes link_life{30};
constexpr std::chrono::hours session_life{12};

// ── Users ──
struct NewUser
{
    std::string email;
    std::string name;
    Grant grant; // the first one
    std::optional<std::string> password;
};

// Checks the fields and hashes the password: slow on purpose, so outside the transaction.
struct PreparedUser
{
    NewRow row;
    Grant grant;
};
Result<PreparedUser> prepare_user(NewUser const& user, Random& random, Instant now);
Result<User> add_user(db::Transaction& transaction, PreparedUser const& prepared);

std::vector<User> list_users(db::Reader& reader);

struct Disabling
{
    std::string email;
    Instant now;
};
Result<User> disable_user(db::Transaction& transaction, Disabling const& disabling);

// ── Links ──
struct LinkRequest
{
    std::string email;
    std::string token; // random_token()
    Instant now;
    std::string language = "en"; // of the mail
};
// For handing over by hand: `kutsu user link`, ops/run. Its page is link_path(token).
Result<User> make_sign_in_link(db::Transaction& transaction, LinkRequest const& request);
// By mail. The answer never tells whether the address has an account.
Result<bool> mail_sign_in_link(db::Transaction& transaction, LinkRequest const& request);
std::string link_path(std::string_view token); // "/app/sign-in/TOKEN"

// ── Sessions ──
struct NewSession
{
    std::string token;      // random_token(), for the cookie
    std::string csrf_token; // random_token()
    Instant now;
};
NewSession new_session(Random& random, Instant now);

struct SignedIn
{
    Actor actor;
    std::string session_token;
    Instant expires_at;
};
struct LinkSignIn
{
    std::string link_token;
    NewSession session;
};
Result<SignedIn> sign_in_with_link(db::Transaction& transaction, LinkSignIn const& attempt);
// Whoever calls it has verified the password.
struct VerifiedSignIn
{
    std::string email;
    std::string password_hash; // the one that was verified: if it has changed meanwhile, nobody gets in
    NewSession session;
};
Result<SignedIn> sign_in_verified(db::Transaction& transaction, VerifiedSignIn const& verified);
Result<bool> sign_out(db::Transaction& transaction, std::string const& session_token);
// Sessions and links that have ended go; called by the clock work, too.
void forget_expired(db::Transaction& transaction, Instant now);

}
