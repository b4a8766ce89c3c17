#include "db/database.h"
#include "mail/outbox.h"
#include "mail/outbox_store.h"
#include "mail_samples.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::mail
{
namespace
{

using std::chrono::seconds;

Instant const now = from_ms(1809324000000);

OutboxEntry entry(std::string key, std::string recipient)
{
    OutboxEntry entry;
    entry.dedupe_key = std::move(key);
    entry.kind = "sign_in_link";
    entry.recipient = std::move(recipient);
    entry.language = "fi";
    entry.params = {{"name", "Anna"}, {"token", "secret"}};
    entry.created_at = now;
    return entry;
}

class MailOutbox : public testing::Test
{
protected:
    void put(OutboxEntry const& entry)
    {
        db_.write_now(
            [](db::Transaction& t, OutboxEntry const& e) { return enqueue(t, e), Result<bool>(true); },
            entry);
    }

    std::vector<std::string> due(Instant at, int limit = 10)
    {
        auto const rows = db_.write_now(
            [](db::Transaction& t, Instant now_, int limit_) {
                return Result<std::vector<OutboxRow>>(store::lock_due(t, now_, limit_));
            },
            at, limit);
        std::vector<std::string> keys;
        for (auto const& row : *rows)
            keys.push_back(row.dedupe_key);
        return keys;
    }

    template <class Deed>
    void on_row(std::string const& key, Deed deed)
    {
        auto const id =
            outside_.exec_params("select outbox_id from outbox where dedupe_key = $1", {key}).integer(0, 0);
        db_.write_now([&](db::Transaction& t) { return deed(t, id), Result<bool>(true); });
    }

    std::string column(std::string const& expression, std::string const& key)
    {
        return std::string(
            outside_.exec_params("select (" + expression + ")::text from outbox where dedupe_key = $1", {key})
                .text(0, 0));
    }

    test::TestDatabase database_ = test::database();
    db::Database db_{database_.conninfo(), 2};
    db::Connection outside_ = database_.connect();
};

using Keys_ = std::vector<std::string>;

TEST_F(MailOutbox, AKeyGivesOneMailForEver)
{
    put(entry("a", "anna@example.org"));
    auto again = entry("a", "boris@example.org");
    put(again);

    EXPECT_EQ(due(now), Keys_{"a"});
    on_row("a", [](auto& t, auto id) { store::mark_sent(t, id, now); });
    put(again);
    EXPECT_EQ(due(now), Keys_{});
    EXPECT_EQ(outside_.exec("select count(*) from qa_mail").integer(0, 0), 1);
}

TEST_F(MailOutbox, ARecipientGetsMailInOrder)
{
    put(entry("a1", "anna@example.org"));
    put(entry("a2", "anna@example.org"));
    put(entry("b1", "boris@example.org"));

    EXPECT_EQ(due(now), (Keys_{"a1", "b1"}));
    on_row("a1", [](auto& t, auto id) { store::postpone(t, id, now + seconds(30), "busy"); });
    EXPECT_EQ(due(now), Keys_{"b1"}); // a2 waits for a1
    EXPECT_EQ(due(now + seconds(30)), (Keys_{"b1", "a1"}));
    on_row("a1", [](auto& t, auto id) { store::mark_failed(t, id, "no such user"); });
    EXPECT_EQ(due(now), (Keys_{"a2", "b1"}));
}

TEST_F(MailOutbox, NothingIsDueBeforeItsTime)
{
    auto later = entry("a", "anna@example.org");
    later.created_at = now + seconds(10);
    put(later);

    EXPECT_EQ(due(now), Keys_{});
    EXPECT_EQ(due(now + seconds(10)), Keys_{"a"});
}

TEST_F(MailOutbox, RowsHeldByAnotherProcessAreLeftAlone)
{
    put(entry("a1", "anna@example.org"));
    put(entry("a2", "anna@example.org"));
    put(entry("b1", "boris@example.org"));
    outside_.exec("begin; select from outbox where dedupe_key = 'a1' for update");

    EXPECT_EQ(due(now), Keys_{"b1"});

    outside_.exec("rollback");
    EXPECT_EQ(due(now), (Keys_{"a1", "b1"}));
    EXPECT_EQ(due(now, 1), Keys_{"a1"});
}

TEST_F(MailOutbox, RenderedBytesAreKeptAndGoWithTheSecretsWhenSent)
{
    put(entry("a", "anna@example.org"));
    on_row("a", [](auto& t, auto id) { store::keep_rendered(t, id, "Subject: \"ä\"\r\n"); });

    auto const rows = db_.write_now(
        [](db::Transaction& t) { return Result<std::vector<OutboxRow>>(store::lock_due(t, now, 1)); });
    EXPECT_EQ(rows->at(0).rendered, "Subject: \"ä\"\r\n");
    EXPECT_EQ(rows->at(0).params, (boost::json::object{{"name", "Anna"}, {"token", "secret"}}));
    EXPECT_EQ(rows->at(0).created_at, now);

    on_row("a", [](auto& t, auto id) { store::mark_sent(t, id, now); });
    EXPECT_EQ(column("params", "a"), R"({"name": "Anna"})");
    EXPECT_EQ(column("state", "a"), "sent");
    EXPECT_EQ(column("attempts", "a"), "1");
}

TEST_F(MailOutbox, ErrorsOfAnyBytesCanBeStored)
{
    put(entry("a", "anna@example.org"));

    on_row("a", [](auto& t, auto id) { store::mark_failed(t, id, "5\xff\r\n" + std::string(500, 'x')); });

    EXPECT_EQ(column("state", "a"), "failed");
    EXPECT_EQ(column("length(last_error)", "a"), "300");
}

TEST_F(MailOutbox, AMailOfARolledBackTransactionDoesNotExist)
{
    db_.write_now([](db::Transaction& t) -> Result<bool> {
        enqueue(t, entry("a", "anna@example.org"));
        return refuse(ProblemName::full);
    });

    EXPECT_EQ(due(now), Keys_{});
}

TEST(MailRetry, GrowsFromHalfAMinuteToAnHour)
{
    std::vector<std::int64_t> waits;
    for (int attempts = 1; attempts <= 9; ++attempts)
        waits.push_back(wait_after({}, attempts).count() / 1000);

    EXPECT_EQ(waits, (std::vector<std::int64_t>{30, 60, 120, 240, 480, 960, 1920, 3600, 3600}));
    EXPECT_EQ(wait_after({}, 1000), std::chrono::hours(1));
}

}
}
