// Random stories of an event, told to the database and to a model of the rules: both always say the same,
// nothing is ever oversold, and nobody overtakes anybody who could have been seated instead.
#include "seats_fixture.h"
#include "seats_model.h"

#include <atomic>
#include <random>
#include <thread>

namespace kutsu::registration::test
{
namespace
{

class SeatsProperty : public SeatsTest
{
protected:
    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random); }
    bool sometimes(int percent) { return below(100) < percent; }

    void begin(unsigned seed)
    {
        random.seed(seed);
        event = make_event(fmt::format("story-{}", seed), 4 + below(12));
        model = {};
        model.capacity =
            std::stoll(sql(fmt::format("select capacity from event_counter where event_id = {}", event)));
        model.holds = sometimes(50);
        model.offers = sometimes(40);
        offer = model.offers ? json::value("2027-05-04T06:00:00Z") : json::value();
        set_form(fmt::format("group_policy = '{}'", model.holds ? "hold" : "skip"));
        make_pools();
        for (std::string const name : {"one", "two"}) {
            auto const id = fmt::format("s-{}-{}", name, seed);
            model.sessions[id] = 1 + below(3);
            add_session(id, std::to_string(*model.sessions[id]));
        }
    }

    void make_pools()
    {
        json::array pools;
        auto const add = [&](std::string const& key, std::string const& kind, auto& into) {
            into[key] = sometimes(20) ? SeatsModel::Limit() : SeatsModel::Limit(1 + below(6));
            pools.push_back({{"key", key},
                             {"by", kind},
                             {"label", json::object()},
                             {"capacity", into[key] ? json::value(*into[key]) : json::value()}});
        };
        if (sometimes(60)) {
            add("student", "participant_type", model.types);
            add("guest", "participant_type", model.types);
        }
        if (sometimes(60)) {
            add("on_site", "attendance", model.attendances);
            add("remote", "attendance", model.attendances);
        }
        ASSERT_TRUE(set_pools(json::serialize(pools)));
    }

    std::vector<std::string> some_sessions()
    {
        std::vector<std::string> chosen;
        for (auto const& [id, limit] : model.sessions) {
            if (sometimes(45))
                chosen.push_back(id);
        }
        return chosen;
    }

    SeatsModel::Guest* somebody()
    {
        return model.guests.empty()
                   ? nullptr
                   : &model.guests[static_cast<std::size_t>(below(static_cast<int>(model.guests.size())))];
    }

    // One thing that happens; gives what it was, for the message of a failure.
    std::string something_happens()
    {
        auto* guest = somebody();
        if (!guest || sometimes(40))
            return register_somebody();
        switch (below(9)) {
        case 0:
            return both(*guest, "accept", by(guest->name, "accept"), model.accept(*guest));
        case 1:
            return both(*guest, "decline", by(guest->name, "decline"), model.decline(*guest));
        case 2:
        case 3:
            return both(*guest, "cancel", by(guest->name, "cancel"), model.cancel(*guest));
        case 4:
            return decide_about(*guest);
        case 5:
            return change_capacity();
        case 6:
            return move_or_choose(*guest);
        case 7:
            return transfer(*guest);
        default:
            return expire();
        }
    }

    std::string register_somebody()
    {
        SeatsModel::Guest guest{fmt::format("g{}-{}", event, model.guests.size()),
                                1 + (sometimes(45) ? below(4) : 0),
                                model.types.empty() ? "" : (sometimes(50) ? "student" : "guest"),
                                sometimes(50) ? "on_site" : "remote",
                                {}};
        auto const sessions = some_sessions();
        Party const party{guest.name, static_cast<int>(guest.seats) - 1, guest.type, guest.attendance,
                          sessions};
        auto const answer = submit({party}).front();
        EXPECT_EQ(std::string(answer.at("outcome").as_string()), model.submit(guest, sessions));
        return fmt::format("{} of {} registers", guest.name, guest.seats);
    }

    std::string both(SeatsModel::Guest const& guest, std::string const& what, json::object asked,
                     std::string const& expected)
    {
        EXPECT_EQ(done(asked), expected) << what << " by " << guest.name;
        return what + " by " + guest.name;
    }

