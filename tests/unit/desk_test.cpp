// The registration desk against a real PostgreSQL: what is answered is what the tables say, whoever asks at
// once.
#include "desk_fixture.h"

#include <algorithm>
#include <map>

namespace kutsu::registration
{
namespace
{

TEST_F(DeskTest, gives_seats_until_they_are_gone_then_places_in_the_queue)
{
    auto const desk = make_desk();
    std::vector<Submission> submissions;
    for (int i = 0; i < 200; ++i)
        submissions.push_back(submission(fmt::format("guest{}@example.org", i)));

    auto const results = submit_all(*desk, submissions, event);

    std::vector<std::int64_t> positions;
    for (auto const& result : results) {
        ASSERT_TRUE(result);
        if (result->position)
            positions.push_back(*result->position);
    }
    std::ranges::sort(positions);
    ASSERT_EQ(positions.size(), 190U);
    EXPECT_EQ(positions.front(), 1);
    EXPECT_EQ(positions.back(), 190);
    EXPECT_EQ(statuses(), "confirmed 10, waitlisted 190");
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
    EXPECT_EQ(sql("select count(*) from outbox"), "200");
    EXPECT_GT(wakes, 0);
}

TEST_F(DeskTest, two_desks_on_one_database_never_oversell)
{
    auto const one = make_desk(7);
    auto const other = make_desk(5);
    std::vector<Result<Receipt>> theirs;
    std::vector<Submission> submissions;
    for (int i = 0; i < 60; ++i)
        submissions.push_back(submission(fmt::format("a{}@example.org", i)));
    std::thread second([&] {
        std::vector<Submission> more;
        for (int i = 0; i < 60; ++i) {
            auto made = submissions[static_cast<std::size_t>(i)];
            made.submission_id[0] = made.submission_id[0] == 'a' ? 'b' : 'a';
            made.email = "b" + made.email;
            more.push_back(made);
        }
        theirs = submit_all(*other, more, event);
    });
    auto const ours = submit_all(*one, submissions, event);
    second.join();

    EXPECT_EQ(statuses(), "confirmed 10, waitlisted 110");
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
    EXPECT_EQ(sql("select count(distinct position) from qa_registration where status = 'waitlisted'"), "110");
}

TEST_F(DeskTest, the_same_submission_again_is_the_same_registration)
{
    auto const desk = make_desk();
    auto const asked = submission("anna@example.org");
    auto const first = submit(*desk, asked, event);
    auto const results = submit_all(*desk, {asked, asked, asked}, event);

    for (auto const& result : results) {
        EXPECT_EQ(result->token, first.token);
        EXPECT_TRUE(result->seen_before);
    }
    EXPECT_EQ(statuses(), "confirmed 1");
    auto changed = asked;
    changed.name = "Somebody else";
    EXPECT_EQ(submit_all(*desk, {changed}, event).front().error().name, ProblemName::conflict);
}

TEST_F(DeskTest, the_same_submission_twice_in_one_batch_is_one_registration)
{
    auto const desk = make_desk();
    auto const asked = submission("anna@example.org");
    auto const results = submit_all(*desk, {asked, submission("ben@example.org"), asked}, event);

    EXPECT_EQ(results[0]->token, results[2]->token);
    EXPECT_EQ(statuses(), "confirmed 2");
}

TEST_F(DeskTest, an_address_that_is_registered_gets_the_answer_of_a_newcomer_and_its_owner_a_mail)
{
    auto const desk = make_desk();
    submit(*desk, submission("anna@example.org"), event);
    auto const again = submit(*desk, submission("Anna@Example.org"), event);
    auto const stranger = submit(*desk, submission("ben@example.org"), event);

    EXPECT_EQ(again.status, stranger.status);
    EXPECT_EQ(again.seats.confirmed, stranger.seats.confirmed);
    EXPECT_EQ(statuses(), "confirmed 2");
    EXPECT_EQ(sql("select recipient from outbox where kind = 'already_registered'"), "anna@example.org");
}

TEST_F(DeskTest, a_cancelled_person_may_come_back)
{
    auto const desk = make_desk();
    auto const first = submit(*desk, submission("anna@example.org"), event);
    connection.exec_params("select desk_end(decode($1, 'hex'), 'cancelled', 'registration', $2)",
                           {hash(first), format_utc(now)});

    EXPECT_EQ(submit(*desk, submission("anna@example.org"), event).status, "confirmed");
    EXPECT_EQ(statuses(), "cancelled 1, confirmed 1");
    EXPECT_TRUE(counters_are_true());
}

TEST_F(DeskTest, companions_are_seated_together_or_queued_together_and_nobody_passes_them)
{
    auto const desk = make_desk();
    submit(*desk, submission("nine@example.org", 8), event);
    auto const pair = submit(*desk, submission("two@example.org", 1), event);
    auto const single = submit(*desk, submission("one@example.org"), event);

    EXPECT_EQ(pair.status, "waitlisted"); // one seat is free, two are needed
    EXPECT_EQ(single.status, "waitlisted");
    EXPECT_EQ(single.position, 2);
    EXPECT_TRUE(counters_are_true());
}

TEST_F(DeskTest, a_freed_seat_goes_to_the_first_in_the_queue_at_once)
{
    auto const desk = make_desk();
    auto const small = make_event("small", 1, "true", "null");
    auto const first = submit(*desk, submission("a@example.org"), small);
    submit(*desk, submission("b@example.org"), small);
    submit(*desk, submission("c@example.org"), small);
    connection.exec_params("select desk_end(decode($1, 'hex'), 'cancelled', 'registration', $2)",
                           {hash(first), format_utc(now)});

    EXPECT_EQ(sql("select email from registration where status = 'confirmed'"), "b@example.org");
    EXPECT_EQ(
        sql("select kind from outbox where recipient = 'b@example.org' order by outbox_id desc limit 1"),
        "promoted");
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
}

TEST_F(DeskTest, an_offer_holds_the_seat_expires_and_passes_on)
{
    auto const desk = make_desk();
    auto const small = make_event("offering", 1, "true", "24");
    auto const first = submit(*desk, submission("a@example.org"), small);
    auto const second = submit(*desk, submission("b@example.org"), small);
    submit(*desk, submission("c@example.org"), small);
    connection.exec_params("select desk_end(decode($1, 'hex'), 'cancelled', 'registration', $2)",
                           {hash(first), format_utc(now)});

    EXPECT_EQ(statuses(), "cancelled 1, offered 1, waitlisted 1");
    EXPECT_EQ(submit(*desk, submission("d@example.org"), small).status, "waitlisted");
    EXPECT_EQ(sql("select desk_expire_offers('2027-05-04T05:59:59Z')"), "0");
    EXPECT_EQ(sql("select desk_expire_offers('2027-05-04T06:00:00Z')"), "1");
    EXPECT_EQ(sql("select email from registration where status = 'offered'"), "c@example.org");
    EXPECT_EQ(std::string(connection
                              .exec_params("select desk_accept(decode($1, 'hex'), $2)",
                                           {hash(second), format_utc(now)})
                              .text(0, 0)),
              "not_offered"); // an offer that has ended never revives
    EXPECT_TRUE(counters_are_true());
    EXPECT_TRUE(log_is_gapless());
}

TEST_F(DeskTest, says_closed_full_and_too_early)
{
    auto const desk = make_desk();
    auto const without_queue = make_event("plain", 1, "false", "null");
    submit(*desk, submission("a@example.org"), without_queue);
    auto const problem = [&](events::EventPtr const& to) {
        return submit_all(*desk, {submission("x@example.org")}, to).front().error().name;
    };

    EXPECT_EQ(problem(without_queue), ProblemName::full);
    connection.exec("update registration_form set opens_at = '2027-05-03T06:00:01Z'");
    EXPECT_EQ(problem(event), ProblemName::not_open_yet);
    connection.exec("update registration_form set opens_at = null, closes_at = '2027-05-03T06:00:00Z'");
    EXPECT_EQ(problem(event), ProblemName::closed);
    connection.exec("update registration_form set closes_at = null");
    connection.exec("update event set status = 'cancelled'");
    EXPECT_EQ(problem(event), ProblemName::closed);
}

TEST_F(DeskTest, a_row_the_database_refuses_harms_no_neighbour)
{
    auto const desk = make_desk();
    std::vector<Submission> submissions;
    for (int i = 0; i < 9; ++i)
        submissions.push_back(submission(fmt::format("guest{}@example.org", i)));
    submissions[4].name = std::string(300, 'x'); // as if a check in front had been forgotten

    asio::io_context io(1);
    int answered = 0;
    int failed = 0;
    for (auto const& asked : submissions) {
        asio::co_spawn(io, desk->submit(asked, event),
                       [&](std::exception_ptr failure, Result<Receipt> result) {
                           failure ? ++failed : ++answered;
                           EXPECT_TRUE(failure || result);
                       });
    }
    io.run();

    EXPECT_EQ(answered, 8);
    EXPECT_EQ(failed, 1);
    EXPECT_EQ(statuses(), "confirmed 8");
    EXPECT_TRUE(counters_are_true());
}

TEST_F(DeskTest, an_overfull_queue_says_so_at_once)
{
    DeskOptions options;
    options.lanes = 1;
    options.queue_limit = 3;
    Desk desk(database.conninfo(), clock, keys, [] {}, options);
    connection.exec("begin; select from event_counter for update"); // the lane stands still
    std::vector<Submission> submissions;
    for (int i = 0; i < 20; ++i)
        submissions.push_back(submission(fmt::format("guest{}@example.org", i)));
    asio::io_context io(1);
    int overloaded = 0;
    int confirmed = 0;
    bool released = false;
    for (auto const& asked : submissions) {
        asio::co_spawn(io, desk.submit(asked, event),
                       [&](std::exception_ptr failure, Result<Receipt> result) {
                           EXPECT_FALSE(failure);
                           result ? ++confirmed : ++overloaded;
                           if (!result) {
                               EXPECT_EQ(result.error().name, ProblemName::overloaded);
                               EXPECT_TRUE(result.error().retry_after_ms);
                           }
                           if (!std::exchange(released, true))
                               connection.exec("commit");
                       });
    }
    io.run();

    EXPECT_GE(overloaded, 10);
    EXPECT_EQ(sql("select count(*) from registration"), std::to_string(confirmed));
}

TEST_F(DeskTest, heals_when_its_connection_is_cut)
{
    auto const desk = make_desk();
    submit(*desk, submission("a@example.org"), event);
    connection.exec("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() "
                    "and datname = current_database()");

    auto const asked = submission("b@example.org");
    EXPECT_TRUE(test::eventually([&] {
        try {
            return submit(*desk, asked, event).status == "confirmed";
        } catch (std::exception const&) {
            return false;
        }
    }));
    EXPECT_EQ(statuses(), "confirmed 2");
}

}
}
