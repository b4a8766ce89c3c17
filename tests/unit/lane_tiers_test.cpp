// The fast tier decides exactly as the exact one: the same submissions, in the same batches, through both on
// one database and through the exact one alone on another leave the same tables and give the same answers.
#include "base/local_time.h"
#include "registration/lane_batch.h"
#include "registration/registration.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <random>

namespace kutsu::registration
{
namespace
{

constexpr std::int64_t events = 5;

// A database with events of every kind that decides differently.
struct World
{
    World()
    {
        for (auto const& statement : statements)
            connection.prepare(statement.name, statement.sql);
        // Capacity, waiting list, policy for groups.
        add("wide", "null", "true", "hold");
        add("small", "12", "true", "hold");
        add("skipping", "9", "true", "skip");
        add("without-queue", "7", "false", "hold");
        add("pooled", "20", "true", "hold");
        connection.exec(
            "insert into seat_pool (event_id, key, ordinal, by, label, capacity) "
            "select event_id, 'on_site', 1, 'attendance', '{}', 4 from event where slug = 'pooled'");
    }

    void add(std::string const& slug, std::string const& capacity, std::string const& waitlist,
             std::string const& policy)
    {
        auto const id = test::insert_event(connection, slug);
        connection.exec(
            fmt::format("update event_counter set capacity = {} where event_id = {}", capacity, id));
        connection.exec(
            fmt::format("insert into registration_form (event_id, time_zone, waitlist, group_policy) "
                        "values ({}, 'Europe/Helsinki', {}, '{}')",
                        id, waitlist, policy));
    }

    // Every column of every row that deciding writes, but for the numbers that sequences gave.
    std::string tables()
    {
        std::string all;
        for (auto const* question :
             {"select to_jsonb(r) - 'registration_id' from registration r order by event_id, arrival",
              "select to_jsonb(a) - 'registration_id' || jsonb_build_object('of', r.public_id) "
              "from registration_answer a join registration r using (registration_id) order by r.public_id, "
              "a.key",
              "select to_jsonb(o) - 'outbox_id' - 'registration_id' || jsonb_build_object('of', r.public_id) "
              "from outbox o join registration r using (registration_id) order by o.dedupe_key",
              "select to_jsonb(c) from change c order by event_id, event_version",
              "select to_jsonb(c) from event_counter c order by event_id",
              "select to_jsonb(s) from registration_shadow s order by submission_id",
              "select to_jsonb(p) from seat_pool p order by event_id, key"}) {
            auto const rows = connection.exec(question);
            for (int row = 0; row < rows.rows(); ++row)
                all += std::string(rows.text(row, 0)) + "\n";
            all += "--\n";
        }
        return all;
    }

    test::TestDatabase database = test::database();
    db::Connection connection = database.connect();
};

class LaneTiersTest : public ::testing::Test
{
protected:
    int up_to(int last) { return std::uniform_int_distribution<int>(0, last)(numbers); }

    json::value some_answer()
    {
        switch (up_to(4)) {
        case 0:
            return "\"quoted\" \\ {and, braced}";
        case 1:
            return up_to(1) == 1;
        case 2:
            return up_to(100);
        case 3:
            return json::array{"a", "б", nullptr};
        default:
            return nullptr;
        }
    }

    Party some_party()
    {
        Party party;
        party.event_id = 1 + up_to(events - 1);
        party.form_version = 1 + up_to(2);
        auto& submission = party.submission;
        submission.submission_id = random_uuid(random);
        submission.source = "form";
        submission.name = up_to(3) == 0 ? "Щербинина \"С\\В\" {x}" : "Guest";
        submission.email = fmt::format("{}{}@example.org", up_to(5) == 0 ? "Guest" : "guest", up_to(90));
        submission.language = up_to(1) == 0 ? "fi" : "ru";
        if (up_to(1) == 0)
            submission.organisation = "NULL";
        if (up_to(4) == 0)
            submission.name_other_script = "";
        if (up_to(2) == 0)
            submission.attendance = up_to(1) == 0 ? "on_site" : "remote";
        for (int i = up_to(12) - 9; i > 0; --i)
            submission.companions.push_back(
                {"Companion", up_to(1) == 0 ? std::optional("c@example.org") : std::nullopt});
        for (int i = up_to(3); i > 0; --i)
            submission.answers[fmt::format("key_{}", i)] = some_answer();
        party.contents_hash = sha256(canonical_contents(submission));
        party.token_hash = sha256(submission.submission_id + " token");
        party.public_id = random_public_id(random);
        return party;
    }

