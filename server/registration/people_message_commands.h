// Writing to people: looked at against a real recipient first, tried on oneself, sent after half a minute in
// which it can be taken back. One letter a recipient for ever (outbox:
// organiser_message:MESSAGE:REGISTRATION).
#pragma once

#include "registration/people_commands.h"
#include "registration/people_message.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration
{

struct MessageDraft
{
    MessageWords words;
    PeopleFilter filter;
};

struct MessageLook
{
    std::int64_t recipients = 0;
    std::string whom;                                // the filter in words
    std::map<std::string, std::int64_t> by_language; // recipients by their own language
    std::vector<std::string> missing;                // languages of recipients nobody has written in
    std::optional<FilledMessage> sample;             // as the first of them gets it
    std::string sample_for;
};
// Problems: validation with every flaw.
asio::awaitable<Result<MessageLook>> look_at_message(Services& services, Desked const& desked,
                                                     MessageDraft draft, std::string language);
// To whoever asks, in each language that is written.
asio::awaitable<Result<std::int64_t>> try_message(Services& services, Desked const& desked,
                                                  MessageDraft draft);

constexpr std::int64_t count_has_to_be_said_above = 100;
constexpr std::chrono::seconds time_to_undo{30};

struct SentMessage
{
    std::string id;
    json::object subject;
    std::int64_t recipients = 0;
    std::int64_t sent = 0;
    std::int64_t failed = 0;
    std::string state; // queued, undone
    std::string actor;
    Instant created_at;
    Instant send_at;
};
BOOST_DESCRIBE_STRUCT(SentMessage, (),
                      (id, subject, recipients, sent, failed, state, actor, created_at, send_at))
json::object to_json(SentMessage const& message);

// `said`: how many the sender believes it goes to; needed above a hundred, and then has to be right.
asio::awaitable<Result<SentMessage>> send_message(Services& services, Desked const& desked,
                                                  MessageDraft draft, std::optional<std::int64_t> said);
// Problems: not_found, conflict (it is on its way).
asio::awaitable<Result<SentMessage>> undo_message(Services& services, Desked const& desked, std::string id);
asio::awaitable<Result<std::vector<SentMessage>>> list_messages(Services& services, Desked const& desked);

}