    std::string decide_about(SeatsModel::Guest& guest)
    {
        static std::vector<std::string> const all = {"confirmed", "waitlisted", "declined", "cancelled",
                                                     "pending"};
        auto const& to = all[static_cast<std::size_t>(below(5))];
        auto const asked = decide(guest.name, to);
        return both(guest, "decided " + to, asked, model.decide(guest, to));
    }

    std::string change_capacity()
    {
        json::object more;
        auto wanted = sometimes(10) ? SeatsModel::Limit() : SeatsModel::Limit(1 + below(16));
        std::string expected;
        if (sometimes(50)) {
            expected = model.set_capacity(model.capacity, wanted, model.taken(""));
        } else if (sometimes(50) && !model.types.empty()) {
            more["pool"] = "student";
            expected = model.set_capacity(model.types["student"], wanted, model.taken("type student"));
        } else {
            auto& [id, limit] = *model.sessions.begin();
            more["session"] = id;
            expected = model.set_capacity(limit, wanted, model.taken_in_session(id));
        }
        more["capacity"] = wanted ? json::value(*wanted) : json::value();
        EXPECT_EQ(done(deed("set_capacity", more)), expected);
        return "capacity";
    }

    std::string move_or_choose(SeatsModel::Guest& guest)
    {
        json::object changes;
        if (sometimes(50)) {
            auto const to = guest.attendance == "remote" ? "on_site" : "remote";
            changes["attendance"] = to;
            auto const asked = by(guest.name, "change", {{"changes", changes}});
            return both(guest, "moves", asked, model.move(guest, to));
        }
        auto const wanted = some_sessions();
        changes["sessions"] = json::array(wanted.begin(), wanted.end());
        auto const asked = by(guest.name, "change", {{"changes", changes}});
        return both(guest, "chooses", asked, model.choose_anew(guest, wanted));
    }

    // A seat changes hands: nothing else changes. (An address that is registered already is another test's.)
    std::string transfer(SeatsModel::Guest& guest)
    {
        auto const name = guest.name + "x";
        auto const as = request(event, {name}, nullptr);
        auto const asked = by(guest.name, "transfer",
                              {{"name", name},
                               {"email", as.at("email")},
                               {"language", "en"},
                               {"new_token_hash", as.at("token_hash")},
                               {"new_submission_id", as.at("submission_id")},
                               {"scrub", to_hex(sha256("scrub " + name))}});
        auto const expected = guest.is_active() ? "done" : "conflict";
        EXPECT_EQ(done(asked), expected);
        if (guest.is_active()) {
            connection.exec_params(
                "update registration set public_id = $1 where token_hash = decode($2, 'hex')",
                {public_id(name), token_hash(name)}); // the name under which this test decides
            guest.name = name;
        }
        return "transfer";
    }

    std::string expire()
    {
        auto const moment = std::exchange(at, "2027-05-04T06:00:00Z");
        auto const until =
            std::exchange(offer, model.offers ? json::value("2027-05-05T06:00:00Z") : json::value());
        // Offers of now on are over when the next ones end too: the story has two moments.
        EXPECT_EQ(done(deed("expire_offers")), model.expire());
        connection.exec(
            "update registration set offer_expires_at = '2027-05-04T06:00:00Z' where status = 'offered'");
        at = moment;
        offer = until;
        return "offers expire";
    }

    std::string as_in_database()
    {
        return sql(
            fmt::format("select coalesce(string_agg(concat_ws(' ', name, status, arrival, queue_position(r), "
                        "(select string_agg(s.public_id || '=' || su.status, ',' order by s.public_id) from "
                        "session_signup su "
                        "join session s using (event_id, session_id) where su.registration_id = "
                        "r.registration_id and su.status <> 'cancelled')), "
                        "E'\\n' order by registration_id), '') from registration r where event_id = {}",
                        event));
    }

    std::string as_in_model() const
    {
        std::string text;
        for (auto const& guest : model.guests) {
            text +=
                fmt::format("{}{} {} {}", text.empty() ? "" : "\n", guest.name, guest.status, guest.arrival);
            if (guest.status == "waitlisted")
                text += fmt::format(" {}", model.position(guest));
            std::string sessions;
            for (auto const& [id, place] : guest.sessions)
                sessions += fmt::format("{}{}={}", sessions.empty() ? " " : ",", id, place.status);
            text += sessions;
        }
        return text;
    }