    // Some repeat an earlier submission, with the same contents or with others.
    std::vector<Party> some_batch()
    {
        std::vector<Party> batch;
        for (int i = up_to(9); i >= 0; --i) {
            auto party = some_party();
            if (!sent.empty() && up_to(14) == 0) {
                party = sent[static_cast<std::size_t>(up_to(static_cast<int>(sent.size()) - 1))];
                party.public_id = random_public_id(random);
                if (up_to(2) == 0)
                    party.contents_hash = sha256("something else");
            }
            batch.push_back(party);
            sent.push_back(std::move(party));
        }
        return batch;
    }

    // As a lane does it, on a connection that waits; gives each answer as text. `order` becomes that in which
    // they were decided: who is known already comes last.
    std::vector<std::string> decide(World& world, std::vector<Party> const& parties, bool may_be_fast)
    {
        std::vector<std::string> said(parties.size());
        std::vector<LaneRequest> batch;
        for (std::size_t i = 0; i < parties.size(); ++i) {
            Submitting asked{parties[i],
                             "token",
                             "slug",
                             may_be_fast && is_ordinary(parties[i].submission),
                             false,
                             [&said, i](std::exception_ptr const&, Result<Receipt> const& result) {
                                 said[i] = words(result);
                             }};
            batch.push_back({std::move(asked), {}});
        }
        for (int tries = 0; tries < 20; ++tries) {
            if (try_once(world, batch))
                return said;
        }
        ADD_FAILURE() << "no end of trying";
        return said;
    }

    static std::string words(Result<Receipt> const& result)
    {
        if (!result)
            return fmt::format("problem {}", static_cast<int>(result.error().name));
        auto object = to_json(*result);
        object["seen"] = result->seen_before;
        object["version"] = result->event_version;
        return json::serialize(object);
    }

    bool try_once(World& world, std::vector<LaneRequest>& batch)
    {
        std::vector<StepCall> calls;
        for (auto& step : plan_steps(batch, [](std::int64_t) { return false; }))
            calls.push_back(make_call(std::move(step), batch, at));
        world.connection.exec("begin");
        std::vector<db::Rows> rows;
        for (auto const& call : calls) {
            auto result = send(world.connection, call);
            if (PQresultStatus(result.handle()) != PGRES_TUPLES_OK) {
                note_unfit(batch, call, result);
                world.connection.exec("rollback");
                return false;
            }
            if (call.fast)
                fast += call.fast->parties().size();
            rows.push_back(std::move(result));
        }
        world.connection.exec("commit");
        order.clear();
        for (auto const& call : calls)
            std::ranges::copy(call.step.requests, std::back_inserter(order));
        for (std::size_t i = 0; i < calls.size(); ++i) {
            check_changes(world, changes_of(calls[i], rows[i], batch, at));
            answer_step(calls[i], rows[i], batch);
        }
        return true;
    }

    static db::Rows send(db::Connection& connection, StepCall const& call)
    {
        if (call.fast)
            return db::Rows(PQexecPrepared(connection.handle(), call.statement().name,
                                           static_cast<int>(FastCall::parameter_count), call.fast->values(),
                                           call.fast->lengths(), call.fast->formats(), 0));
        std::vector<char const*> values;
        for (auto const& text : call.texts)
            values.push_back(text.c_str());
        return db::Rows(PQexecPrepared(connection.handle(), call.statement().name,
                                       static_cast<int>(values.size()), values.data(), nullptr, nullptr, 0));
    }

