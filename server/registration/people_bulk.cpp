// Adding people by hand, and deeds on many at once: each goes through the desk on its own, so seats are right
// and what fails does not stop the others.
#include "base/in_order.h"
#include "db/change_log.h"
#include "db/database.h"
#include "db/waker.h"
#include "registration/deeds.h"
#include "registration/desk.h"
#include "registration/people_commands.h"
#include "registration/people_store.h"

#include <algorithm>
#include <iterator>

namespace kutsu::registration
{
namespace
{

// So many deeds are under way at once: they share the commits of their lane.
constexpr std::size_t under_way = 128;

std::string_view status_after(BulkAction action)
{
    switch (action) {
    case BulkAction::approve:
        return "confirmed";
    case BulkAction::waitlist:
        return "waitlisted";
    case BulkAction::decline:
        return "declined";
    case BulkAction::cancel:
        return "cancelled";
    case BulkAction::tag:
    case BulkAction::untag:
        break;
    }
    return {};
}

asio::awaitable<BulkResult> decide_one(Services& services, Desked const& desked, Bulk const& bulk,
                                       std::string id)
{
    Decision const decision{id, std::string(status_after(bulk.action)), {}, bulk.notify};
    auto asked = to_deed(decision, deed("decide", desked.actor.id, *desked.event, services.clock.now()));
    auto const answer = co_await services.desk.act(desked.event->event_id, std::move(asked));
    co_return BulkResult{std::move(id),
                         answer ? answer->outcome : std::string(wire_name(answer.error().name))};
}

asio::awaitable<std::vector<BulkResult>> decide(Services& services, Desked const& desked, Bulk const& bulk)
{
    std::vector<BulkResult> results;
    for (std::size_t begin = 0; begin < bulk.ids.size(); begin += under_way) {
        std::vector<asio::awaitable<BulkResult>> deeds;
        for (auto i = begin; i < std::min(begin + under_way, bulk.ids.size()); ++i)
            deeds.push_back(decide_one(services, desked, bulk, bulk.ids[i]));
        auto done = co_await in_order(std::move(deeds));
        std::ranges::move(done, std::back_inserter(results));
    }
    co_return results;
}

struct Tagging
{
    store::EditRow row;
    std::vector<std::string> ids;
    std::string tag;
    bool on = true;
};

Result<std::int64_t> tag_deed(db::Transaction& transaction, Tagging const& tagging)
{
    auto const& row = tagging.row;
    store::lock_event(transaction, row.event_id);
    if (store::tag_people(transaction, row, tagging.ids, tagging.tag, tagging.on) > 0)
        db::record_change(transaction,
                          {row.event_id, "people.edited", store::seats_changes(transaction, row.event_id),
                           row.actor, "", row.at});
    return store::event_version(transaction, row.event_id);
}

asio::awaitable<Result<std::vector<BulkResult>>> tag(Services& services, Desked const& desked,
                                                     Bulk const& bulk)
{
    std::vector<std::string> tags{bulk.tag};
    if (auto const flaw = tidy_tags(tags); !flaw.empty() || tags.empty())
        co_return refuse_fields({{"tag", flaw.empty() ? "field.missing" : flaw, {}}});
    PeopleFilter named;
    named.choices["id"] = bulk.ids;
    bool const everywhere = true;
    auto const known =
        co_await services.db.read(store::matching_ids, desked.event->event_id, named, everywhere);
    Tagging const tagging{{desked.event->event_id, {}, {}, 1, desked.actor.id, services.clock.now()},
                          bulk.ids,
                          tags.front(),
                          bulk.action == BulkAction::tag};
    auto const version = co_await services.db.write(tag_deed, tagging);
    if (!version)
        co_return std::unexpected(version.error());
    services.waker.wake();
    co_await events::seen(services.catalogue, desked.event->slug, *version);
    std::vector<BulkResult> results;
    for (auto const& id : bulk.ids)
        results.push_back({id, std::ranges::find(known, id) == known.end() ? "not_found" : "done"});
    co_return results;
}

Result<std::int64_t> fold_new(db::Transaction& transaction, std::int64_t const& event_id)
{
    return store::fold_new_people(transaction, event_id);
}

asio::awaitable<Result<void>> find_those_meant(Services& services, Desked const& desked, Bulk& bulk)
{
    if (!bulk.ids.empty() || !bulk.filter)
        co_return Result<void>();
    auto const folded = co_await services.db.write(fold_new, desked.event->event_id);
    if (!folded)
        co_return std::unexpected(folded.error());
    bulk.ids = co_await services.db.read(store::matching_ids, desked.event->event_id, *bulk.filter,
                                         desked.sight.contacts);
    co_return Result<void>();
}

}

asio::awaitable<Result<std::vector<BulkResult>>> carry_out(Services& services, Desked const& desked,
                                                           Bulk bulk)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const found = co_await find_those_meant(services, desked, bulk);
    if (!found)
        co_return std::unexpected(found.error());
    if (bulk.ids.size() > most_at_once)
        co_return refuse_fields(
            {{"ids", "field.too_many", {{"limit", static_cast<std::int64_t>(most_at_once)}}}});
    if (bulk.action == BulkAction::tag || bulk.action == BulkAction::untag)
        co_return co_await tag(services, desked, bulk);
    co_return co_await decide(services, desked, bulk);
}

// ── Adding ──

namespace
{

std::unexpected<Problem> email_registered(std::string const& id)
{
    auto problem = refuse(ProblemName::conflict, "people.email_registered.detail");
    if (!id.empty())
        problem.error().current = json::object{{"id", id}};
    return problem;
}

}

Result<Submission> submission_for(Services& services, Desked const& desked, json::object const& fields,
                                  std::string source)
{
    if (!desked.sight.manage)
        return refuse(ProblemName::not_allowed);
    if (!desked.event->form)
        return refuse(ProblemName::closed);
    std::vector<FieldError> errors;
    auto submission = decode_submission(fields, services.site.default_language, false, errors);
    auto const unfit = check(submission, *desked.event);
    errors.insert(errors.end(), unfit.begin(), unfit.end());
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    if (submission.submission_id.empty())
        submission.submission_id = random_uuid(services.random);
    submission.event = desked.event->slug;
    submission.source = std::move(source);
    return submission;
}

asio::awaitable<Result<Added>> add_person(Services& services, Desked const& desked, json::object fields,
                                          std::string source)
{
    auto made = submission_for(services, desked, fields, std::move(source));
    if (!made)
        co_return std::unexpected(made.error());
    auto& submission = *made;
    // Organisers may know who is registered: no letter to the owner of the address about it.
    auto const event_id = desked.event->event_id;
    auto const known = co_await services.db.read(store::id_of_email, event_id, submission.email);
    auto const seen = co_await services.db.read(store::id_of_submission, submission.submission_id);
    if (known && known != seen)
        co_return email_registered(*known);
    auto const submission_id = submission.submission_id;
    auto receipt = co_await services.desk.submit(std::move(submission), desked.event);
    if (!receipt)
        co_return std::unexpected(receipt.error());
    co_await events::seen(services.catalogue, desked.event->slug, receipt->event_version);
    auto const id = co_await services.db.read(store::id_of_submission, submission_id);
    if (!id)
        co_return email_registered({});
    co_return Added{*id, std::move(*receipt)};
}

}
