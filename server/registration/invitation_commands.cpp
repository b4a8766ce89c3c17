#include "registration/invitation_commands.h"

#include "base/code.h"
#include "db/database.h"
#include "registration/desk.h"
#include "registration/invitation_store.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

struct InviteDeed
{
    std::int64_t event_id = 0;
    std::vector<store::InvitationRow> rows;
    bool send = false;
    Instant now;
};

Result<std::vector<Invitation>> invite_deed(db::Transaction& transaction, InviteDeed const& deed)
{
    std::vector<FieldError> errors;
    std::vector<Invitation> made;
    for (auto const& row : deed.rows) {
        if (!store::insert_invitation(transaction, deed.event_id, row, deed.now)) {
            errors.push_back({row.invitation.path + ".email", "field.already_invited", {}});
            continue;
        }
        auto invitation = store::find_invitation(transaction, deed.event_id, row.id);
        if (deed.send && row.invitation.is_personal) {
            store::queue_invitation(transaction, deed.event_id, *invitation, "invitation", deed.now);
            invitation = store::find_invitation(transaction, deed.event_id, row.id);
        }
        made.push_back(std::move(*invitation));
    }
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return made;
}

struct MailDeed
{
    std::int64_t event_id = 0;
    std::vector<std::string> ids;
    bool reminders = false;
    Instant now;
};

Mailed mail_one(db::Transaction& transaction, MailDeed const& deed, std::string const& id)
{
    auto const invitation = store::find_invitation(transaction, deed.event_id, id);
    if (!invitation)
        return {id, Mailing::not_found};
    auto const mailing = deed.reminders ? may_remind(*invitation, deed.now) : may_send(*invitation, deed.now);
    if (mailing == Mailing::sent)
        store::queue_invitation(transaction, deed.event_id, *invitation,
                                deed.reminders ? "invitation_reminder" : "invitation", deed.now);
    return {id, mailing};
}

// Under the counter, so that two presses at once are one after the other.
Result<std::vector<Mailed>> mail_deed(db::Transaction& transaction, MailDeed const& deed)
{
    store::lock_counter(transaction, deed.event_id);
    std::vector<Mailed> mailed;
    for (auto const& id : deed.ids)
        mailed.push_back(mail_one(transaction, deed, id));
    return mailed;
}

struct EditDeed
{
    std::int64_t event_id = 0;
    std::string id;
    InvitationEdit edit;
    std::optional<std::int64_t> version;
    events::EventPtr event;
    Key key{};
    std::string base_url;
};

std::unexpected<Problem> conflict(std::string detail, EditDeed const& deed, Invitation const& present)
{
    auto refused = refuse(ProblemName::conflict, std::move(detail));
    refused.error().current = to_json(present, *deed.event, deed.key, deed.base_url);
    return refused;
}

Result<Invitation> edit_deed(db::Transaction& transaction, EditDeed const& deed)
{
    store::lock_counter(transaction, deed.event_id);
    auto const present = store::find_invitation(transaction, deed.event_id, deed.id);
    if (!present)
        return refuse(ProblemName::not_found);
    if (deed.version && *deed.version != present->version)
        return conflict({}, deed, *present);
    if (!store::update_invitation(transaction, deed.event_id, deed.id, deed.edit))
        return conflict("problem.invitation-conflict.detail", deed, *present);
    return *store::find_invitation(transaction, deed.event_id, deed.id);
}

Result<Invitation> withdraw_deed(db::Transaction& transaction, std::int64_t const& event_id,
                                 std::string const& id)
{
    store::lock_counter(transaction, event_id);
    store::withdraw_invitation(transaction, event_id, id);
    auto found = store::find_invitation(transaction, event_id, id);
    if (!found)
        return refuse(ProblemName::not_found);
    return std::move(*found);
}

Result<bool> open_deed(db::Transaction& transaction, std::int64_t const& event_id, std::string const& id,
                       Instant const& now)
{
    store::note_opened(transaction, event_id, id, now);
    return true;
}

