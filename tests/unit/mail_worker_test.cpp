#include "db/database.h"
#include "events/catalogue.h"
#include "mail/outbox.h"
#include "mail/worker.h"
#include "mail_samples.h"
#include "mail_servers.h"
#include "net/metrics.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::mail
{
namespace
{

Instant const start = from_ms(1809324000000);

// Remembers what it was given and answers as the test says.
class Recorder
{
public:
    struct Way : Sender
    {
        explicit Way(Recorder& recorder) : recorder_(recorder) {}
        Outcome send(Parcel const& parcel) override { return recorder_.take(parcel); }
        void interrupt() override {}
        Recorder& recorder_;
    };

    std::unique_ptr<Sender> way() { return std::make_unique<Way>(*this); }

    Outcome take(Parcel const& parcel)
    {
        std::scoped_lock const lock(mutex_);
        parcels_.push_back(parcel);
        return answer(parcel);
    }

    std::vector<Parcel> parcels() const
    {
        std::scoped_lock const lock(mutex_);
        return parcels_;
    }

    std::function<Outcome(Parcel const&)> answer = [](Parcel const&) { return Outcome{}; };

private:
    mutable std::mutex mutex_;
    std::vector<Parcel> parcels_;
};

// Runs on: a worker's pauses are real, the program's time is the test's.
class TestClock : public Clock
{
public:
    Instant now() const override { return Instant(std::chrono::milliseconds(at_.load())); }
    void set(Instant at) { at_ = to_ms(at); }

private:
    std::atomic<std::int64_t> at_ = to_ms(start);
};

class MailWorker : public testing::Test
{
protected:
    MailWorker()
    {
        event_id_ = test::insert_event(outside_, "ev-sem-spring");
        show(test::seminar());
    }

    void show(events::Event event)
    {
        event.event_id = event_id_;
        catalogue_.replace_all({std::make_shared<events::Event const>(std::move(event))}, start);
    }

    std::unique_ptr<Worker> worker(std::unique_ptr<Sender> sender)
    {
        return std::make_unique<Worker>(database_.conninfo(), db_, catalogue_, clock_, keys_, site_,
                                        std::move(sender));
    }

    void put(std::string const& kind, std::string const& recipient)
    {
        OutboxEntry entry;
        entry.dedupe_key = kind + ":" + recipient;
        entry.kind = kind;
        entry.recipient = recipient;
        entry.language = "fi";
        entry.event_id = event_id_;
        entry.params = {{"name", "Anna"}, {"submission_id", test::submission}};
        entry.created_at = clock_.now();
        db_.write_now(
            [](db::Transaction& t, OutboxEntry const& e) { return enqueue(t, e), Result<bool>(true); },
            entry);
    }

    bool settled(std::string const& state, int count)
    {
        return test::eventually([&] {
            return outside_.exec_params("select count(*) from qa_mail where state = $1", {state})
                       .integer(0, 0) == count;
        });
    }

    bool attempted(int attempts)
    {
        return test::eventually(
            [&] { return outside_.exec("select sum(attempts) from outbox").integer(0, 0) == attempts; });
    }

    test::TestDatabase database_ = test::database();
    db::Connection outside_ = database_.connect();
    db::Database db_{database_.conninfo(), 2};
    events::Catalogue catalogue_;
    TestClock clock_;
    Keys keys_;
    Site site_ = test::site();
    Recorder recorder_;
    std::int64_t event_id_ = 0;
};

TEST_F(MailWorker, SendsWhatIsQueuedInOrder)
{
    put("confirmed", "anna@example.org");
    put("cancelled", "anna@example.org");
    put("confirmed", "boris@example.org");
    auto const worker = this->worker(recorder_.way());

    ASSERT_TRUE(settled("sent", 3));
    put("promoted", "anna@example.org");
    worker->wake();
    ASSERT_TRUE(settled("sent", 4));

    std::vector<std::string> to_anna;
    for (auto const& parcel : recorder_.parcels()) {
        if (parcel.to == "anna@example.org")
            to_anna.push_back(parcel.dedupe_key);
    }
    EXPECT_EQ(to_anna, (std::vector<std::string>{"confirmed:anna@example.org", "cancelled:anna@example.org",
                                                 "promoted:anna@example.org"}));
    EXPECT_NE(net::metrics_text().find("kutsu_mail_total{state=\"sent\"}"), std::string::npos);
}

TEST_F(MailWorker, ASecondAttemptSendsTheSameBytes)
{
    recorder_.answer = [](Parcel const&) { return Outcome{Delivery::postponed, "450 grey"}; };
    put("confirmed", "anna@example.org");
    auto worker = this->worker(recorder_.way());
    ASSERT_TRUE(attempted(1));
    worker.reset();
    auto moved = test::seminar();
    moved.title = test::text("Aivan toinen", "Quite another", "Совсем другой");
    show(std::move(moved));
    recorder_.answer = [](Parcel const&) { return Outcome{}; };
    clock_.set(start + std::chrono::seconds(30));

    worker = this->worker(recorder_.way());

    ASSERT_TRUE(settled("sent", 1));
    auto const parcels = recorder_.parcels();
    ASSERT_EQ(parcels.size(), 2U);
    EXPECT_EQ(parcels[0].bytes, parcels[1].bytes);
}

TEST_F(MailWorker, RefusedMailFailsAndHarmsNobodyElse)
{
    recorder_.answer = [](Parcel const& parcel) {
        return parcel.to == "anna@example.org" ? Outcome{Delivery::refused, "550 no such user"} : Outcome{};
    };
    put("confirmed", "anna@example.org");
    put("gossip", "cecilia@example.org");
    put("confirmed", "b,c@example.org");
    put("confirmed", "boris@example.org");
    auto const worker = this->worker(recorder_.way());

    EXPECT_TRUE(settled("failed", 3));
    EXPECT_TRUE(settled("sent", 1));
    EXPECT_EQ(recorder_.parcels().size(), 2U);
}

TEST_F(MailWorker, MailThatCannotBeDeliveredForTwoDaysIsGivenUp)
{
    recorder_.answer = [](Parcel const&) { return Outcome{Delivery::postponed, "450 grey"}; };
    put("confirmed", "anna@example.org");
    clock_.set(start + Retry().give_up + std::chrono::seconds(1));
    auto const worker = this->worker(recorder_.way());

    EXPECT_TRUE(settled("failed", 1));
}

TEST_F(MailWorker, AnEventThatIsNotLoadedYetIsWaitedFor)
{
    catalogue_.replace_all({}, start);
    put("confirmed", "anna@example.org");
    auto const worker = this->worker(recorder_.way());
    ASSERT_TRUE(attempted(1));
    EXPECT_TRUE(recorder_.parcels().empty());

    show(test::seminar());
    clock_.set(start + std::chrono::seconds(5));
    worker->wake();

    EXPECT_TRUE(settled("sent", 1));
}

TEST_F(MailWorker, OneOfSeveralProcessesSends)
{
    Recorder other;
    auto first = this->worker(recorder_.way());
    put("confirmed", "anna@example.org");
    first->wake();
    ASSERT_TRUE(settled("sent", 1));
    auto const second = this->worker(other.way());
    for (int i = 0; i < 20; ++i)
        put("confirmed", fmt::format("guest{}@example.org", i));
    first->wake();
    second->wake();
    ASSERT_TRUE(settled("sent", 21));
    EXPECT_EQ(recorder_.parcels().size(), 21U);
    EXPECT_TRUE(other.parcels().empty());

    first.reset();
    put("cancelled", "anna@example.org");

    EXPECT_TRUE(settled("sent", 22));
    EXPECT_EQ(other.parcels().size(), 1U);
}

TEST_F(MailWorker, WhatTheServerTookIsNotSentAgainWhenTheMarkFailed)
{
    db::Connection blocker = database_.connect();
    recorder_.answer = [&](Parcel const&) {
        blocker.exec("begin; select from outbox for update");
        return Outcome{};
    };
    put("confirmed", "anna@example.org");
    auto const worker = this->worker(recorder_.way());
    // The mark waits for the lock until its time is up.
    auto const waiting = [&] {
        return outside_
            .exec("select count(*) from pg_stat_activity where datname = current_database() and "
                  "wait_event_type = 'Lock'")
            .integer(0, 0);
    };
    ASSERT_TRUE(test::eventually([&] { return waiting() == 1; }));
    ASSERT_TRUE(test::eventually([&] { return waiting() == 0; }));
    blocker.exec("rollback");

    EXPECT_TRUE(settled("sent", 1));
    EXPECT_EQ(recorder_.parcels().size(), 1U);
}

TEST_F(MailWorker, HealsWhenTheDatabaseConnectionsAreCut)
{
    auto const worker = this->worker(recorder_.way());
    put("confirmed", "anna@example.org");
    worker->wake();
    ASSERT_TRUE(settled("sent", 1));

    outside_.exec("select pg_terminate_backend(pid) from pg_stat_activity"
                  " where datname = current_database() and pid <> pg_backend_pid()");
    put("cancelled", "anna@example.org");

    EXPECT_TRUE(settled("sent", 2));
}

TEST_F(MailWorker, HealsWhenTheMailServerComesBack)
{
    auto const port = test::free_port();
    auto const worker =
        this->worker(make_sender(fmt::format("smtp://127.0.0.1:{}", port), "kutsu.example", "/nowhere"));
    for (int i = 0; i < 5; ++i)
        put("confirmed", fmt::format("guest{}@example.org", i));
    worker->wake();
    ASSERT_TRUE(test::eventually([] {
        return net::metrics_text().find("kutsu_mail_total{state=\"unreachable\"}") != std::string::npos;
    }));
    EXPECT_EQ(
        outside_.exec("select count(*) from outbox where state = 'queued' and attempts = 0").integer(0, 0),
        5);

    test::MailServer server(port);
    ASSERT_TRUE(settled("sent", 5));

    // Gone and back once more, with a connection that had been in use.
    server.stop();
    put("cancelled", "guest0@example.org");
    server.start();
    ASSERT_TRUE(settled("sent", 6));
    EXPECT_EQ(server.mails().size(), 6U);
}

TEST_F(MailWorker, StopsWhileTheMailServerHangs)
{
    // Accepts connections and says nothing.
    boost::asio::io_context io;
    test::Tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
    auto const url = fmt::format("smtp://127.0.0.1:{}", silent.local_endpoint().port());
    put("confirmed", "anna@example.org");
    auto worker = this->worker(make_sender(url, "kutsu.example", "/nowhere"));
    ASSERT_TRUE(test::eventually([&] {
        return outside_.exec("select count(*) from outbox where params ? 'rendered'").integer(0, 0) == 1;
    }));

    auto const began = std::chrono::steady_clock::now();
    worker.reset();

    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(6));
    EXPECT_TRUE(settled("queued", 1));
}

TEST_F(MailWorker, AWrongSenderIsFoundAtTheStart)
{
    site_.mail_from = "Kutsu <kutsu@example.org>";

    EXPECT_THROW(this->worker(recorder_.way()), std::invalid_argument);
}

}
}
