// What the clock does to registrations, against a real PostgreSQL: who gets a letter, who does not, and once.
#include "db/database.h"
#include "events/catalogue.h"
#include "registration/reminder.h"
#include "registration/reminder_commands.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

using std::chrono::hours;

Instant const starts = parse_instant("2027-05-27T05:30:00Z").value();
Instant const noon_before = parse_instant("2027-05-26T09:00:00Z").value();

class ReminderTest : public ::testing::Test
{
protected:
    ReminderTest()
    {
        event_id = test::insert_event(connection, "ev-a");
        connection.exec(fmt::format(
            "update event set status = 'published', time_zone = 'Europe/Helsinki', starts_local = "
            "'2027-05-27 08:30', starts_at = '2027-05-27T05:30Z', ends_local = '2027-05-27 "
            "15:00', ends_at = '2027-05-27T12:00Z' where event_id = {}",
            event_id));
        connection.exec(
            fmt::format("insert into registration_form (event_id, time_zone, opens_at, opens_local) values "
                        "({}, 'Europe/Helsinki', '2027-05-01T06:00Z', '2027-05-01 09:00')",
                        event_id));
        public_id = connection.exec("select public_id from event").text(0, 0);
    }

    void guest(std::string const& name, std::string const& status, bool has_email = true,
               std::string const& more = "null")
    {
        connection.exec(fmt::format("insert into registration (event_id, public_id, submission_id, "
                                    "contents_hash, token_hash, arrival, status, name, "
                                    "email, language, created_at, changed_at, offer_expires_at) values ({0}, "
                                    "'reg-{1}', gen_random_uuid(), '', "
                                    "sha256('{1}'), (select count(*) + 1 from registration), '{2}', '{1}', "
                                    "{3}, 'fi', '2027-05-01T00:00Z', "
                                    "'2027-05-01T00:00Z', {4})",
                                    event_id, name, status, has_email ? "'" + name + "@example.org'" : "null",
                                    more));
    }

    db::DueTimer due(std::string_view kind, std::string const& subject, Instant at)
    {
        return {1, std::string(kind), subject, at, {}, 0};
    }

    // "done 3 letters", "skipped …".
    template <class Deed>
    std::string outcome(Deed deed)
    {
        auto const done = database.write_now(
            [&](db::Transaction& transaction) -> Result<db::TimerOutcome> { return deed(transaction); });
        return !done ? "refused" : (done->skipped ? "skipped " : "done ") + done->note;
    }
    std::string reminded(Instant now, Instant at = noon_before)
    {
        return outcome([&](db::Transaction& transaction) {
            return remind(transaction, due(timer::reminder, public_id, at), now, hours(12));
        });
    }

    std::string sql(std::string const& question) { return std::string(connection.exec(question).text(0, 0)); }
    std::string recipients()
    {
        return sql("select coalesce(string_agg(recipient, ' ' order by recipient), '') from outbox");
    }

    test::TestDatabase fresh = test::database();
    db::Connection connection = fresh.connect();
    db::Database database{fresh.conninfo(), 2};
    std::int64_t event_id = 0;
    std::string public_id;
};

TEST_F(ReminderTest, GoesToWhoeverHasASeatAndAnAddressAndOnce)
{
    guest("anna", "confirmed");
    guest("boris", "confirmed");
    guest("cai", "confirmed", false);
    guest("dina", "waitlisted");
    guest("elli", "pending");
    guest("fedor", "cancelled");
    guest("gulnara", "offered", true, "'2027-05-26T18:00Z'");

    EXPECT_EQ(reminded(noon_before), "done 2 letters");
    EXPECT_EQ(recipients(), "anna@example.org boris@example.org");
    EXPECT_EQ(sql("select dedupe_key from outbox order by 1"), "reminder:reg-anna:2027-05-27T05:30:00Z");
    guest("heikki", "confirmed");
    EXPECT_EQ(reminded(noon_before + hours(1)), "done 1 letter") << "who was reminded is not reminded again";
}

TEST_F(ReminderTest, SaysWhichSessionsWereChosen)
{
    guest("anna", "confirmed");
    connection.exec(fmt::format("insert into session (public_id, event_id, ordinal, kind, title, time_zone, "
                                "starts_local, ends_local, starts_at, "
                                "ends_at, sign_up, calendar_modified, created_at) select 'ses-' || n, {}, n, "
                                "'workshop', '{{}}', 'UTC', "
                                "'2027-05-27 09:00', '2027-05-27 10:00', '2027-05-27T09:00Z', "
                                "'2027-05-27T10:00Z', true, now(), now() from "
                                "generate_series(1, 3) n",
                                event_id));
    connection.exec(
        "insert into session_signup (event_id, registration_id, session_id, status) select s.event_id, "
        "r.registration_id, s.session_id, (array['confirmed', 'waitlisted', 'cancelled'])[s.ordinal] from "
        "session s join registration r using (event_id)");

    EXPECT_EQ(reminded(noon_before), "done 1 letter");
    EXPECT_EQ(sql("select params -> 'sessions' from outbox"),
              R"([{"id": "ses-1", "status": "confirmed"}, {"id": "ses-2", "status": "waitlisted"}])");
}