    // Among parties that need the very same, nobody was called while an earlier one went on waiting.
    std::string overtaken(std::string const& after)
    {
        return sql(fmt::format(R"(
            select string_agg(format('%s before %s', later.name, first.name), ', ')
              from promotion p join registration later using (event_id, registration_id)
              join registration first on first.event_id = p.event_id and first.status = 'waitlisted' and first.arrival < later.arrival
               and first.seats = later.seats and first.participant_type is not distinct from later.participant_type
               and first.attendance is not distinct from later.attendance
             where p.event_id = {} and p.promotion_id > {} and p.session_id is null and p.why <> 'decided')",
                               event, after));
    }

    std::mt19937 random;
    SeatsModel model;
};

TEST_F(SeatsProperty, the_database_and_the_model_tell_the_same_story)
{
    for (unsigned seed = 1; seed <= 12; ++seed) {
        begin(seed);
        for (int step = 1; step <= 70; ++step) {
            auto const last = sql("select coalesce(max(promotion_id), 0) from promotion");
            auto const what = something_happens();
            SCOPED_TRACE(fmt::format("seed {}, step {}: {}", seed, step, what));
            ASSERT_EQ(as_in_database(), as_in_model());
            ASSERT_EQ(flaws(), "");
            ASSERT_EQ(overtaken(last), "");
            ASSERT_EQ(done(deed("serve_queues")), "unchanged"); // nobody waits who could sit
        }
    }
}

TEST_F(SeatsProperty, four_desks_at_once_keep_everything_true)
{
    set_capacity(20);
    ASSERT_TRUE(set_pools(R"([{"key": "student", "by": "participant_type", "label": {}, "capacity": 8},
                              {"key": "guest", "by": "participant_type", "label": {}, "capacity": 15}])"));
    add_session("s-one", "5");
    auto const first = event;
    auto const second = make_event("second", 12);
    std::atomic<int> failures = 0;
    std::vector<std::thread> desks;
    for (unsigned number = 0; number < 4; ++number) {
        desks.emplace_back([&, number] {
            try {
                auto own = db.connect();
                std::mt19937 dice(number);
                std::vector<std::string> mine;
                for (int step = 0; step < 60; ++step) {
                    json::array requests;
                    for (int i = 0; i < 2; ++i) {
                        mine.push_back(fmt::format("d{}-{}-{}", number, step, i));
                        auto const where = dice() % 2 ? first : second;
                        Party party{mine.back(), static_cast<int>(dice() % 3),
                                    dice() % 2 ? "student" : "guest"};
                        if (where == first && dice() % 2)
                            party.sessions = {"s-one"};
                        requests.push_back(request(where, party, nullptr));
                    }
                    own.exec_params("select desk_submit($1, $2)", {now, json::serialize(requests)});
                    json::array deeds;
                    for (int i = 0; i < 3; ++i)
                        deeds.push_back({{"kind", "cancel"},
                                         {"actor", "registration"},
                                         {"offer_expires_at", nullptr},
                                         {"token_hash", token_hash(mine[dice() % mine.size()])}});
                    deeds.push_back({{"kind", "set_capacity"},
                                     {"actor", "organiser"},
                                     {"event_id", dice() % 2 ? first : second},
                                     {"offer_expires_at", nullptr},
                                     {"capacity", static_cast<int>(10 + dice() % 20)}});
                    own.exec_params("select desk_act($1, $2)", {now, json::serialize(deeds)});
                }
            } catch (std::exception const&) {
                ++failures;
            }
        });
    }
    for (auto& desk : desks)
        desk.join();

    EXPECT_EQ(failures, 0);
    EXPECT_EQ(flaws(), "");
    EXPECT_EQ(sql("select count(*) from registration"), "480");
    EXPECT_EQ(sql("select count(distinct (event_id, arrival)) from registration"), "480");
    for (auto const id : {first, second})
        EXPECT_EQ(done(deed("serve_queues", {{"event_id", id}})), "unchanged");
}

}
}
