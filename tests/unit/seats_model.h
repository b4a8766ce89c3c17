// The rules of seats once more, in memory and without a counter: everything is counted from the guests each
// time. What the database decides is compared with it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration::test
{

class SeatsModel
{
public:
    struct Place
    {
        std::string status; // confirmed, waitlisted
        std::int64_t order = 0;
    };
    struct Guest
    {
        std::string name;
        std::int64_t seats = 1;
        std::string type;
        std::string attendance;
        std::string status;
        std::int64_t arrival = 0;
        std::map<std::string, Place> sessions = {};

        bool sits() const { return status == "confirmed" || status == "offered"; }
        bool is_active() const { return sits() || status == "waitlisted" || status == "pending"; }
    };
    using Limit = std::optional<std::int64_t>;

    bool holds = true;
    bool offers = false;
    Limit capacity;
    std::map<std::string, Limit> types;
    std::map<std::string, Limit> attendances;
    std::map<std::string, Limit> sessions;
    std::vector<Guest> guests;

    // ── What guests and organisers do; each gives the outcome of the desk ──

    std::string submit(Guest guest, std::vector<std::string> const& chosen)
    {
        guest.arrival = ++arrivals_;
        guest.status = "waitlisted";
        auto const held = promote(false);
        if (auto const lacking = lacks(guest, held); lacking && lacking->empty())
            guest.status = "confirmed";
        guests.push_back(guest);
        choose(guests.back(), chosen);
        return "created";
    }

    std::string cancel(Guest& guest)
    {
        if (!guest.is_active())
            return "unchanged";
        end(guest, "cancelled");
        serve();
        return "done";
    }

    std::string decline(Guest& guest)
    {
        if (guest.status == "declined")
            return "unchanged";
        if (guest.status != "offered")
            return "not_offered";
        end(guest, "declined");
        serve();
        return "done";
    }

    std::string accept(Guest& guest)
    {
        if (guest.status == "confirmed")
            return "unchanged";
        if (guest.status != "offered")
            return "not_offered";
        guest.status = "confirmed";
        fill_sessions();
        return "done";
    }

    std::string expire()
    {
        auto const before = count("offered");
        for (auto& guest : guests) {
            if (guest.status == "offered")
                end(guest, "declined");
        }
        if (before == 0)
            return "unchanged";
        serve();
        return "done";
    }

    std::string set_capacity(Limit& limit, Limit wanted, std::int64_t taken)
    {
        if (wanted == limit)
            return "unchanged";
        if (wanted && *wanted < taken)
            return "conflict";
        limit = wanted;
        serve();
        return "done";
    }

    std::string move(Guest& guest, std::string const& attendance)
    {
        if (!guest.is_active())
            return "ended";
        if (guest.sits() && attendances.contains(attendance) && attendance != guest.attendance) {
            auto const key = "attendance " + attendance;
            auto const held = promote(false);
            if (free_of(key) < guest.seats || std::ranges::find(held, key) != held.end())
                return "full";
        }
        bool const elsewhere = guest.attendance != attendance && !attendances.empty();
        guest.attendance = attendance;
        if (elsewhere)
            serve();
        return "done";
    }

    std::string choose_anew(Guest& guest, std::vector<std::string> const& wanted)
    {
        if (!guest.is_active())
            return "ended";
        std::erase_if(guest.sessions, [&](auto const& place) {
            return std::ranges::find(wanted, place.first) == wanted.end();
        });
        fill_sessions();
        std::vector<std::string> added;
        for (auto const& session : wanted) {
            if (!guest.sessions.contains(session))
                added.push_back(session);
        }
        choose(guest, added);
        return "done";
    }

    std::string decide(Guest& guest, std::string const& to)
    {
        bool const revives = to != "cancelled" && to != "declined";
        if (guest.status == to)
            return "unchanged";
        if (!guest.is_active() && !revives)
            return "ended";
        if (to == "confirmed" && guest.status != "offered") {
            auto const lacking = lacks(guest, {});
            if (!lacking || !lacking->empty())
                return "full";
        }
        if (to == "waitlisted" && guest.sits() && count("waitlisted") == 0)
            return "conflict";
        if (!revives) {
            end(guest, to);
        } else if (to == "confirmed") {
            guest.status = to;
        } else {
            if (to == "waitlisted" && guest.status != "pending") {
                guest.arrival = ++arrivals_;
            }
            guest.status = to;
            auto const chosen = names_of(guest.sessions);
            guest.sessions.clear();
            choose(guest, chosen);
        }
        serve();
        return "done";
    }

    // ── What is so ──

    std::int64_t taken(std::string const& limit) const
    {
        std::int64_t sum = 0;
        for (auto const& guest : guests)
            sum += guest.sits() && counts_in(guest, limit) ? guest.seats : 0;
        return sum;
    }

    std::int64_t taken_in_session(std::string const& session) const
    {
        std::int64_t sum = 0;
        for (auto const& guest : guests) {
            auto const place = guest.sessions.find(session);
            sum += place != guest.sessions.end() && place->second.status == "confirmed" ? guest.seats : 0;
        }
        return sum;
    }

    std::int64_t count(std::string const& status) const
    {
        return std::ranges::count(guests, status, &Guest::status);
    }

    // The place among those who wait for a same pool; among all where there is none.
    std::int64_t position(Guest const& guest) const
    {
        auto const mine = limits_of(guest);
        std::int64_t place = 0;
        for (auto const& other : guests) {
            bool const shares = mine.size() == 1 || std::ranges::any_of(mine, [&](auto const& limit) {
                                    return !limit.empty() && counts_in(other, limit);
                                });
            place += other.status == "waitlisted" && other.arrival <= guest.arrival && shares ? 1 : 0;
        }
        return place;
    }

private:
    static bool contains(std::vector<std::string> const& all, std::string const& one)
    {
        return std::ranges::find(all, one) != all.end();
    }

    std::vector<std::string> limits_of(Guest const& guest) const
    {
        std::vector<std::string> limits{""};
        if (types.contains(guest.type))
            limits.push_back("type " + guest.type);
        if (attendances.contains(guest.attendance))
            limits.push_back("attendance " + guest.attendance);
        return limits;
    }

    bool counts_in(Guest const& guest, std::string const& limit) const
    {
        return contains(limits_of(guest), limit);
    }

    std::int64_t free_of(std::string const& limit) const
    {
        constexpr std::int64_t plenty = 1'000'000;
        auto const most = limit.empty()                ? capacity
                          : limit.starts_with("type ") ? types.at(limit.substr(5))
                                                       : attendances.at(limit.substr(11));
        return most ? *most - taken(limit) : plenty;
    }

    // Empty: some limit is exhausted or held, so that not even one person could sit. Else those that have too
    // few.
    std::optional<std::vector<std::string>> lacks(Guest const& guest,
                                                  std::vector<std::string> const& held) const
    {
        std::vector<std::string> few;
        for (auto const& limit : limits_of(guest)) {
            if (free_of(limit) <= 0 || contains(held, limit))
                return std::nullopt;
            if (free_of(limit) < guest.seats)
                few.push_back(limit);
        }
        return few;
    }

    std::vector<Guest*> queue()
    {
        std::vector<Guest*> waiting;
        for (auto& guest : guests) {
            if (guest.status == "waitlisted")
                waiting.push_back(&guest);
        }
        std::ranges::sort(waiting, {}, &Guest::arrival);
        return waiting;
    }

    std::vector<std::string> promote(bool seat)
    {
        std::vector<std::string> held;
        for (auto* guest : queue()) {
            auto const lacking = lacks(*guest, held);
            if (lacking && lacking->empty() && seat)
                guest->status = offers ? "offered" : "confirmed";
            else if (lacking && holds)
                held.insert(held.end(), lacking->begin(), lacking->end());
        }
        return held;
    }

    bool has_room(std::string const& session, Guest const& guest) const
    {
        auto const& most = sessions.at(session);
        return !most || taken_in_session(session) + guest.seats <= *most;
    }

    void fill_sessions()
    {
        for (auto const& [session, most] : sessions) {
            std::vector<Guest*> waiting;
            for (auto& guest : guests) {
                if (guest.status == "confirmed" && guest.sessions.contains(session) &&
                    guest.sessions.at(session).status == "waitlisted")
                    waiting.push_back(&guest);
            }
            std::ranges::sort(waiting, {},
                              [&](Guest const* guest) { return guest->sessions.at(session).order; });
            for (auto* guest : waiting) {
                if (has_room(session, *guest))
                    guest->sessions.at(session).status = "confirmed";
                else if (holds)
                    break;
            }
        }
    }

    void serve()
    {
        promote(true);
        fill_sessions();
    }

    // Behind everybody who waits there, and served like them.
    void choose(Guest& guest, std::vector<std::string> const& chosen)
    {
        for (auto const& session : chosen)
            guest.sessions[session] = {"waitlisted", ++places_};
        fill_sessions();
    }

    static std::vector<std::string> names_of(std::map<std::string, Place> const& places)
    {
        std::vector<std::string> names;
        for (auto const& [name, place] : places)
            names.push_back(name);
        return names;
    }

    static void end(Guest& guest, std::string const& status)
    {
        guest.status = status;
        guest.sessions.clear();
    }

    std::int64_t arrivals_ = 0;
    std::int64_t places_ = 0;
};

}