TEST_F(ReminderTest, LooksAtTheEventAsItIsWhenItIsDue)
{
    guest("anna", "confirmed");
    auto const expect_skipped = [&](std::string const& change, Instant now, Instant at,
                                    std::string const& why) {
        connection.exec("begin; " + change + "; commit");
        EXPECT_EQ(reminded(now, at), "skipped " + why) << change;
    };
    expect_skipped("select 1", starts, noon_before, "the event has begun");
    expect_skipped("select 1", noon_before, noon_before - hours(24), "the event has been moved");
    expect_skipped("update registration_form set reminders = false", noon_before, noon_before,
                   "the event does not take place or reminds nobody");
    expect_skipped("update registration_form set reminders = true; update event set status = 'postponed'",
                   noon_before, noon_before, "the event does not take place or reminds nobody");
    EXPECT_EQ(recipients(), "");
    public_id = "ev-none";
    EXPECT_EQ(reminded(noon_before), "skipped the event is gone");
}

TEST_F(ReminderTest, TheLastCallOfAnOfferIsOnceAndOnlyWhileItIsOpen)
{
    guest("anna", "offered", true, "'2027-05-20T12:00Z'");
    auto const told = [&](std::string_view now) {
        return outcome([&](db::Transaction& transaction) {
            return tell_offer_expires(transaction,
                                      due(timer::offer_expiring, "reg-anna", *parse_instant(now)),
                                      *parse_instant(now));
        });
    };
    EXPECT_EQ(told("2027-05-20T12:00:00Z"), "skipped nothing is offered any more");
    EXPECT_EQ(told("2027-05-20T08:00:00Z"), "done 1 letter");
    EXPECT_EQ(told("2027-05-20T08:00:00Z"), "skipped nothing is offered any more");
    EXPECT_EQ(recipients(), "anna@example.org");
    connection.exec("delete from outbox; update event set status = 'cancelled'");
    EXPECT_EQ(told("2027-05-20T08:00:00Z"), "skipped nothing is offered any more");
    EXPECT_EQ(recipients(), "");
}

TEST_F(ReminderTest, AnOpeningIsAChangeOfTheEvent)
{
    auto shown = std::make_shared<events::Event>();
    shown->id = public_id;
    shown->slug = sql("select slug from event");
    shown->status = "published";
    shown->span.ends.at = starts + hours(8);
    shown->form.emplace();
    events::Catalogue catalogue;
    catalogue.replace_all({shown}, noon_before);
    auto const opened = [&](std::string_view at) {
        return outcome([&](db::Transaction& transaction) {
            return tell_state(transaction, due(timer::opens, public_id, *parse_instant(at)),
                              *parse_instant(at), catalogue);
        });
    };
    EXPECT_EQ(opened("2027-04-30T06:00:00Z"), "skipped the event has been changed");
    EXPECT_EQ(opened("2027-05-01T06:00:00Z"), "done ");
    EXPECT_EQ(sql("select payload -> 'changes' from change where actor = 'clock' and kind = 'status'"),
              R"([{"kind": "status", "status": "published", "registration": "open"}])");
    connection.exec("update event set status = 'cancelled'");
    EXPECT_EQ(opened("2027-05-01T06:00:00Z"), "skipped the event has been changed");
}

TEST_F(ReminderTest, ShadowsAreForgottenAYearAfterTheEvent)
{
    connection.exec(fmt::format(
        "insert into registration_shadow (submission_id, event_id, contents_hash, token_hash, answer, "
        "created_at) values (gen_random_uuid(), {}, '', 'x', '{{}}', now())",
        event_id));
    auto const forgotten = [&](std::string_view now) {
        return outcome(
            [&](db::Transaction& transaction) { return forget_shadows(transaction, *parse_instant(now)); });
    };
    EXPECT_EQ(forgotten("2028-05-20T00:00:00Z"), "done 0 removed");
    EXPECT_EQ(forgotten("2028-05-28T00:00:00Z"), "done 1 removed");
}

}
}
