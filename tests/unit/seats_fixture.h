// An event with seats in a real PostgreSQL, and the two doors to them: desk_submit and desk_act.
#pragma once

#include "base/json.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace kutsu::registration::test
{

using kutsu::test::database;
using kutsu::test::insert_event;
using kutsu::test::TestDatabase;

inline constexpr char now[] = "2027-05-03T06:00:00Z";

struct Party
{
    std::string name; // also makes the token and, without `email`, the address
    int companions = 0;
    std::string type = {};
    std::string attendance = {};
    std::vector<std::string> sessions = {};
    std::string email = {};
};

inline std::string token_hash(std::string const& name)
{
    return to_hex(sha256("token of " + name));
}

inline json::value or_null(std::string const& text)
{
    return text.empty() ? json::value() : json::value(text);
}

inline json::object request(std::int64_t event, Party const& party, json::value offer)
{
    auto const id = to_hex(sha256("submission of " + party.name));
    json::array companions;
    for (int i = 0; i < party.companions; ++i)
        companions.push_back({{"name", "Companion"}});
    return {{"event_id", event},
            {"submission_id", fmt::format("{}-{}-4{}-8{}-{}", id.substr(0, 8), id.substr(8, 4),
                                          id.substr(12, 3), id.substr(15, 3), id.substr(18, 12))},
            {"contents_hash", to_hex(sha256(party.name))},
            {"token_hash", token_hash(party.name)},
            {"public_id", "r-" + id.substr(0, 12)},
            {"name", party.name},
            {"email", party.email.empty() ? party.name + "@example.org" : party.email},
            {"language", "fi"},
            {"attendance", or_null(party.attendance)},
            {"participant_type", or_null(party.type)},
            {"companions", std::move(companions)},
            {"sessions", json::array(party.sessions.begin(), party.sessions.end())},
            {"answers", json::object()},
            {"form_version", 1},
            {"offer_expires_at", std::move(offer)}};
}

inline std::string public_id(std::string const& name)
{
    return "r-" + to_hex(sha256("submission of " + name)).substr(0, 12);
}

class SeatsTest : public ::testing::Test
{
protected:
    SeatsTest() : connection(db.connect()), event(make_event("hall", 10)) {}

    std::int64_t make_event(std::string const& slug, int capacity)
    {
        auto const id = insert_event(connection, slug);
        connection.exec_params("update event_counter set capacity = $2 where event_id = $1",
                               {std::to_string(id), std::to_string(capacity)});
        connection.exec_params("insert into registration_form (event_id, time_zone, waitlist) values ($1, "
                               "'Europe/Helsinki', true)",
                               {std::to_string(id)});
        return id;
    }

    void set_capacity(int capacity)
    {
        connection.exec_params("update event_counter set capacity = $2 where event_id = $1",
                               {std::to_string(event), std::to_string(capacity)});
    }

    void set_form(std::string const& what)
    {
        connection.exec(fmt::format("update registration_form set {} where event_id = {}", what, event));
    }

    bool set_pools(std::string const& pools)
    {
        return connection
                   .exec_params("select set_pools($1, $2, null, $3)", {std::to_string(event), pools, now})
                   .text(0, 0) == "t";
    }

    void add_session(std::string const& id, std::string const& capacity)
    {
        connection.exec_params(R"(
            with s as (insert into session (public_id, event_id, ordinal, kind, title, time_zone, starts_local, ends_local,
                                            starts_at, ends_at, sign_up, capacity, calendar_modified, created_at)
                       values ($1, $2, 1, 'workshop', '{}', 'Europe/Helsinki', '2027-05-27T10:00', '2027-05-27T11:00',
                               '2027-05-27T07:00Z', '2027-05-27T08:00Z', true, $3, now(), now()) returning session_id, capacity)
            insert into session_counter (session_id, capacity) select session_id, capacity from s)",
                               {id, std::to_string(event), capacity});
    }

    // One batch. `offer`: until when a seat that becomes free is offered; null: theirs at once.
    std::vector<json::object> submit(std::vector<Party> const& parties)
    {
        json::array rows;
        for (auto const& party : parties)
            rows.push_back(request(event, party, offer));
        auto const answered = connection.exec_params("select outcome, answer from desk_submit($1, $2)",
                                                     {at, json::serialize(rows)});
        std::vector<json::object> answers;
        for (int row = 0; row < answered.rows(); ++row) {
            auto answer =
                answered.is_null(row, 1) ? json::object() : json::parse(answered.text(row, 1)).as_object();
            answer["outcome"] = answered.text(row, 0);
            answers.push_back(std::move(answer));
        }
        return answers;
    }

    // "confirmed", "waitlisted 2", or the outcome when there is no registration.
    std::string submitted(Party const& party)
    {
        auto const answer = submit({party}).front();
        if (!answer.contains("status"))
            return std::string(answer.at("outcome").as_string());
        return stand(answer);
    }

    static std::string stand(json::object const& answer)
    {
        auto const& position = answer.at("position");
        auto text = std::string(answer.at("status").as_string());
        return position.is_null() ? text : fmt::format("{} {}", text, position.as_int64());
    }

    json::object deed(std::string const& kind, json::object more = {})
    {
        json::object made{
            {"event_id", event}, {"kind", kind}, {"actor", "somebody"}, {"offer_expires_at", offer}};
        for (auto& [name, value] : more)
            made[name] = value;
        return made;
    }

    json::object by(std::string const& name, std::string const& kind, json::object more = {})
    {
        more["token_hash"] = token_hash(name);
        return deed(kind, std::move(more));
    }

    json::object decide(std::string const& name, std::string const& to, json::object more = {})
    {
        more["registration"] = public_id(name);
        more["to"] = to;
        return deed("decide", std::move(more));
    }

    std::vector<json::object> act(std::vector<json::object> const& deeds)
    {
        json::array rows(deeds.begin(), deeds.end());
        auto const done =
            connection.exec_params("select outcome, answer, event_slug, event_version from desk_act($1, $2)",
                                   {at, json::serialize(rows)});
        std::vector<json::object> answers;
        for (int row = 0; row < done.rows(); ++row)
            answers.push_back(
                {{"outcome", done.text(row, 0)},
                 {"answer", done.is_null(row, 1) ? json::value() : json::parse(done.text(row, 1))},
                 {"event", done.text(row, 2)}});
        return answers;
    }

    std::string done(json::object const& asked)
    {
        return std::string(act({asked}).front().at("outcome").as_string());
    }

    std::string sql(std::string const& question)
    {
        auto const found = connection.exec(question);
        return found.rows() == 0 || found.is_null(0, 0) ? std::string() : std::string(found.text(0, 0));
    }

    // How somebody stands now: "waitlisted 2".
    std::string standing(std::string const& name)
    {
        auto const found = connection.exec_params("select concat_ws(' ', status, queue_position(r)) from "
                                                  "registration r where token_hash = decode($1, 'hex')",
                                                  {token_hash(name)});
        return found.rows() == 0 ? std::string() : std::string(found.text(0, 0));
    }

    std::string log()
    {
        return sql("select string_agg(concat_ws(' ', r.name, why, from_status || '>' || to_status), ', ' "
                   "order by promotion_id) "
                   "from promotion p join registration r using (registration_id)");
    }

    // What is not as it should be of counters, log and queue; empty when all is well.
    std::string flaws() { return flaws_seen_by(connection); }
    static std::string flaws_seen_by(db::Connection& connection);

    TestDatabase db = database();
    db::Connection connection;
    std::int64_t event;
    std::string at = now;
    json::value offer; // null: theirs at once
};

inline std::string SeatsTest::flaws_seen_by(db::Connection& connection)
{
    auto const found = connection.exec(R"(
        select string_agg(flaw, '; ') from (
        select format('counter of %s: %s', event, counter) as flaw from counter_flaws()
        union all
        select format('seated in session %s without a seat in the event', su.session_id)
          from session_signup su join registration r using (event_id, registration_id)
         where su.status = 'confirmed' and r.status <> 'confirmed'
        union all
        select format('log of event %s', event_id) from event_counter c
         where version <> 1 + (select count(*) from change l where l.event_id = c.event_id)
        union all
        select format('offer of %s', name) from registration where (status = 'offered') <> (offer_expires_at is not null)) all_flaws)");
    return found.is_null(0, 0) ? std::string() : std::string(found.text(0, 0));
}

}
