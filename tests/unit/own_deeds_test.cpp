// Handing on, erasing and lost links in the database: what is left, who is told, what nobody can tell.
#include "test_database.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

namespace json = boost::json;

class OwnDeeds : public ::testing::Test
{
protected:
    OwnDeeds() : connection(database.connect())
    {
        event = test::insert_event(connection, "hot");
        sql(fmt::format("update event_counter set capacity = 3 where event_id = {}", event));
        sql(fmt::format("insert into registration_form (event_id, time_zone, waitlist) "
                        "values ({}, 'Europe/Helsinki', true)",
                        event));
        sql(fmt::format(
            "insert into question (event_id, key, ordinal, type, label, special_category) values "
            "({0}, 'diet', 1, 'text', '{{}}', true), ({0}, 'photo', 2, 'consent', '{{}}', false), "
            "({0}, 'bus', 3, 'text', '{{}}', false)",
            event));
    }

    std::string sql(std::string const& question)
    {
        auto const result = connection.exec(question);
        return result.rows() == 0 ? std::string() : std::string(result.text(0, 0));
    }

    static std::string hash(std::string_view token) { return to_hex(sha256(token)); }

    // Registers; the token is "TOKEN of EMAIL", so that tests can name it.
    std::string register_guest(std::string const& email, std::string const& token, int companions = 0)
    {
        json::array party;
        for (int i = 0; i < companions; ++i)
            party.push_back({{"name", "Companion"}});
        json::object const request{{"event_id", event},
                                   {"submission_id", random_uuid(random)},
                                   {"contents_hash", hash(token)},
                                   {"token_hash", hash(token)},
                                   {"public_id", random_public_id(random)},
                                   {"name", "Guest " + email},
                                   {"email", email},
                                   {"language", "fi"},
                                   {"companions", std::move(party)},
                                   {"sessions", json::array()},
                                   {"answers", {{"diet", "nuts"}, {"photo", true}, {"bus", "yes"}}},
                                   {"form_version", 1}};
        return std::string(connection
                               .exec_params("select answer ->> 'status' from desk_submit($1, $2)",
                                            {"2027-05-03T06:00Z", json::serialize(json::array{request})})
                               .text(0, 0));
    }

    std::string act(json::object deed)
    {
        deed["event_id"] = event;
        deed["actor"] = "registration";
        deed["offer_expires_at"] = nullptr;
        deed["scrub"] = hash(random_token(random));
        return std::string(connection
                               .exec_params("select outcome from desk_act($1, $2)",
                                            {when, json::serialize(json::array{deed})})
                               .text(0, 0));
    }

    std::string transfer(std::string_view token, std::string const& email, std::string const& new_token)
    {
        return act({{"kind", "transfer"},
                    {"token_hash", hash(token)},
                    {"name", "New " + email},
                    {"email", email},
                    {"new_submission_id", random_uuid(random)},
                    {"new_token_hash", hash(new_token)}});
    }

    std::string erase(std::string_view token)
    {
        return act({{"kind", "erase"}, {"token_hash", hash(token)}});
    }

    std::string held(std::string_view token)
    {
        return sql(fmt::format("select registration_export('\\x{}')", hash(token)));
    }

    std::string mails_to(std::string const& address)
    {
        return sql(
            "select coalesce(string_agg(kind, ' ' order by outbox_id), '') from outbox where recipient = '" +
            address + "'");
    }

    // Members of an export that do not depend on who or when it is.
    static std::vector<std::string> shape(std::string const& exported)
    {
        std::vector<std::string> keys;
        auto const whole = json::parse(exported).as_object();
        for (auto const& [key, value] : whole)
            keys.emplace_back(key);
        for (auto const& [key, value] : whole.at("registration").as_object())
            keys.push_back("registration." + std::string(key));
        for (auto const& mail : whole.at("mails").as_array())
            keys.push_back("mail." + std::string(mail.at("kind").as_string()));
        std::ranges::sort(keys);
        return keys;
    }

    test::TestDatabase database = test::database();
    db::Connection connection;
    SystemRandom random;
    std::int64_t event = 0;
    std::string when = "2027-05-03T07:00Z";
};