Result<bool> decline_deed(db::Transaction& transaction, std::int64_t const& event_id, std::string const& id,
                          Instant const& now)
{
    store::lock_counter(transaction, event_id);
    if (store::decline_invitation(transaction, event_id, id, now))
        return true;
    auto const present = store::find_invitation(transaction, event_id, id);
    if (present && present->state == "declined")
        return true;
    return refuse(ProblemName::conflict, "problem.nothing-to-decline.detail");
}

std::unexpected<Problem> wrong_code()
{
    auto refused = refuse(ProblemName::not_allowed, "problem.invitation.detail");
    refused.error().errors = {{"invitation", "field.invitation", {}}};
    return refused;
}

// Counted as a guess until it is known to be somebody's.
asio::awaitable<Result<Invitation>> by_code(Services& services, events::EventPtr event, std::string code,
                                            std::string peer)
{
    if (auto const admitted = services.desk.admit_code(peer); !admitted)
        co_return std::unexpected(admitted.error());
    auto const hash = code_hash(code);
    auto found = co_await services.db.read(store::find_by_code, event->event_id, hash);
    if (!found)
        co_return wrong_code();
    services.desk.code_was_right(peer);
    co_return std::move(*found);
}

}

asio::awaitable<Result<std::vector<Invitation>>> invitations(Services& services, Desked const& desked,
                                                             std::string state)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    co_return co_await services.db.read(store::list_invitations, desked.event->event_id, state);
}

asio::awaitable<Result<std::vector<Invitation>>> invite(Services& services, Desked const& desked,
                                                        Inviting inviting)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    InviteDeed deed{desked.event->event_id, {}, inviting.send, services.clock.now()};
    for (auto& invitation : inviting.invitations) {
        auto id = random_public_id(services.random);
        auto hash = code_hash(invitation_code(services.keys.registration, id));
        deed.rows.push_back({std::move(invitation), std::move(id), std::move(hash)});
    }
    co_return co_await services.db.write(invite_deed, deed);
}

asio::awaitable<Result<std::vector<Mailed>>> mail_invitations(Services& services, Desked const& desked,
                                                              std::vector<std::string> ids, bool reminders)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const now = services.clock.now();
    if (ids.empty() && reminders) {
        std::string const all;
        for (auto const& each :
             co_await services.db.read(store::list_invitations, desked.event->event_id, all)) {
            if (may_remind(each, now) == Mailing::sent)
                ids.push_back(each.id);
        }
    }
    MailDeed const deed{desked.event->event_id, std::move(ids), reminders, now};
    co_return co_await services.db.write(mail_deed, deed);
}

asio::awaitable<Result<Invitation>> edit_invitation(Services& services, Desked const& desked, std::string id,
                                                    InvitationEdit edit, std::optional<std::int64_t> version)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    EditDeed const deed{
        desked.event->event_id,     std::move(id),         std::move(edit), version, desked.event,
        services.keys.registration, services.site.base_url};
    co_return co_await services.db.write(edit_deed, deed);
}

asio::awaitable<Result<Invitation>> withdraw_invitation(Services& services, Desked const& desked,
                                                        std::string id)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    co_return co_await services.db.write(withdraw_deed, desked.event->event_id, id);
}

asio::awaitable<Result<Invitation>> open_invitation(Services& services, events::EventPtr event,
                                                    std::string code, std::string peer)
{
    auto found = co_await by_code(services, event, std::move(code), std::move(peer));
    if (!found)
        co_return found;
    auto const now = services.clock.now();
    if (!holds(*found, now))
        co_return wrong_code();
    if (found->is_personal && found->state == "invited")
        co_await services.db.write(open_deed, event->event_id, found->id, now);
    co_return found;
}

asio::awaitable<Result<void>> decline_invitation(Services& services, events::EventPtr event, std::string code,
                                                 std::string peer)
{
    auto const found = co_await by_code(services, event, std::move(code), std::move(peer));
    if (!found)
        co_return std::unexpected(found.error());
    auto const now = services.clock.now();
    auto const done = co_await services.db.write(decline_deed, event->event_id, found->id, now);
    if (!done)
        co_return std::unexpected(done.error());
    co_return Result<void>();
}

}
