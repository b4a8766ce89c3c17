#include "net/rpc.h"

#include "base/json.h"
#include "base/log.h"
#include "net/core.h"
#include "net/metrics.h"
#include "net/rpc_dialogue.h"
#include "net/rpc_text.h"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace kutsu::net
{
namespace
{

constexpr std::uint16_t policy_violation = 1008;

void say(Session& session, std::string text)
{
    session.push(std::make_shared<std::string const>(std::move(text)));
}

Problem later(ProblemName name, std::int64_t milliseconds)
{
    Problem problem{name, {}, {}, {}, {}, {}};
    problem.retry_after_ms = milliseconds;
    return problem;
}

// So that those who were refused together do not come back together.
std::int64_t with_jitter(std::int64_t milliseconds)
{
    thread_local std::minstd_rand numbers{std::random_device{}()};
    return milliseconds + std::uniform_int_distribution<std::int64_t>(0, milliseconds)(numbers);
}

double seconds_since(std::chrono::steady_clock::time_point then)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

void count_call(std::string const& method, std::string outcome)
{
    count("kutsu_rpc_requests_total", {{"method", method}, {"outcome", std::move(outcome)}});
}

}

Frame notification(std::string_view method, boost::json::value const& params)
{
    return std::make_shared<std::string const>(fmt::format(R"({{"jsonrpc":"2.0","method":{},"params":{}}})",
                                                           boost::json::serialize(boost::json::value(method)),
                                                           boost::json::serialize(params)));
}

Frame closing_notice()
{
    return notification("server.closing", boost::json::object{{"retry_after_ms", with_jitter(1000)}});
}

void end(Session& session)
{
    auto const callbacks = std::exchange(session.on_closed, {});
    for (auto const& callback : callbacks) {
        try {
            callback();
        } catch (...) {
            note_escape(std::current_exception());
        }
    }
    session.state.clear();
}

void Dialogue::receive(std::shared_ptr<Session> session, std::string_view text)
{
    auto parsed = parse_json(text);
    if (!parsed)
        return refuse_unparsable(*session, text);
    if (!parsed->is_object())
        return say(*session, protocol_error_text("null", -32600,
                                                 parsed->is_array() ? "Batches are not supported." : ""));
    if (repeats_a_member(text, *parsed))
        return say(*session, protocol_error_text("null", -32600, "A member is there twice."));
    auto call = read_call(*session, text, parsed->get_object());
    if (!call || !may_call(*session, call->id))
        return;
    ++in_flight_;
    auto const executor = session->executor();
    auto performing = perform(*this, std::move(session), std::move(*call));
    asio::co_spawn(executor, std::move(performing), note_escape);
}

asio::awaitable<void> Dialogue::perform(Dialogue& dialogue, std::shared_ptr<Session> session, Call call)
{
    auto const begun = std::chrono::steady_clock::now();
    std::string text;
    std::string outcome = "ok";
    try {
        auto handling = call.called->handler(session, call.params);
        auto const result = co_await std::move(handling);
        if (!result)
            outcome = wire_name(result.error().name);
        if (!call.id.empty())
            text = result ? result_text(call.id, *result)
                          : problem_text(call.id, result.error(), session->language);
    } catch (...) {
        outcome = "failed";
        text = dialogue.answer_to_failure(*session, call, std::current_exception());
    }
    --dialogue.in_flight_;
    count_call(call.method, std::move(outcome));
    observe("kutsu_rpc_request_seconds", seconds_since(begun), {{"method", call.method}});
    if (!call.id.empty())
        say(*session, std::move(text));
}

void Dialogue::refuse_unparsable(Session& session, std::string_view text)
{
    if (++unparsable_ > most_unparsable)
        return session.close(policy_violation, "too many messages that are no JSON");
    count_call("none", "unparsable");
    boost::system::error_code failed;
    boost::json::parse(text, failed);
    // Well-formed, but deeper than we follow.
    if (!failed || failed == boost::json::error::too_deep)
        return say(session, protocol_error_text("null", -32602, "Nested too deeply."));
    say(session, protocol_error_text("null", -32700));
}

std::optional<Dialogue::Call> Dialogue::read_call(Session& session, std::string_view text,
                                                  boost::json::object& message)
{
    auto const refuse_call = [&](std::string_view id, int code, std::string_view detail) {
        count_call("none", "refused");
        say(session, protocol_error_text(id, code, detail));
        return std::nullopt;
    };
    Call call;
    if (auto const* id = message.if_contains("id")) {
        auto written = id_text(text, *id);
        if (!written)
            return refuse_call("null", -32600, "The id must be a string, a number or null.");
        call.id = std::move(*written);
    }
    auto const id_or_null = call.id.empty() ? "null" : call.id;
    auto const* version = message.if_contains("jsonrpc");
    auto const* method = message.if_contains("method");
    if (!version || *version != "2.0" || !method || !method->is_string())
        return refuse_call(id_or_null, -32600, "\"jsonrpc\" must be \"2.0\" and \"method\" a string.");
    auto const found = table_.methods.find(std::string_view(method->get_string()));
    if (found == table_.methods.end()) {
        if (call.id.empty())
            return std::nullopt; // nobody waits for an answer
        return refuse_call(call.id, -32601, {});
    }
    call.method = found->first;
    call.called = &found->second;
    auto* params = message.if_contains("params");
    if (params && !params->is_object())
        return refuse_call(id_or_null, -32602, "\"params\" must be an object.");
    if (params)
        call.params = std::move(params->get_object());
    if (auto const wrong = misfit(call.params, call.called->parameters); !wrong.empty())
        return refuse_call(id_or_null, -32602, wrong);
    return call;
}

bool Dialogue::may_call(Session& session, std::string const& id)
{
    auto const enough = in_flight_ < table_.in_flight_limit;
    if (enough && take_token()) {
        too_many_ = 0;
        return true;
    }
    if (!enough)
        count_call("none", "overloaded");
    else if (++too_many_ > most_unparsable) {
        session.close(policy_violation, "too many messages");
        return false;
    }
    auto const problem = enough ? later(ProblemName::too_many_requests, with_jitter(1000))
                                : later(ProblemName::overloaded, with_jitter(200));
    if (!id.empty())
        say(session, problem_text(id, problem, session.language));
    return false;
}

bool Dialogue::take_token()
{
    if (table_.messages_per_second <= 0)
        return true;
    auto const now = std::chrono::steady_clock::now();
    tokens_ = std::min(table_.message_burst, tokens_ + seconds_since(filled_) * table_.messages_per_second);
    filled_ = now;
    if (tokens_ < 1)
        return false;
    tokens_ -= 1;
    return true;
}

std::string Dialogue::answer_to_failure(Session const& session, Call const& call,
                                        std::exception_ptr const& failure) const
{
    log_error(
        "a socket request failed",
        {{"request", session.handshake.id}, {"method", call.method}, {"what", describe_failure(failure)}});
    auto problem = table_.failure ? table_.failure(failure) : std::nullopt;
    if (!problem)
        return protocol_error_text(call.id, -32603);
    if (!problem->retry_after_ms)
        problem->retry_after_ms = with_jitter(1000);
    return problem_text(call.id, *problem, session.language);
}

}
