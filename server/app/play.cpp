#include "app/play.h"

#include "agenda/agenda_commands.h"
#include "base/log.h"
#include "db/error.h"
#include "events/catalogue.h"
#include "registration/registration_commands.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <array>
#include <vector>

namespace kutsu::app
{
namespace
{

namespace asio = boost::asio;
namespace json = boost::json;

constexpr std::array names = {"Aino Virtanen", "Светлана Ёлкина",  "Äikäs Väinö",    "Дмитрий Щербаков",
                              "Sofia Öhman",   "Айгерим Қасымова", "Leena Wirtanen", "John O'Neill",
                              "Мария Иванова", "Eetu Šubin"};

std::size_t below(Random& random, std::size_t limit)
{
    std::array<unsigned char, 8> bytes{};
    random.fill(bytes);
    std::size_t number = 0;
    for (auto const byte : bytes)
        number = number * 256 + byte;
    return number % limit;
}

events::EventPtr open_event(Services& services)
{
    for (auto const& event : services.catalogue.picture()->by_start) {
        auto const state = events::registration_state(*event, services.clock.now());
        if (is_public(*event) &&
            (state == events::RegistrationState::open || state == events::RegistrationState::waitlist))
            return event;
    }
    return nullptr;
}

}

struct Play::State : std::enable_shared_from_this<Play::State>
{
    State(Services& known, asio::io_context& context) : services(known), timer(context) {}

    asio::awaitable<void> run()
    {
        auto const alive = shared_from_this();
        while (!stopping) {
            timer.expires_after(std::chrono::milliseconds(800 + below(services.random, 2500)));
            auto const [ended] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
            if (ended || stopping)
                co_return;
            co_await once();
        }
    }

    asio::awaitable<void> once()
    {
        try {
            auto const event = open_event(services);
            if (!event)
                co_return;
            auto const what = below(services.random, 10);
            if (what < 7)
                co_await visit(event);
            else if (what < 9 && !tokens.empty())
                co_await leave();
            else
                co_await move(event);
        } catch (std::exception const& error) {
            log_warn("the demonstration stumbled", {{"error", db::describe(error)}});
        }
    }

    asio::awaitable<void> visit(events::EventPtr event)
    {
        json::object fields{
            {"name", names.at(below(services.random, names.size()))},
            {"email", fmt::format("guest{}@example.org", below(services.random, 1'000'000'000))}};
        registration::Door door{{}, "fi", false};
        auto const receipt =
            co_await registration::register_guest(services, event->slug, std::move(fields), std::move(door));
        if (receipt)
            tokens.push_back(receipt->token);
    }

    asio::awaitable<void> leave()
    {
        auto const at = below(services.random, tokens.size());
        auto const token = tokens[at];
        tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(at));
        co_await registration::cancel(services, token);
    }

    // Five minutes later or earlier.
    asio::awaitable<void> move(events::EventPtr event)
    {
        if (event->sessions.empty())
            co_return;
        auto const& session = event->sessions[below(services.random, event->sessions.size())];
        agenda::Operation operation;
        operation.verb = agenda::Verb::move;
        operation.session = session.id;
        operation.version = session.version;
        operation.starts.at =
            session.span.starts.at + std::chrono::minutes(below(services.random, 2) == 0 ? 5 : -5);
        agenda::EditInput input{event->slug, random_uuid(services.random), {operation}};
        co_await agenda::edit_agenda_as(services, std::move(input), "play");
    }

    Services& services;
    asio::steady_timer timer;
    std::vector<std::string> tokens;
    std::atomic<bool> stopping = false;
};

Play::Play(Services& services, asio::io_context& context) : state_(std::make_shared<State>(services, context))
{
    asio::co_spawn(context, state_->run(), [](std::exception_ptr const&) {});
}

void Play::stop()
{
    state_->stopping = true;
    asio::post(state_->timer.get_executor(), [state = state_] { state->timer.cancel(); });
}

}
