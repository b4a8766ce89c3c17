// What a lane does when things go wrong or come together: many events in one batch, deeds among submissions,
// lost connections, deadlines, an absent database.
#include "base/local_time.h"
#include "desk_fixture.h"
#include "net/metrics.h"

#include <algorithm>
#include <thread>

namespace kutsu::registration
{
namespace
{

using namespace std::chrono_literals;

class LaneTest : public DeskTest
{
protected:
    static DeskOptions one_lane()
    {
        DeskOptions options;
        options.lanes = 1;
        return options;
    }

    // The desk stands still in its next transaction until release().
    void hold() { connection.exec("begin; select from event_counter for update"); }
    void release() { connection.exec("commit"); }

    bool somebody_waits_for_a_lock()
    {
        auto looking = database.connect();
        return test::eventually([&] {
            return looking
                       .exec("select from pg_stat_activity where wait_event_type = 'Lock' and datname = "
                             "current_database()")
                       .rows() > 0;
        });
    }

    int cut_connections()
    {
        auto cutting = database.connect();
        return cutting
            .exec("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                  "and query like '%desk_%' and pid <> pg_backend_pid()")
            .rows();
    }

    // Asked now, answered while io runs.
    template <class T>
    struct Asked
    {
        std::optional<Result<T>> result;
        std::exception_ptr failure;
    };
    template <class T>
    void ask(asio::io_context& io, asio::awaitable<Result<T>> question, Asked<T>& asked)
    {
        asio::co_spawn(io, std::move(question), [&asked](std::exception_ptr failure, Result<T> result) {
            asked.failure = failure;
            asked.result = std::move(result);
        });
    }

    json::object cancelling(Submission const& submission)
    {
        auto const token = registration_token(keys.registration, submission.submission_id);
        return {{"kind", "cancel"},
                {"actor", "registration"},
                {"token_hash", to_hex(sha256(token))},
                {"offer_expires_at", nullptr}};
    }

    static double metric(std::string const& line)
    {
        auto const text = net::metrics_text();
        auto const at = text.find("\n" + line + " ");
        return at == std::string::npos ? 0 : std::stod(text.substr(at + line.size() + 2));
    }
};

TEST_F(LaneTest, guests_of_many_events_are_decided_in_one_transaction)
{
    std::vector<events::EventPtr> all = {event};
    for (int i = 0; i < 9; ++i)
        all.push_back(make_event(fmt::format("event-{}", i), 3, "true", "null"));
    auto const desk = make_desk(one_lane());
    auto const fast_before = metric("kutsu_desk_requests_total{tier=\"fast\"}");
    hold();
    asio::io_context io(1);
    std::vector<Asked<Receipt>> answers(60);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        auto question = desk->submit(submission(fmt::format("g{}@example.org", i)), all[i % all.size()]);
        ask(io, std::move(question), answers[i]);
        io.poll();
        if (i == 0)
            ASSERT_TRUE(somebody_waits_for_a_lock());
    }
    release();
    io.run();

