#include "registration/offer_rules.h"

#include "base/local_time.h"
#include "registration/offer_calendar.h"

#include <algorithm>

namespace kutsu::registration
{
namespace
{

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr milliseconds shortest_notice = hours(1);
constexpr hours work_begins(8);
constexpr hours work_ends(18);
constexpr hours night_begins(22);
constexpr hours morning(9);
constexpr hours evening(21);

Instant instant_of(Day day, hours hour, std::string const& zone)
{
    auto local = LocalTime(date::local_days(day)) + hour;
    for (;; local += hours(1)) { // a wall time that a spring night leaves out
        if (auto const derived = to_instant(local, zone))
            return derived->at;
    }
}

Day day_of(Instant at, std::string const& zone)
{
    return Day(date::floor<date::days>(to_local(at, zone)));
}

Day next(Day day, int number = 1)
{
    return Day(date::local_days(day) + date::days(number));
}

// Each working day gives the real time between its two walls; nothing past `latest` is counted.
Instant after_working_time(Instant now, milliseconds wanted, OfferTerms const& terms, Instant latest)
{
    for (auto day = day_of(now, terms.time_zone);; day = next(day)) {
        auto const begin = std::max(now, instant_of(day, work_begins, terms.time_zone));
        auto const end = instant_of(day, work_ends, terms.time_zone);
        if (begin >= latest)
            return latest;
        if (begin >= end || !is_working_day(day, terms.country))
            continue;
        if (end - begin >= wanted)
            return begin + wanted;
        wanted -= end - begin;
    }
}

bool at_night(Instant at, std::string const& zone)
{
    auto const local = to_local(at, zone);
    auto const time = local - date::floor<date::days>(local);
    return time < work_begins || time >= night_begins;
}

Instant out_of_the_night(Instant at, Instant now, Instant latest, std::string const& zone)
{
    auto const local = to_local(at, zone);
    auto const day = Day(date::floor<date::days>(local));
    bool const before_midnight = local - date::floor<date::days>(local) >= night_begins;
    auto const later = instant_of(before_midnight ? next(day) : day, morning, zone);
    if (later <= latest)
        return later;
    auto const earlier = instant_of(before_midnight ? day : next(day, -1), evening, zone);
    return earlier - now >= (at - now) / 2 ? earlier : at;
}

// An event may stand at a venue whose country nobody entered.
std::string country_of(events::Event const& event)
{
    if (event.venue && !event.venue->country.empty())
        return event.venue->country;
    auto const& zone = event.span.starts.time_zone;
    if (zone == "Europe/Helsinki")
        return "FI";
    if (zone == "Europe/Moscow")
        return "RU";
    return zone == "Asia/Almaty" || zone == "Asia/Qostanay" ? "KZ" : "";
}

}

OfferTerms offer_terms(events::Event const& event)
{
    OfferTerms terms;
    terms.time_zone = event.span.starts.time_zone;
    terms.country = country_of(event);
    terms.starts_at = event.span.starts.at;
    if (event.form) {
        terms.offer_hours = event.form->offer_hours;
        terms.working_hours = event.form->offer_working_hours;
    }
    return terms;
}

std::optional<Instant> offer_expiry(OfferTerms const& terms, Instant now)
{
    auto const left = terms.starts_at - now;
    if (!terms.offer_hours || left < shortest_notice)
        return std::nullopt;
    auto const latest = now + left / 2;
    milliseconds const wanted = hours(*terms.offer_hours);
    auto expiry = wanted > left ? latest : std::min(now + wanted, latest);
    if (terms.working_hours)
        expiry = std::min(after_working_time(now, wanted, terms, latest), latest);
    if (at_night(expiry, terms.time_zone))
        expiry = out_of_the_night(expiry, now, latest, terms.time_zone);
    return date::floor<minutes>(expiry);
}

}