TEST_F(OwnDeeds, APlaceIsHandedOnWithItsPartyAndItsArrival)
{
    register_guest("anna@example.org", "anna", 1);
    register_guest("first@example.org", "first");
    register_guest("waits@example.org", "waits");

    EXPECT_EQ(transfer("anna", "boris@example.org", "boris"), "done");

    EXPECT_EQ(sql("select concat_ws(' ', email, status, arrival, seats) from registration order by arrival "
                  "limit 1"),
              "boris@example.org confirmed 1 2");
    EXPECT_EQ(sql("select confirmed || ' ' || waiting from event_counter"), "3 1") << "no seat moved";
    EXPECT_EQ(sql("select string_agg(key, ' ') from registration_answer a join registration r using "
                  "(registration_id) where r.arrival = 1"),
              "bus")
        << "health and consent stay with the one who gave them";
    EXPECT_EQ(mails_to("boris@example.org"), "transferred_to");
    EXPECT_EQ(mails_to("anna@example.org"), "confirmed transferred_from");
    EXPECT_EQ(sql("select params ? 'submission_id' from outbox where kind = 'transferred_from'"), "f");
    EXPECT_EQ(held("anna"), "");
    EXPECT_NE(held("boris"), "");
    EXPECT_EQ(sql("select concat_ws('|', outcome, from_name, to_name, seats) from substitution"),
              "handed_on|Guest anna@example.org|New boris@example.org|2");
    EXPECT_EQ(transfer("anna", "c@example.org", "c"), "not_found") << "once";
}

TEST_F(OwnDeeds, APlaceInTheQueueAndAnOfferAreHandedOnAsTheyStand)
{
    sql("update registration_form set offer_hours = 24");
    register_guest("seated@example.org", "seated", 2);
    register_guest("first@example.org", "first");
    register_guest("second@example.org", "second");

    EXPECT_EQ(transfer("second", "next@example.org", "next"), "done");
    EXPECT_EQ(sql("select position from qa_registration where email = 'next@example.org'"), "2");

    sql(fmt::format(
        "select desk_act('2027-05-03T08:00Z', '[{{\"event_id\": {}, \"kind\": \"cancel\", \"actor\": "
        "\"registration\", \"token_hash\": \"{}\", \"offer_expires_at\": \"2027-05-04T08:00:00Z\"}}]')",
        event, hash("seated")));
    EXPECT_EQ(sql("select status from registration where email = 'first@example.org'"), "offered");
    EXPECT_EQ(transfer("first", "taker@example.org", "taker"), "done");
    EXPECT_EQ(sql("select concat_ws(' ', status, offer_expires_at = '2027-05-04T08:00Z') from registration "
                  "where email = "
                  "'taker@example.org'"),
              "offered t");
    EXPECT_EQ(act({{"kind", "accept"}, {"token_hash", hash("taker")}}), "done");
    EXPECT_EQ(act({{"kind", "accept"}, {"token_hash", hash("first")}}), "not_found");
}

TEST_F(OwnDeeds, TheOldSubmissionSentAgainMakesNoRegistration)
{
    register_guest("anna@example.org", "anna");
    auto const request =
        sql("select jsonb_build_array(jsonb_build_object('event_id', event_id, 'submission_id', "
            "submission_id, 'contents_hash', encode(contents_hash, 'hex'), 'token_hash', "
            "encode(token_hash, 'hex'), 'public_id', 'another-id', 'name', name, 'email', email, "
            "'language', language, 'companions', companions, 'sessions', '[]'::jsonb, 'answers', "
            "'{}'::jsonb, 'form_version', 1)) from registration");
    transfer("anna", "boris@example.org", "boris");

    auto const again = connection.exec_params("select outcome, answer ->> 'status' from desk_submit($1, $2)",
                                              {when, request});

    EXPECT_EQ(again.text(0, 0), "seen");
    EXPECT_EQ(again.text(0, 1), "transferred");
    EXPECT_EQ(sql("select count(*) from registration"), "1");
}

