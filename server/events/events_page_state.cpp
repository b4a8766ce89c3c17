// Whether one can still come, in words: what events_page_parts.h declares about states.
#include "base/messages.h"
#include "events/events_page_parts.h"

#include <array>

namespace kutsu::events
{
namespace
{

using html::attr;
using html::Sign;
using html::Tag;

StateWords open_words(std::string_view language, Event const& event)
{
    if (is_few(event.seats))
        return {message(language, "seats.few", {{"free", event.seats.free.value_or(0)}}), Sign::clock,
                "state-few"};
    return {message(language, "state.open"), Sign::tick, "state-open"};
}

StateWords not_open_words(std::string_view language, Event const& event)
{
    auto const& opens = event.form->opens;
    if (!opens)
        return {message(language, "state.not_open_yet"), Sign::clock, "state-later"};
    return {message(language, "state.opens_on", {{"date", format_date_short(language, opens->local)}}),
            Sign::clock, "state-later"};
}

}

bool is_few(Seats const& seats)
{
    if (!seats.capacity || !seats.free)
        return false;
    constexpr std::int64_t few = 5;
    return *seats.free <= few || *seats.free * 10 <= *seats.capacity;
}

StateWords state_words(std::string_view language, Event const& event, Instant now)
{
    switch (registration_state(event, now)) {
    case RegistrationState::none:
        return {};
    case RegistrationState::not_open_yet:
        return not_open_words(language, event);
    case RegistrationState::open:
        return open_words(language, event);
    case RegistrationState::waitlist:
        return {message(language, "state.waitlist"), Sign::clock, "state-few"};
    case RegistrationState::full:
        return {message(language, "state.full"), Sign::cross, "state-closed"};
    case RegistrationState::closed:
        return {message(language, "state.closed"), Sign::cross, "state-closed"};
    case RegistrationState::cancelled:
        return {message(language, "state.cancelled"), Sign::cross, "state-cancelled"};
    case RegistrationState::postponed:
        return {message(language, "state.postponed"), Sign::warning, "state-cancelled"};
    case RegistrationState::over:
        return {message(language, "state.over"), Sign::info, "state-closed"};
    }
    return {};
}

std::string seats_words(std::string_view language, Event const& event, RegistrationState state)
{
    auto const& seats = event.seats;
    if (!seats.capacity)
        return {};
    if (state == RegistrationState::waitlist)
        return message(language, "seats.full_waitlist", {{"waiting", seats.waitlisted}});
    if (state == RegistrationState::full)
        return message(language, "seats.full");
    auto const* key = is_few(seats) ? "seats.few" : "seats.free";
    return message(language, key, {{"free", seats.free.value_or(0)}});
}

std::string_view state_code(RegistrationState state)
{
    constexpr std::array<std::string_view, 9> codes = {
        "none", "not_open_yet", "open", "waitlist", "full", "closed", "cancelled", "postponed", "over"};
    return codes.at(static_cast<std::size_t>(state) - 1);
}

void add_state(html::Html& html, StateWords const& state)
{
    if (state.words.empty())
        return;
    html.add(Tag::p, {attr::cls(std::string("state ").append(state.css))}, [&] {
        add_sign(html, state.sign);
        html.add(Tag::span, state.words);
    });
}

}
