// What tests of the desk and of its lanes share: a database with an event of ten seats, and ways to ask many
// at once.
#pragma once

#include "registration/desk.h"
#include "test_database.h"

#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace kutsu::registration
{

namespace asio = boost::asio;

inline Instant const now = parse_instant("2027-05-03T06:00:00Z").value();

class DeskTest : public ::testing::Test
{
protected:
    DeskTest() : connection(database.connect()) { event = make_event("hot", 10, "true", "null"); }

    events::EventPtr make_event(std::string const& slug, int capacity, std::string const& waitlist,
                                std::string const& offer_hours)
    {
        auto const id = test::insert_event(connection, slug);
        connection.exec(
            fmt::format("update event_counter set capacity = {} where event_id = {}", capacity, id));
        connection.exec(
            fmt::format("insert into registration_form (event_id, time_zone, waitlist, offer_hours) "
                        "values ({}, 'Europe/Helsinki', {}, {})",
                        id, waitlist, offer_hours));
        auto made = std::make_shared<events::Event>();
        made->event_id = id;
        made->slug = slug;
        made->form.emplace();
        return made;
    }

    std::unique_ptr<Desk> make_desk(std::size_t batch_limit = 128)
    {
        DeskOptions options;
        options.batch_limit = batch_limit;
        return make_desk(options);
    }

    std::unique_ptr<Desk> make_desk(DeskOptions const& options)
    {
        return std::make_unique<Desk>(database.conninfo(), clock, keys, [this] { ++wakes; }, options);
    }

    Submission submission(std::string const& email, int companions = 0)
    {
        Submission made;
        made.submission_id = random_uuid(random);
        made.name = "Guest";
        made.email = email;
        made.language = "fi";
        for (int i = 0; i < companions; ++i)
            made.companions.push_back({"Companion", {}});
        return made;
    }

    // All at once, answered in any order; results in the order of asking.
    std::vector<Result<Receipt>> submit_all(Desk& desk, std::vector<Submission> const& submissions,
                                            events::EventPtr const& to)
    {
        asio::io_context io(1);
        std::vector<Result<Receipt>> results(submissions.size());
        for (std::size_t i = 0; i < submissions.size(); ++i)
            asio::co_spawn(io, submit_into(desk, submissions[i], to, results[i]), asio::detached);
        io.run();
        return results;
    }

    static asio::awaitable<void> submit_into(Desk& desk, Submission asked, events::EventPtr to,
                                             Result<Receipt>& result)
    {
        result = co_await desk.submit(std::move(asked), std::move(to));
    }

    Receipt submit(Desk& desk, Submission const& asked, events::EventPtr const& to)
    {
        return submit_all(desk, {asked}, to).front().value();
    }

    std::string sql(std::string const& question) { return std::string(connection.exec(question).text(0, 0)); }

    std::string hash(Receipt const& receipt) { return to_hex(sha256(receipt.token)); }

    std::string statuses()
    {
        return sql("select coalesce(string_agg(format('%s %s', status, n), ', ' order by status), '') from "
                   "(select status, count(*) n from registration group by 1) s");
    }

    // The counter row says what the rows say; true at every moment of a correct desk.
    bool counters_are_true()
    {
        return sql("select bool_and(c.taken = coalesce(r.taken, 0) and c.confirmed = coalesce(r.confirmed, "
                   "0) "
                   "and c.waiting = coalesce(r.waiting, 0)) from event_counter c left join ("
                   "select event_id, sum(seats) filter (where status in ('confirmed', 'offered')) taken, "
                   "sum(seats) filter (where status = 'confirmed') confirmed, "
                   "count(*) filter (where status = 'waitlisted') waiting from registration group by 1) r "
                   "using (event_id)") == "t";
    }

    bool log_is_gapless()
    {
        return sql("select bool_and(ok) from (select c.version = 1 + count(l.event_version) as ok from "
                   "event_counter c "
                   "left join change l using (event_id) group by c.event_id, c.version) x") == "t";
    }

    test::TestDatabase database = test::database();
    db::Connection connection;
    FixedClock clock{now};
    Keys keys{};
    SystemRandom random;
    std::atomic<int> wakes = 0;
    events::EventPtr event;
};

}
