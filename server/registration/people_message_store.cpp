#include "registration/people_message_store.h"

#include "db/rows.h"

namespace kutsu::registration::store
{
namespace
{

json::object map_json(std::map<std::string, std::string, std::less<>> const& words)
{
    json::object object;
    for (auto const& [language, text] : words)
        object[language] = text;
    return object;
}

constexpr std::string_view message_columns = R"(
    select m.public_id as id, m.subject, m.recipients, coalesce(sent, 0) as sent, coalesce(failed, 0) as failed, m.state,
           coalesce(u.name, m.actor) as actor, ms(m.created_at) as created_at, ms(m.send_at) as send_at
      from people_message m left join app_user u on u.public_id = m.actor
      left join lateral (
           select count(*) filter (where o.state = 'sent') as sent, count(*) filter (where o.state = 'failed') as failed
             from outbox o
            where o.dedupe_key >= 'organiser_message:' || m.public_id || ':'
              and o.dedupe_key < 'organiser_message:' || m.public_id || ';') letters on true)";

}

void add_message(db::Transaction& transaction, NewMessage const& message,
                 std::vector<Recipient> const& recipients)
{
    db::execute(transaction, R"(
        insert into people_message (public_id, event_id, subject, body, filter, recipients, actor, created_at, send_at)
        values (:id, :event_id, :subject, :body, :filter, :recipients, :actor, at_ms(:at), at_ms(:send_at)))",
                message.id, message.event_id, map_json(message.draft.words.subject),
                map_json(message.draft.words.body), to_question(message.draft.filter, true),
                std::ssize(recipients), message.actor, message.at, message.send_at);
    std::vector<std::string> ids;
    std::vector<std::string> languages;
    std::vector<std::string> subjects;
    std::vector<std::string> bodies;
    for (auto const& recipient : recipients) {
        ids.push_back(recipient.id);
        languages.push_back(recipient.message.language);
        subjects.push_back(recipient.message.subject);
        bodies.push_back(recipient.message.body);
    }
    db::execute(transaction, R"(
        insert into outbox (dedupe_key, kind, recipient, language, event_id, registration_id, params, next_attempt_at,
                            created_at)
        select 'organiser_message:' || cast(:message as text) || ':' || r.public_id, 'organiser_message', r.email,
               to_whom.language, r.event_id, r.registration_id,
               jsonb_build_object('name', r.name, 'submission_id', r.submission_id, 'subject', to_whom.subject,
                                  'body', to_whom.body), at_ms(:send_at), at_ms(:at)
          from unnest(cast(:ids as text[]), cast(:languages as text[]), cast(:subjects as text[]), cast(:bodies as text[]))
               as to_whom (id, language, subject, body)
          join registration r on r.public_id = to_whom.id
         where r.email is not null
        on conflict (dedupe_key) do nothing)",
                message.id, message.send_at, message.at, ids, languages, subjects, bodies);
}

void add_trial(db::Transaction& transaction, NewMessage const& message, std::string const& email,
               std::string const& name, FilledMessage const& filled)
{
    db::execute(transaction, R"(
        insert into outbox (dedupe_key, kind, recipient, language, event_id, params, next_attempt_at, created_at)
        values ('organiser_message:trial:' || cast(:id as text) || ':' || cast(:key_language as text), 'organiser_message',
                :email, :language, :event_id, :params, at_ms(:send_at), at_ms(:at)))",
                message.id, filled.language, email, filled.language, message.event_id,
                json::object{{"name", name}, {"subject", filled.subject}, {"body", filled.body}}, message.at,
                message.at);
}

std::optional<SentMessage> find_message(db::Reader& reader, std::int64_t event_id, std::string const& id)
{
    static std::string const question =
        std::string(message_columns) + " where m.event_id = :event_id and m.public_id = :id";
    return db::find<SentMessage>(reader, question, event_id, id);
}

bool undo_message(db::Transaction& transaction, std::int64_t event_id, std::string const& id, Instant now)
{
    auto const undone = db::execute(transaction, R"(
        update people_message set state = 'undone'
         where event_id = :event_id and public_id = :id and state = 'queued' and send_at > at_ms(:now))",
                                    event_id, id, now);
    if (undone == 0)
        return false;
    // Nothing of it has been touched: it is due later than now, and the row above is ours.
    db::execute(transaction, R"(
        delete from outbox where state = 'queued' and attempts = 0
           and dedupe_key >= 'organiser_message:' || cast(:id as text) || ':'
           and dedupe_key < 'organiser_message:' || cast(:same as text) || ';')",
                id, id);
    return true;
}

std::vector<SentMessage> list_messages(db::Reader& reader, std::int64_t event_id)
{
    static std::string const question =
        std::string(message_columns) +
        " where m.event_id = :event_id order by m.people_message_id desc limit 50";
    return db::list<SentMessage>(reader, question, event_id);
}

}
