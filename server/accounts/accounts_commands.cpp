#include "accounts/accounts_commands.h"

#include "base/unicode.h"
#include "mail/outbox.h"

#include <fmt/format.h>

namespace kutsu::accounts
{
namespace
{

User with_grants(db::Reader& reader, StoredUser const& stored)
{
    return {stored.id,
            stored.email,
            stored.name,
            stored.password_hash.has_value(),
            stored.is_disabled,
            stored.created_at,
            store::list_grants(reader, stored.user_id)};
}

Result<StoredUser> active_user(db::Reader& reader, std::string const& email)
{
    auto user = store::find_user(reader, tidy_line(email));
    if (!user)
        return refuse(ProblemName::not_found, "accounts.unknown_email");
    if (user->is_disabled)
        return refuse(ProblemName::not_allowed, "accounts.disabled");
    return *user;
}

Result<SignedIn> open_session(db::Transaction& transaction, std::int64_t user_id, NewSession const& session)
{
    auto const expires_at = session.now + session_life;
    store::remove_expired(transaction, session.now);
    store::add_session(transaction, user_id, {session.token, expires_at, session.now}, session.csrf_token);
    auto actor = store::find_actor(transaction, session.token, session.now);
    if (!actor)
        return refuse(ProblemName::not_allowed, "accounts.disabled");
    return SignedIn{std::move(*actor), session.token, expires_at};
}

std::vector<FieldError> flaws_of(NewUser const& user)
{
    std::vector<FieldError> flaws;
    if (!is_email(user.email))
        flaws.push_back({"email", "field.email", {}});
    if (auto const length = count_characters(user.name); length < 1 || length > 200)
        flaws.push_back({"name", "field.name", {}});
    if (auto const flaw = user.password ? password_flaw(*user.password) : ""; !flaw.empty())
        flaws.push_back({"password", flaw, {}});
    return flaws;
}

}

Result<PreparedUser> prepare_user(NewUser const& user, Random& random, Instant now)
{
    NewUser const tidy{tidy_line(user.email), tidy_line(user.name), user.grant, user.password};
    if (auto flaws = flaws_of(tidy); !flaws.empty())
        return refuse_fields(std::move(flaws));
    auto hash = tidy.password ? std::optional(hash_password(*tidy.password)) : std::nullopt;
    return PreparedUser{{random_public_id(random), tidy.email, tidy.name, std::move(hash), now}, tidy.grant};
}

Result<User> add_user(db::Transaction& transaction, PreparedUser const& prepared)
{
    auto const user_id = store::add_user(transaction, prepared.row);
    if (!user_id)
        return refuse(ProblemName::conflict, "accounts.email_taken");
    if (!store::add_grant(transaction, *user_id, prepared.grant))
        return refuse(ProblemName::not_found, "accounts.unknown_scope");
    return with_grants(transaction, *store::find_user(transaction, prepared.row.email));
}

std::vector<User> list_users(db::Reader& reader)
{
    std::vector<User> users;
    for (auto const& stored : store::list_users(reader))
        users.push_back(with_grants(reader, stored));
    return users;
}

Result<User> disable_user(db::Transaction& transaction, Disabling const& disabling)
{
    auto const user = store::find_user(transaction, tidy_line(disabling.email));
    if (!user)
        return refuse(ProblemName::not_found, "accounts.unknown_email");
    store::disable(transaction, user->user_id, disabling.now);
    return with_grants(transaction, *store::find_user(transaction, user->email));
}

Result<User> make_sign_in_link(db::Transaction& transaction, LinkRequest const& request)
{
    auto const user = active_user(transaction, request.email);
    if (!user)
        return std::unexpected(user.error());
    store::add_link(transaction, user->user_id, {request.token, request.now + link_life, request.now});
    return with_grants(transaction, *user);
}

Result<bool> mail_sign_in_link(db::Transaction& transaction, LinkRequest const& request)
{
    auto const user = make_sign_in_link(transaction, request);
    if (!user)
        return false;
    mail::OutboxEntry entry;
    entry.dedupe_key = fmt::format("sign-in:{}", to_hex(sha256(request.token)).substr(0, 32));
    entry.kind = "sign_in_link";
    entry.recipient = user->email;
    entry.language = request.language;
    entry.params = {{"name", user->name}, {"token", request.token}, {"minutes", link_life.count()}};
    entry.created_at = request.now;
    mail::enqueue(transaction, entry);
    return true;
}

std::string link_path(std::string_view token)
{
    return fmt::format("/app/sign-in/{}", token);
}

NewSession new_session(Random& random, Instant now)
{
    return {random_token(random), random_token(random), now};
}

Result<SignedIn> sign_in_with_link(db::Transaction& transaction, LinkSignIn const& attempt)
{
    auto const user_id = store::use_link(transaction, attempt.link_token, attempt.session.now);
    if (!user_id)
        return refuse(ProblemName::gone, "accounts.link_spent");
    return open_session(transaction, *user_id, attempt.session);
}

Result<SignedIn> sign_in_verified(db::Transaction& transaction, VerifiedSignIn const& verified)
{
    auto const user = active_user(transaction, verified.email);
    if (!user || user->password_hash != verified.password_hash)
        return refuse(ProblemName::not_allowed, "accounts.wrong_password");
    return open_session(transaction, user->user_id, verified.session);
}

Result<bool> sign_out(db::Transaction& transaction, std::string const& session_token)
{
    store::remove_session(transaction, session_token);
    return true;
}

void forget_expired(db::Transaction& transaction, Instant now)
{
    store::remove_expired(transaction, now);
}

}