    for (auto const& answer : answers)
        EXPECT_TRUE(answer.result && *answer.result);
    EXPECT_EQ(statuses(), "confirmed 33, waitlisted 27"); // six for each; ten seats at one, three at nine
    EXPECT_EQ(sql("select count(*) from change"), "11") << "the first guest's, then one for each event";
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
    EXPECT_GE(metric("kutsu_desk_requests_total{tier=\"fast\"}") - fast_before, 1);
}

TEST_F(LaneTest, deeds_and_submissions_keep_their_order)
{
    auto const small = make_event("small", 1, "false", "null");
    auto const desk = make_desk(one_lane());
    auto const first = submission("a@example.org");
    auto const second = submission("b@example.org");
    auto const third = submission("c@example.org");
    hold();
    asio::io_context io(1);
    Asked<Receipt> answers[3];
    Asked<DeedAnswer> cancelled[2];
    ask(io, desk->submit(first, small), answers[0]);
    io.poll();
    ASSERT_TRUE(somebody_waits_for_a_lock());
    ask(io, desk->act(small->event_id, cancelling(first)), cancelled[0]);
    ask(io, desk->submit(second, small), answers[1]);
    ask(io, desk->act(small->event_id, cancelling(second)), cancelled[1]);
    ask(io, desk->submit(third, small), answers[2]);
    io.poll();
    release();
    io.run();

    for (auto const& answer : answers) {
        ASSERT_TRUE(answer.result && *answer.result);
        EXPECT_EQ((*answer.result)->status, "confirmed") << "one seat, each after the other had left";
    }
    for (auto const& deed : cancelled) {
        ASSERT_TRUE(deed.result && *deed.result);
        EXPECT_EQ((*deed.result)->outcome, "done");
        EXPECT_EQ((*deed.result)->event_slug, "small");
        EXPECT_GT((*deed.result)->event_version, 1);
    }
    EXPECT_EQ(statuses(), "cancelled 2, confirmed 1");
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
}

TEST_F(LaneTest, act_now_answers_threads_that_are_no_coroutines)
{
    auto const desk = make_desk();
    auto const asked = submission("a@example.org");
    submit(*desk, asked, event);

    EXPECT_EQ(desk->act_now(event->event_id, cancelling(asked))->outcome, "done");
    EXPECT_EQ(desk->act_now(event->event_id, cancelling(asked))->outcome, "unchanged");
    EXPECT_EQ(desk->act_now(event->event_id, cancelling(submission("b@example.org")))->outcome, "not_found");
    EXPECT_THROW(static_cast<void>(desk->act_now(event->event_id, {{"kind", "nonsense"}, {"actor", "x"}})),
                 db::SqlError);
    EXPECT_EQ(submit(*desk, submission("c@example.org"), event).status, "confirmed") << "the lane goes on";
}

TEST_F(LaneTest, whoever_waits_beyond_the_deadline_is_told_and_not_registered)
{
    auto options = one_lane();
    options.deadline = 200ms;
    auto const desk = make_desk(options);
    hold();
    asio::io_context io(1);
    std::vector<Asked<Receipt>> answers(5);
    ask(io, desk->submit(submission("first@example.org"), event), answers[0]);
    io.poll();
    ASSERT_TRUE(somebody_waits_for_a_lock());
    for (std::size_t i = 1; i < answers.size(); ++i)
        ask(io, desk->submit(submission(fmt::format("g{}@example.org", i)), event), answers[i]);
    io.poll();
    auto const asked = std::chrono::steady_clock::now();
    test::eventually([&] { return std::chrono::steady_clock::now() - asked > options.deadline + 20ms; });
    release();
    io.run();

    EXPECT_TRUE(answers[0].result && *answers[0].result) << "was under way before";
    for (std::size_t i = 1; i < answers.size(); ++i) {
        ASSERT_TRUE(answers[i].result);
        ASSERT_FALSE(*answers[i].result);
        EXPECT_EQ(answers[i].result->error().name, ProblemName::overloaded);
        EXPECT_TRUE(answers[i].result->error().retry_after_ms);
    }
    EXPECT_EQ(statuses(), "confirmed 1");
}

TEST_F(LaneTest, a_connection_cut_under_way_loses_nobody_and_registers_nobody_twice)
{
    auto const desk = make_desk(one_lane());
    hold();
    asio::io_context io(1);
    std::vector<Asked<Receipt>> answers(40);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        ask(io, desk->submit(submission(fmt::format("g{}@example.org", i)), event), answers[i]);
        io.poll();
        if (i == 20)
            ASSERT_TRUE(somebody_waits_for_a_lock());
    }
    EXPECT_EQ(cut_connections(), 1);
    ASSERT_TRUE(somebody_waits_for_a_lock()) << "again, on a new connection";
    release();
    io.run();

