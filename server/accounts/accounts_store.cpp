#include "accounts/accounts_store.h"

#include "base/secret.h"
#include "db/rows.h"

namespace kutsu::accounts::store
{
namespace
{

std::string hash_of(std::string const& token)
{
    return to_hex(sha256(token));
}

struct GrantRow
{
    Role role = Role::viewer;
    Reach reach = Reach::site;
    std::string id;
    std::vector<std::string> events;
};
BOOST_DESCRIBE_STRUCT(GrantRow, (), (role, reach, id, events))

struct ActorRow
{
    std::int64_t user_id = 0;
    std::string id;
    std::string email;
    std::string name;
    std::string csrf_token;
};
BOOST_DESCRIBE_STRUCT(ActorRow, (), (user_id, id, email, name, csrf_token))

}

std::optional<StoredUser> find_user(db::Reader& reader, std::string const& email)
{
    return db::find<StoredUser>(reader, R"(
        select user_id, public_id as id, email, name, password_hash, (disabled_at is not null)::int as is_disabled,
               ms(created_at) as created_at
          from app_user where email_key = lower(:email))",
                                email);
}

std::vector<StoredUser> list_users(db::Reader& reader)
{
    return db::list<StoredUser>(reader, R"(
        select user_id, public_id as id, email, name, password_hash, (disabled_at is not null)::int as is_disabled,
               ms(created_at) as created_at
          from app_user order by email_key)");
}

std::vector<Grant> list_grants(db::Reader& reader, std::int64_t user_id)
{
    auto const rows = db::list<GrantRow>(reader, R"(
        select g.role,
               case when g.project_id is not null then 'project' when g.component_id is not null then 'component'
                    when g.event_id is not null then 'event' else 'site' end as reach,
               coalesce(p.public_id, c.public_id, e.slug, '') as id,
               (select coalesce(jsonb_agg(of_component.slug order by of_component.slug), '[]')
                  from event_component link join event of_component using (event_id)
                 where link.component_id = g.component_id) as events
          from role_grant g
          left join project p on p.project_id = g.project_id
          left join component c on c.component_id = g.component_id
          left join event e on e.event_id = g.event_id
         where g.user_id = :user_id
         order by g.role_grant_id)",
                                         user_id);
    std::vector<Grant> grants;
    for (auto const& row : rows)
        grants.push_back({row.role, row.reach, row.id, row.events});
    return grants;
}

std::optional<std::int64_t> add_user(db::Transaction& transaction, NewRow const& row)
{
    return db::find<std::int64_t>(transaction, R"(
        insert into app_user (public_id, email, name, password_hash, created_at)
        values (:id, :email, :name, :password_hash, at_ms(:created_at))
        on conflict (email_key) do nothing
        returning user_id)",
                                  row.id, row.email, row.name, row.password_hash, row.created_at);
}

bool add_grant(db::Transaction& transaction, std::int64_t user_id, Grant const& grant)
{
    auto const only = [&](Reach reach) {
        return grant.reach == reach ? std::optional(grant.id) : std::nullopt;
    };
    return db::execute(transaction, R"(
        insert into role_grant (user_id, role, project_id, component_id, event_id)
        select :user_id, cast(:role as text), p.project_id, c.component_id, e.event_id
          from (values (cast(:project as text), cast(:component as text), cast(:event as text)))
               wanted (project, component, event)
          left join project p on p.public_id = wanted.project
          left join component c on c.public_id = wanted.component
          left join event e on e.slug = wanted.event
         where num_nonnulls(wanted.project, wanted.component, wanted.event)
             = num_nonnulls(p.project_id, c.component_id, e.event_id))",
                       user_id, grant.role, only(Reach::project), only(Reach::component),
                       only(Reach::event)) == 1;
}

void disable(db::Transaction& transaction, std::int64_t user_id, Instant now)
{
    db::execute(transaction, R"(
        update app_user set disabled_at = at_ms(:now) where user_id = :user_id and disabled_at is null)",
                now, user_id);
    db::execute(transaction, "delete from user_session where user_id = :user_id", user_id);
    db::execute(transaction, "delete from sign_in_link where user_id = :user_id", user_id);
}

void add_link(db::Transaction& transaction, std::int64_t user_id, Secret const& link)
{
    db::execute(transaction, R"(
        insert into sign_in_link (token_hash, user_id, expires_at, created_at)
        values (decode(:hash, 'hex'), :user_id, at_ms(:expires_at), at_ms(:created_at)))",
                hash_of(link.token), user_id, link.expires_at, link.created_at);
}

std::optional<std::int64_t> use_link(db::Transaction& transaction, std::string const& token, Instant now)
{
    return db::find<std::int64_t>(transaction, R"(
        update sign_in_link set used_at = at_ms(:now)
          from app_user
         where token_hash = decode(:hash, 'hex') and used_at is null and expires_at > at_ms(:then)
           and app_user.user_id = sign_in_link.user_id and disabled_at is null
        returning sign_in_link.user_id)",
                                  now, hash_of(token), now);
}

void add_session(db::Transaction& transaction, std::int64_t user_id, Secret const& session,
                 std::string const& csrf_token)
{
    db::execute(transaction, R"(
        insert into user_session (token_hash, user_id, csrf_token, expires_at, created_at)
        values (decode(:hash, 'hex'), :user_id, :csrf_token, at_ms(:expires_at), at_ms(:created_at)))",
                hash_of(session.token), user_id, csrf_token, session.expires_at, session.created_at);
}

void remove_session(db::Transaction& transaction, std::string const& token)
{
    db::execute(transaction, "delete from user_session where token_hash = decode(:hash, 'hex')",
                hash_of(token));
}

void remove_expired(db::Transaction& transaction, Instant now)
{
    db::execute(transaction, "delete from user_session where expires_at <= at_ms(:now)", now);
    db::execute(transaction, "delete from sign_in_link where expires_at <= at_ms(:then)",
                now - std::chrono::hours(24));
}

std::optional<Actor> find_actor(db::Reader& reader, std::string const& session_token, Instant now)
{
    auto const row = db::find<ActorRow>(reader, R"(
        select u.user_id, u.public_id as id, u.email, u.name, s.csrf_token
          from user_session s join app_user u using (user_id)
         where s.token_hash = decode(:hash, 'hex') and s.expires_at > at_ms(:now) and u.disabled_at is null)",
                                        hash_of(session_token), now);
    if (!row)
        return std::nullopt;
    return Actor{row->user_id, row->id,         row->email,
                 row->name,    row->csrf_token, list_grants(reader, row->user_id)};
}

}