TEST_F(OwnDeeds, HandingOnToSomebodyRegisteredLooksTheSameAndTouchesNothingOfTheirs)
{
    register_guest("anna@example.org", "anna");
    register_guest("boris@example.org", "boris", 1);
    register_guest("waits@example.org", "waits");

    EXPECT_EQ(transfer("anna", "Boris@Example.org", "unused"), "done");

    EXPECT_EQ(held("anna"), "");
    EXPECT_EQ(held("unused"), "");
    EXPECT_EQ(sql("select string_agg(reason, ' ') from ended_link"), "transferred");
    EXPECT_EQ(mails_to("boris@example.org"), "confirmed transfer_refused");
    EXPECT_EQ(mails_to("Boris@Example.org"), "");
    EXPECT_EQ(mails_to("anna@example.org"), "confirmed transferred_from") << "as if it had worked";
    EXPECT_EQ(sql("select concat_ws(' ', status, seats, version) from registration where email = "
                  "'boris@example.org'"),
              "confirmed 2 1");
    EXPECT_EQ(sql("select status from registration where email = 'waits@example.org'"), "confirmed")
        << "the place is not lost";
    EXPECT_EQ(sql("select taken from event_counter"), "3");
    EXPECT_EQ(sql("select count(*) from registration where name like '%anna%' or email like 'anna%'"), "0");
    EXPECT_EQ(sql("select concat_ws('|', outcome, to_name) from substitution"), "given_up");
}

TEST_F(OwnDeeds, WhatOnlyLooksLikeARegistrationIsHandedOnAlikeAndTheOwnerHearsOfIt)
{
    register_guest("anna@example.org", "anna");
    EXPECT_EQ(register_guest("anna@example.org", "shadow"), "confirmed");
    register_guest("real@example.org", "real");

    EXPECT_EQ(transfer("shadow", "boris@example.org", "boris"), "done");
    EXPECT_EQ(transfer("real", "carl@example.org", "carl"), "done");

    EXPECT_EQ(held("shadow"), "");
    EXPECT_EQ(shape(held("boris")), shape(held("carl")));
    EXPECT_EQ(mails_to("boris@example.org"), mails_to("carl@example.org"));
    EXPECT_EQ(mails_to("anna@example.org"), "confirmed already_registered transfer_void");
    EXPECT_EQ(sql("select status from registration where email = 'anna@example.org'"), "confirmed");
    EXPECT_EQ(sql("select count(*) from ended_link where reason = 'transferred'"), "2");
}

TEST_F(OwnDeeds, AShadowHandedToSomebodyRegisteredTellsThemToo)
{
    register_guest("anna@example.org", "anna");
    register_guest("anna@example.org", "shadow");
    register_guest("boris@example.org", "boris");

    EXPECT_EQ(transfer("shadow", "boris@example.org", "unused"), "done");

    EXPECT_EQ(mails_to("boris@example.org"), "confirmed transfer_refused");
    EXPECT_EQ(held("unused"), "");
    EXPECT_EQ(held("shadow"), "");
}

TEST_F(OwnDeeds, OnesOwnAddressAndAnEventThatIsOverAreRefused)
{
    register_guest("anna@example.org", "anna");
    register_guest("anna@example.org", "shadow");

    EXPECT_EQ(transfer("anna", "ANNA@example.org", "x"), "unchanged");
    EXPECT_EQ(transfer("shadow", "ANNA@example.org", "x"), "unchanged");
    when = "2027-05-27T13:00Z";
    EXPECT_EQ(transfer("anna", "boris@example.org", "x"), "ended");
    EXPECT_EQ(sql("select count(*) from ended_link"), "0");
}