    for (auto const& answer : answers) {
        ASSERT_FALSE(answer.failure);
        ASSERT_TRUE(answer.result && *answer.result);
        EXPECT_FALSE((*answer.result)->seen_before);
    }
    EXPECT_EQ(statuses(), "confirmed 10, waitlisted 30");
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
}

TEST_F(LaneTest, connections_cut_again_and_again_during_a_burst_lose_nobody)
{
    auto const desk = make_desk(16);
    std::vector<Submission> submissions;
    for (int i = 0; i < 600; ++i)
        submissions.push_back(submission(fmt::format("g{}@example.org", i)));
    std::atomic<bool> over = false;
    int cuts = 0;
    std::thread cutter([&] {
        while (!over && cuts < 20)
            cuts += cut_connections();
    });
    auto const results = submit_all(*desk, submissions, event);
    over = true;
    cutter.join();

    std::map<std::string, int> told;
    for (auto const& result : results) {
        ASSERT_TRUE(result) << "an answer for everybody";
        ++told[result->status];
    }
    EXPECT_GT(cuts, 0);
    EXPECT_EQ(statuses(), fmt::format("confirmed {}, waitlisted {}", told["confirmed"], told["waitlisted"]));
    EXPECT_EQ(told["confirmed"], 10);
    EXPECT_EQ(sql("select count(*) from registration"), "600");
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
}

TEST_F(LaneTest, two_processes_with_the_same_events_in_their_batches_get_along)
{
    std::vector<events::EventPtr> all = {event};
    for (int i = 0; i < 4; ++i)
        all.push_back(make_event(fmt::format("event-{}", i), 30, "true", "null"));
    auto const burst = [&](std::string const& who, std::vector<Result<Receipt>>& results) {
        auto const desk = make_desk(one_lane());
        SystemRandom own_random;
        asio::io_context io(1);
        results.resize(200);
        for (std::size_t i = 0; i < results.size(); ++i) {
            Submission asked;
            asked.submission_id = random_uuid(own_random);
            asked.name = "Guest";
            asked.email = fmt::format("{}{}@example.org", who, i);
            asked.language = "fi";
            auto const& to = all[(i * 7 + (who == "a" ? 0 : i / 3)) % all.size()];
            asio::co_spawn(io, submit_into(*desk, std::move(asked), to, results[i]), asio::detached);
        }
        io.run();
    };
    std::vector<Result<Receipt>> ours, theirs;
    std::thread other([&] { burst("b", theirs); });
    burst("a", ours);
    other.join();

    for (auto const* results : {&ours, &theirs})
        EXPECT_TRUE(std::ranges::all_of(*results, [](auto const& result) { return result.has_value(); }));
    EXPECT_EQ(sql("select count(*) from registration"), "400");
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
}

TEST_F(LaneTest, an_absent_database_is_said_soon_and_the_desk_still_stops)
{
    Desk desk("postgresql://kutsu@127.0.0.1:1/kutsu", clock, keys, [] {});
    auto const began = std::chrono::steady_clock::now();
    asio::io_context io(1);
    Asked<Receipt> asked;
    ask(io, desk.submit(submission("a@example.org"), event), asked);
    io.run();
    EXPECT_THROW(std::rethrow_exception(asked.failure), db::DatabaseAway);
    EXPECT_THROW(static_cast<void>(desk.act_now(1, {{"kind", "cancel"}})), db::DatabaseAway);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST_F(LaneTest, a_full_queue_says_how_long_to_wait_and_a_stopped_desk_refuses)
{
    auto const desk = make_desk();
    desk->stop();
    auto const refused = submit_all(*desk, {submission("a@example.org")}, event).front();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().name, ProblemName::overloaded);
    EXPECT_TRUE(refused.error().retry_after_ms);
    EXPECT_EQ(statuses(), "");
}

TEST_F(LaneTest, what_the_log_got_is_told_as_it_stands_there)
{
    auto const wide = make_event("wide", 100, "true", "null");
    std::mutex guard;
    std::vector<db::Change> told;
    {
        Desk desk(
            database.conninfo(), clock, keys, [this] { ++wakes; }, one_lane(),
            [&](std::vector<db::Change> more) {
                std::scoped_lock const lock(guard);
                std::ranges::move(more, std::back_inserter(told));
            });
        std::vector<Submission> submissions;
        for (int i = 0; i < 50; ++i)
            submissions.push_back(submission(fmt::format("g{}@example.org", i)));
        submit_all(desk, submissions, wide);
    }
    ASSERT_FALSE(told.empty());
    std::int64_t version = told.front().event_version - 1;
    for (auto const& change : told) {
        EXPECT_EQ(change.event_slug, "wide");
        EXPECT_EQ(change.event_version, ++version);
        auto const row = connection.exec(
            fmt::format("select kind, payload from change where event_version = {}", version));
        EXPECT_EQ(row.text(0, 0), change.kind);
        EXPECT_EQ(json::parse(row.text(0, 1)), change.payload);
    }
}

TEST_F(LaneTest, one_who_is_here_already_does_not_send_everybody_to_the_exact_tier)
{
    auto const desk = make_desk(one_lane());
    submit(*desk, submission("known@example.org"), event);
    auto const exact_before = metric("kutsu_desk_requests_total{tier=\"exact\"}");
    hold();
    asio::io_context io(1);
    std::vector<Asked<Receipt>> answers(9);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        auto const email = i == 4 ? "Known@Example.org" : fmt::format("g{}@example.org", i);
        ask(io, desk->submit(submission(email), event), answers[i]);
        io.poll();
        if (i == 0)
            ASSERT_TRUE(somebody_waits_for_a_lock());
    }
    release();
    io.run();

    for (auto const& answer : answers)
        EXPECT_TRUE(answer.result && *answer.result && (*answer.result)->status == "confirmed");
    EXPECT_EQ(metric("kutsu_desk_requests_total{tier=\"exact\"}") - exact_before, 1);
    EXPECT_EQ(statuses(), "confirmed 9");
    EXPECT_EQ(sql("select count(*) from registration_shadow"), "1");
}

}
}
