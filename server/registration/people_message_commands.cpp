#include "registration/people_message_commands.h"

#include "base/local_time.h"
#include "base/messages.h"
#include "base/secret.h"
#include "db/database.h"
#include "db/waker.h"
#include "registration/people_message_store.h"
#include "registration/people_store.h"
#include "registration/people_words.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

Result<std::vector<Person>> recipients_of(db::Transaction& transaction, std::int64_t event_id,
                                          PeopleFilter const& filter)
{
    store::fold_new_people(transaction, event_id);
    PeopleQuery query;
    query.filter = filter;
    query.descending = false;
    query.limit = most_in_a_file;
    auto people = store::list_people(transaction, event_id, query, true);
    std::erase_if(people, [](Person const& person) { return !person.email; });
    return people;
}

Result<void> may_send(Desked const& desked, MessageDraft const& draft)
{
    if (!desked.sight.manage)
        return refuse(ProblemName::not_allowed);
    if (auto errors = flaws(draft.words); !errors.empty())
        return refuse_fields(std::move(errors));
    return {};
}

MessageLook look(std::vector<Person> const& people, Desked const& desked, MessageDraft const& draft,
                 std::string_view language, std::string_view fallback)
{
    MessageLook seen;
    seen.recipients = std::ssize(people);
    seen.whom = filter_words(language, *desked.event, draft.filter);
    for (auto const& person : people)
        ++seen.by_language[person.language];
    for (auto const& [spoken, number] : seen.by_language) {
        if (!draft.words.body.contains(spoken))
            seen.missing.push_back(spoken);
    }
    if (!people.empty()) {
        seen.sample = filled(draft.words, people.front(), *desked.event, fallback);
        seen.sample_for = people.front().name;
    }
    return seen;
}

}

asio::awaitable<Result<MessageLook>> look_at_message(Services& services, Desked const& desked,
                                                     MessageDraft draft, std::string language)
{
    if (auto const allowed = may_send(desked, draft); !allowed)
        co_return std::unexpected(allowed.error());
    auto const people = co_await services.db.write(recipients_of, desked.event->event_id, draft.filter);
    if (!people)
        co_return std::unexpected(people.error());
    co_return look(*people, desked, draft, language, services.site.default_language);
}

namespace
{

struct Sending
{
    store::NewMessage message;
    events::EventPtr event;
    std::string fallback;
    std::optional<std::int64_t> said;
    std::string email; // of who tries it
    std::string name;
};

Result<SentMessage> send_deed(db::Transaction& transaction, Sending const& sending)
{
    auto const& message = sending.message;
    auto const people = recipients_of(transaction, message.event_id, message.draft.filter);
    auto const count = std::ssize(*people);
    if (count == 0)
        return refuse_fields({{"filter", "people.message.nobody", {}}});
    if ((count > count_has_to_be_said_above || sending.said) && sending.said != count)
        return refuse_fields(
            {{"count", "people.message.count", {{"count", static_cast<std::int64_t>(count)}}}});
    std::vector<store::Recipient> recipients;
    for (auto const& person : *people)
        recipients.push_back(
            {person.id, filled(message.draft.words, person, *sending.event, sending.fallback)});
    store::add_message(transaction, message, recipients);
    return *store::find_message(transaction, message.event_id, message.id);
}

Result<std::int64_t> try_deed(db::Transaction& transaction, Sending const& sending)
{
    Person self;
    self.name = sending.name;
    self.status = "confirmed";
    self.organisation = std::string();
    for (auto const& [language, body] : sending.message.draft.words.body) {
        self.language = language;
        store::add_trial(transaction, sending.message, sending.email, sending.name,
                         filled(sending.message.draft.words, self, *sending.event, sending.fallback));
    }
    return std::ssize(sending.message.draft.words.body);
}

Sending sending_of(Services& services, Desked const& desked, MessageDraft draft,
                   std::optional<std::int64_t> said)
{
    auto const now = services.clock.now();
    return {{random_public_id(services.random), desked.event->event_id, std::move(draft), desked.actor.id,
             now, now + time_to_undo},
            desked.event,
            services.site.default_language,
            said,
            desked.actor.email,
            desked.actor.name};
}

Result<SentMessage> undo_deed(db::Transaction& transaction, std::int64_t event_id, std::string const& id,
                              Instant const& now)
{
    if (!store::find_message(transaction, event_id, id))
        return refuse(ProblemName::not_found);
    if (!store::undo_message(transaction, event_id, id, now))
        return refuse(ProblemName::conflict, "people.message.under_way.detail");
    return *store::find_message(transaction, event_id, id);
}

}

asio::awaitable<Result<std::int64_t>> try_message(Services& services, Desked const& desked,
                                                  MessageDraft draft)
{
    if (auto const allowed = may_send(desked, draft); !allowed)
        co_return std::unexpected(allowed.error());
    auto const sending = sending_of(services, desked, std::move(draft), std::nullopt);
    co_return co_await services.db.write(try_deed, sending);
}

asio::awaitable<Result<SentMessage>> send_message(Services& services, Desked const& desked,
                                                  MessageDraft draft, std::optional<std::int64_t> said)
{
    if (auto const allowed = may_send(desked, draft); !allowed)
        co_return std::unexpected(allowed.error());
    auto const sending = sending_of(services, desked, std::move(draft), said);
    co_return co_await services.db.write(send_deed, sending);
}

asio::awaitable<Result<SentMessage>> undo_message(Services& services, Desked const& desked, std::string id)
{
    if (!desked.sight.manage)
        co_return refuse(ProblemName::not_allowed);
    auto const now = services.clock.now();
    co_return co_await services.db.write(undo_deed, desked.event->event_id, id, now);
}

asio::awaitable<Result<std::vector<SentMessage>>> list_messages(Services& services, Desked const& desked)
{
    if (!desked.sight.contacts)
        co_return refuse(ProblemName::not_allowed);
    co_return co_await services.db.read(store::list_messages, desked.event->event_id);
}

json::object to_json(SentMessage const& message)
{
    return {{"id", message.id},
            {"subject", message.subject},
            {"recipients", message.recipients},
            {"sent", message.sent},
            {"failed", message.failed},
            {"state", message.state},
            {"by", message.actor},
            {"created_at", format_utc(message.created_at)},
            {"send_at", format_utc(message.send_at)}};
}

}
