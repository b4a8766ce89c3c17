#include "base/unicode.h"
#include "transfer/consistency.h"
#include "transfer/json_path.h"
#include "transfer/standing.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace kutsu::transfer
{
namespace
{

constexpr std::size_t companion_limit = 9;
constexpr std::size_t invitation_limit = 100;

struct Room
{
    std::string path; // of its capacity
    std::optional<std::int64_t> capacity;
    std::int64_t taken = 0;
};

struct Pool
{
    std::string_view key;
    std::string_view by;
    Room room;
};

struct Hall
{
    Room room;
    std::vector<Pool> pools;
    std::set<std::string_view> sessions;
    std::int64_t waiting = 0;
    std::map<std::string, std::string> mailboxes; // active registrations: e-mail → path
};

class SeatCheck
{
public:
    SeatCheck(json::object const& project, std::string const& path, FileProblems& problems)
        : project_(project), path_(path), problems_(problems)
    {}

    void run()
    {
        read_events();
        read_people();
        auto const* registrations = array_at(project_, "registrations");
        for (std::size_t i = 0; registrations && i < registrations->size(); ++i) {
            if (auto const* registration = (*registrations)[i].if_object())
                check(*registration, item(member(path_, "registrations"), i));
        }
        for (auto const& [id, hall] : halls_) {
            check_room(hall.room);
            for (auto const& pool : hall.pools)
                check_room(pool.room);
        }
        for (auto const& [id, room] : sessions_)
            check_room(room);
    }

private:
    static std::optional<std::int64_t> capacity_in(json::object const& object)
    {
        auto const* capacity = object.if_contains("capacity");
        auto const* number = capacity ? capacity->if_int64() : nullptr;
        return number ? std::optional(*number) : std::nullopt;
    }

    void read_events()
    {
        auto const* events = array_at(project_, "events");
        for (std::size_t i = 0; events && i < events->size(); ++i) {
            if (auto const* event = (*events)[i].if_object())
                read_event(*event, item(member(path_, "events"), i));
        }
    }

    void read_event(json::object const& event, std::string const& place)
    {
        auto& hall = halls_[text_at(event, "id")];
        if (auto const* form = object_at(event, "registration")) {
            hall.room = {member(member(place, "registration"), "capacity"), capacity_in(*form)};
            read_pools(*form, member(member(place, "registration"), "pools"), hall);
        }
        auto const* agenda = array_at(event, "agenda");
        for (std::size_t i = 0; agenda && i < agenda->size(); ++i) {
            auto const* session = (*agenda)[i].if_object();
            if (!session)
                continue;
            hall.sessions.insert(text_at(*session, "id"));
            auto const* sign_up = session->if_contains("sign_up");
            if (sign_up && sign_up->is_bool() && sign_up->get_bool())
                sessions_[text_at(*session, "id")] = {member(item(member(place, "agenda"), i), "capacity"),
                                                      capacity_in(*session)};
        }
    }

    void read_pools(json::object const& form, std::string const& place, Hall& hall)
    {
        auto const* pools = array_at(form, "pools");
        for (std::size_t i = 0; pools && i < pools->size(); ++i) {
            auto const* object = (*pools)[i].if_object();
            if (!object)
                continue;
            Pool pool{text_at(*object, "key"),
                      text_at(*object, "by"),
                      {member(item(place, i), "capacity"), capacity_in(*object)}};
            if (auto const flaw = flaw_of(pool, hall); !flaw.empty())
                problems_.push_back({member(item(place, i), "key"), std::string(flaw)});
            hall.pools.push_back(std::move(pool));
        }
    }

    static std::string_view flaw_of(Pool const& pool, Hall const& hall)
    {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
        if (pool.key.size() > 50 || pool.key.find_first_of(letters) != 0 ||
            pool.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != pool.key.npos)
            return "is not a small letter and then letters, digits and _, at most 50";
        if (pool.by == "ATTENDANCE" && pool.key != "on_site" && pool.key != "remote")
            return "is neither on_site nor remote";
        if (std::ranges::find(hall.pools, pool.key, &Pool::key) != hall.pools.end())
            return "is the key of another pool";
        return {};
    }

    void read_people()
    {
        auto const* people = array_at(project_, "people");
        for (std::size_t i = 0; people && i < people->size(); ++i) {
            if (auto const* person = (*people)[i].if_object())
                people_[text_at(*person, "id")] = person;
        }
    }

    void check(json::object const& registration, std::string const& place)
    {
        auto const standing = standing_of(registration);
        auto const* companions = array_at(registration, "companions");
        auto const party = 1 + static_cast<std::int64_t>(companions ? companions->size() : 0);
        if (companions && companions->size() > companion_limit)
            problems_.push_back(
                {member(place, "companions"), fmt::format("are more than {}", companion_limit)});
        if (count_characters(text_at(registration, "invitation")) > invitation_limit)
            problems_.push_back(
                {member(place, "invitation"), fmt::format("is longer than {} characters", invitation_limit)});
        if ((standing.status == "offered") == text_at(registration, "offer_expires_at").empty())
            problems_.push_back(
                {member(place, "offer_expires_at"), "belongs to a registration that is OFFERED"});
        if (text_at(registration, "person").empty() && text_at(registration, "name").empty())
            problems_.push_back({member(place, "person"), "is missing: say who it is by person or by name"});
        auto const found = halls_.find(text_at(registration, "event"));
        if (found == halls_.end())
            return;
        seat(registration, standing, party, found->second, place);
        check_mailbox(registration, standing, found->second, place);
    }

    void seat(json::object const& registration, Standing const& standing, std::int64_t party, Hall& hall,
              std::string const& place)
    {
        auto const seated = standing.status == "confirmed" || standing.status == "offered";
        if (seated && takes_a_seat(standing)) {
            hall.room.taken += party;
            for (auto* pool : pools_of(registration, hall))
                pool->room.taken += party;
        }
        check_type(registration, hall, place);
        if (standing.status == "waitlisted")
            check_position(registration, ++hall.waiting, place);
        auto const* sessions = array_at(registration, "sessions");
        for (std::size_t i = 0; sessions && i < sessions->size(); ++i) {
            auto const* id = (*sessions)[i].if_string();
            if (!id)
                continue;
            if (!hall.sessions.contains(*id))
                problems_.push_back({item(member(place, "sessions"), i), "is no session of this event"});
            if (auto const room = sessions_.find(*id);
                room != sessions_.end() && seated && takes_a_seat(standing))
                room->second.taken += party;
        }
    }

    // Who does not say how they take part comes to the place.
    static std::vector<Pool*> pools_of(json::object const& registration, Hall& hall)
    {
        auto const* remote = registration.if_contains("remote");
        auto const attendance = remote && remote->is_bool() && remote->get_bool() ? "remote" : "on_site";
        std::vector<Pool*> pools;
        for (auto& pool : hall.pools) {
            if (pool.key ==
                (pool.by == "ATTENDANCE" ? attendance : text_at(registration, "participant_type")))
                pools.push_back(&pool);
        }
        return pools;
    }

    void check_type(json::object const& registration, Hall const& hall, std::string const& place)
    {
        auto const type = text_at(registration, "participant_type");
        if (!type.empty() && std::ranges::none_of(hall.pools, [&](Pool const& pool) {
                return pool.by == "PARTICIPANT_TYPE" && pool.key == type;
            }))
            problems_.push_back(
                {member(place, "participant_type"), "is no pool of participants of this event"});
    }

    // The waiting list is in the order of the file; a position that says otherwise would be lost.
    void check_position(json::object const& registration, std::int64_t place_in_queue,
                        std::string const& place)
    {
        auto const* given = registration.if_contains("waitlist_position");
        if (given && given->is_int64() && given->get_int64() != place_in_queue)
            problems_.push_back(
                {member(place, "waitlist_position"),
                 fmt::format("is not its place in the order of the file, which is {}", place_in_queue)});
    }

    void check_mailbox(json::object const& registration, Standing const& standing, Hall& hall,
                       std::string const& place)
    {
        auto email = text_at(registration, "email");
        if (auto const person = people_.find(text_at(registration, "person"));
            email.empty() && person != people_.end())
            email = text_at(*person->second, "email");
        if (email.empty() || !is_active(standing))
            return;
        auto const [earlier, is_new] = hall.mailboxes.try_emplace(lower(email), place);
        if (!is_new)
            problems_.push_back({place, fmt::format("has the same e-mail address as {} for the same event",
                                                    earlier->second)});
    }

    void check_room(Room const& room)
    {
        if (room.capacity && room.taken > *room.capacity)
            problems_.push_back(
                {room.path, fmt::format("is {}, but {} seats are taken", *room.capacity, room.taken)});
    }

    json::object const& project_;
    std::string const& path_;
    FileProblems& problems_;
    std::map<std::string_view, Hall> halls_;
    std::map<std::string_view, Room> sessions_;
    std::map<std::string_view, json::object const*> people_;
};

}

void check_seats(json::object const& project, std::string const& path, FileProblems& problems)
{
    SeatCheck(project, path, problems).run();
}

}