TEST_F(OwnDeeds, ErasingFreesTheSeatAndForgetsThePersonButCountsStay)
{
    register_guest("anna@example.org", "anna", 2);
    register_guest("waits@example.org", "waits");
    transfer("anna", "boris@example.org", "boris");
    sql("insert into registration_note select registration_id, 'Boris is late', 'org', '2027-05-03T07:00Z' "
        "from registration "
        "where arrival = 1");
    sql("insert into registration_tag select registration_id, 'boris' from registration where arrival = 1");
    sql(fmt::format(
        "insert into invitation (event_id, public_id, code_hash, is_personal, name, email, language, seats, "
        "created_at) values ({}, 'inv', '\\x{}', true, 'Boris', 'boris@example.org', 'fi', 1, "
        "'2027-05-03T07:00Z')",
        event, hash("code")));
    auto const changes = sql("select count(*) from change");

    EXPECT_EQ(erase("boris"), "done");

    EXPECT_EQ(sql("select concat_ws('|', name, coalesce(email, '-'), status, arrival, seats, erased_at is "
                  "not null) "
                  "from registration order by arrival limit 1"),
              "–|-|cancelled|1|3|t");
    EXPECT_EQ(
        sql("select count(*) from registration_answer a join registration r using (registration_id) where "
            "r.arrival = 1"),
        "0");
    EXPECT_EQ(sql("select status from registration where arrival = 2"), "confirmed")
        << "the seats were freed";
    EXPECT_EQ(sql("select count(*) from qa_registration"), "2");
    EXPECT_EQ(sql("select count(*) from change"), std::to_string(std::stoi(changes) + 1));
    EXPECT_EQ(held("boris"), "");
    EXPECT_EQ(sql("select reason from ended_link order by ended_at desc, reason limit 1"), "erased");
    for (auto const* table :
         {"registration", "registration_answer", "substitution", "change", "registration_shadow", "promotion",
          "ended_link", "registration_note", "registration_tag", "invitation"})
        EXPECT_EQ(sql(fmt::format("select count(*) from {} t where t::text ilike '%boris%'", table)), "0")
            << table;
    EXPECT_EQ(mails_to("boris@example.org"), "erased") << "only the last message";
    EXPECT_EQ(erase("boris"), "not_found");
}

TEST_F(OwnDeeds, WhoWasThereStaysCountedWhenTheirDataGo)
{
    register_guest("anna@example.org", "anna");
    when = "2027-05-28T06:00Z";

    EXPECT_EQ(erase("anna"), "done");

    EXPECT_EQ(sql("select concat_ws(' ', status, name, email is null) from registration"), "confirmed – t");
    EXPECT_EQ(sql("select confirmed from event_counter"), "1");
    EXPECT_EQ(sql("select reason from ended_link"), "erased");
}

TEST_F(OwnDeeds, AShadowIsErasedAlikeAndTheRegistrationStays)
{
    register_guest("anna@example.org", "anna");
    register_guest("anna@example.org", "shadow");

    EXPECT_EQ(erase("shadow"), "done");

    EXPECT_EQ(held("shadow"), "");
    EXPECT_EQ(sql("select count(*) from registration_shadow s where s::text like '%anna%'"), "0");
    EXPECT_EQ(sql("select status from registration"), "confirmed");
    EXPECT_EQ(sql("select reason from ended_link"), "erased");
}

TEST_F(OwnDeeds, WhatIsHeldAboutAShadowLooksLikeWhatIsHeldAboutANewcomer)
{
    register_guest("anna@example.org", "anna");
    register_guest("anna@example.org", "shadow");
    register_guest("new@example.org", "new");
    for (auto const* token : {"shadow", "new"})
        EXPECT_EQ(act({{"kind", "change"}, {"token_hash", hash(token)}, {"changes", {{"name", "Other"}}}}),
                  "done");

    EXPECT_EQ(shape(held("shadow")), shape(held("new")));
}

TEST_F(OwnDeeds, LostLinksAreMailedOnceInAWhileAndAskingLeavesTheSameTrace)
{
    auto const ask = [&](std::string const& email, std::string const& at) {
        connection.exec_params("select send_lost_links($1, null, $2, $3)", {email, "\\x" + hash(email), at});
    };
    register_guest("anna@example.org", "anna");

    ask("ANNA@example.org", "2027-05-03T07:00Z");
    ask("ANNA@example.org", "2027-05-03T07:09Z");
    ask("nobody@example.org", "2027-05-03T07:09Z");

    EXPECT_EQ(mails_to("anna@example.org"), "confirmed lost_link");
    EXPECT_EQ(mails_to("nobody@example.org"), "");
    EXPECT_EQ(sql("select count(*) from lost_link_request"), "2");
    EXPECT_EQ(sql("select params #>> '{registrations,0,submission_id}' = (select submission_id::text from "
                  "registration) from outbox where kind = 'lost_link'"),
              "t");
    ask("ANNA@example.org", "2027-05-03T07:11Z");
    EXPECT_EQ(mails_to("anna@example.org"), "confirmed lost_link lost_link");
    ask("anna@example.org", "2027-05-27T13:00Z");
    EXPECT_EQ(mails_to("anna@example.org"), "confirmed lost_link lost_link") << "the event is over";
    EXPECT_EQ(sql("select count(*) from lost_link_request"), "1") << "older ones are forgotten";
}

}
}