    void note_unfit(std::vector<LaneRequest>& batch, StepCall const& call, db::Rows const& result)
    {
        auto const field = [&](int code) {
            auto const* text = PQresultErrorField(result.handle(), code);
            return std::string(text ? text : "");
        };
        ASSERT_EQ(field(PG_DIAG_SQLSTATE), not_ordinary) << field(PG_DIAG_MESSAGE_PRIMARY);
        auto const unfit = unfit_of(call, field(PG_DIAG_MESSAGE_PRIMARY), field(PG_DIAG_MESSAGE_DETAIL));
        ASSERT_FALSE(unfit.requests.empty() && unfit.events.empty());
        ++returned;
        for (auto const place : unfit.requests)
            std::get<Submitting>(batch[place].what).is_known = true;
        for (auto& request : batch) {
            if (std::ranges::find(unfit.events, event_of(request)) != unfit.events.end())
                std::get<Submitting>(request.what).is_ordinary = false;
        }
    }

    // What followers are told is what they would have read.
    static void check_changes(World& world, std::vector<db::Change> const& changes)
    {
        for (auto const& change : changes) {
            auto const rows = world.connection.exec(
                fmt::format("select kind, payload, actor, origin, ms(at) from change where event_id = {} and "
                            "event_version = {}",
                            change.event_id, change.event_version));
            ASSERT_EQ(rows.rows(), 1);
            EXPECT_EQ(rows.text(0, 0), change.kind);
            EXPECT_EQ(json::parse(rows.text(0, 1)), change.payload);
            EXPECT_EQ(rows.text(0, 2), change.actor);
            EXPECT_EQ(rows.text(0, 3), change.origin);
            EXPECT_EQ(rows.integer(0, 4), to_ms(change.at));
        }
    }

    // Somebody leaves, or there are more seats: the same in both.
    void stir(World& one, World& other)
    {
        if (sent.empty())
            return;
        auto const& leaving = sent[static_cast<std::size_t>(up_to(static_cast<int>(sent.size()) - 1))];
        json::object deed{{"event_id", leaving.event_id},
                          {"kind", "cancel"},
                          {"actor", "registration"},
                          {"token_hash", to_hex(leaving.token_hash)},
                          {"offer_expires_at", nullptr}};
        for (auto* world : {&one, &other})
            world->connection.exec_prepared(deeds_statement.name,
                                            {format_utc(at), json::serialize(json::array{deed})});
    }

    Instant const at = parse_instant("2027-05-03T06:00:00Z").value();
    SeededRandom random{20270503};
    std::mt19937 numbers{20270503};
    std::vector<Party> sent;
    std::vector<std::size_t> order;
    std::size_t fast = 0;
    int returned = 0;
};

TEST_F(LaneTiersTest, both_tiers_leave_the_same_tables_and_give_the_same_answers)
{
    World with_fast;
    World exact_only;
    for (int round = 0; round < 60; ++round) {
        auto const batch = some_batch();
        auto const said = decide(with_fast, batch, true);
        auto const decided = order;
        std::vector<Party> in_order;
        for (auto const place : decided)
            in_order.push_back(batch[place]);
        auto const expected = decide(exact_only, in_order, false);
        for (std::size_t i = 0; i < expected.size(); ++i)
            ASSERT_EQ(said[decided[i]], expected[i]) << "round " << round;
        if (up_to(2) == 0)
            stir(with_fast, exact_only);
        if (round % 10 == 9)
            ASSERT_EQ(with_fast.tables(), exact_only.tables()) << "round " << round;
    }
    EXPECT_EQ(with_fast.tables(), exact_only.tables());
    EXPECT_GT(fast, sent.size() / 4) << "enough went through the fast tier to prove something";
    EXPECT_GT(returned, 10) << "and enough was returned by it";
}

}
}
