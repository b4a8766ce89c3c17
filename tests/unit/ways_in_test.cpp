// Ways in as the database decides them: invitations, approval, and seats kept for organisations.
#include "base/code.h"
#include "registration/desk.h"
#include "seats_fixture.h"

namespace kutsu::registration::test
{
namespace
{

class WaysInTest : public SeatsTest
{
protected:
    WaysInTest() { set_form("admission = 'invitation'"); }

    void invite(std::string const& code, int seats, std::string const& more = "null::timestamptz, 'invited'")
    {
        connection.exec(fmt::format(R"(
            insert into invitation (event_id, public_id, code_hash, is_personal, seats, created_at, expires_at, state,
                                    expires_local, time_zone)
            select {}, '{}', code_hash('{}'), false, {}, '2027-05-01Z', e.at, e.state,
                   case when e.at is not null then timestamp '2027-05-02' end, case when e.at is not null then 'UTC' end
              from (values ({})) as e (at, state))",
                                    event, "i-" + to_hex(sha256(code)).substr(0, 8), code, seats, more));
    }

    std::string with_code(std::string const& name, std::string const& code, int companions = 0)
    {
        auto row = request(event, {name, companions}, offer);
        row["invitation"] = code;
        auto const answer =
            connection.exec_params("select outcome, answer ->> 'status' from desk_submit($1, $2)",
                                   {at, json::serialize(json::array{row})});
        return answer.is_null(0, 1) ? std::string(answer.text(0, 0)) : std::string(answer.text(0, 1));
    }

    std::string invitation_now() { return sql("select concat_ws(' ', state, used) from invitation"); }

    void keep_seats(int seats, std::string const& id = "org")
    {
        ASSERT_EQ(sql(fmt::format("select reserve_seats({}, {})", event, seats)), "t");
        connection.exec(fmt::format(R"(
            insert into allotment (event_id, public_id, organisation, contact_name, contact_email, language, seats,
                                   until_local, time_zone, until_at, token_hash, created_at)
            values ({}, '{}', 'Org', 'C', 'c@example.org', 'fi', {}, '2027-05-10', 'Europe/Helsinki', '2027-05-09T21:00Z',
                    sha256('{}'), '2027-05-01Z'))",
                                    event, id, seats, id));
    }

    std::string seat(std::string const& name, std::string const& email = {})
    {
        auto const row = request(event, {name, 0, {}, {}, {}, email}, nullptr);
        auto const done = connection.exec_params(
            "select allotment_seat(allotment_id, $1, $2) from allotment order by 1 limit 1",
            {json::serialize(row), at});
        return std::string(done.text(0, 0));
    }

    std::string unseat(std::string const& name)
    {
        return sql(fmt::format("select allotment_unseat(allotment_id, '{}', '{}') from allotment",
                               public_id(name), at));
    }

    std::string release()
    {
        return sql(fmt::format(
            "select allotment_end(allotment_id, 'released', 'clock', null, '{}') from allotment", at));
    }

    std::string counter()
    {
        return sql(fmt::format(
            "select concat_ws(' ', taken, confirmed, waiting) from event_counter where event_id = {}",
            event));
    }
};

TEST_F(WaysInTest, ACodeIsHashedHereAsInTheDatabase)
{
    for (auto const* typed : {"K7QM-4XHP-2RTB", " k7qm 4xhp 2rtb", "k7qm4xhp2rtb\t"})
        EXPECT_EQ(sql(fmt::format("select encode(code_hash('{}'), 'hex')", typed)),
                  code_hash("K7QM4XHP2RTB"));
}

TEST_F(WaysInTest, CodesCannotBeFoundByTrying)
{
    FixedClock clock{parse_instant(now).value()};
    Keys const keys{};
    DeskOptions options;
    options.wrong_codes_a_minute = 2;
    Desk desk(db.conninfo(), clock, keys, [] {}, options);

    for (int i = 0; i < 5; ++i) { // right ones do not count
        EXPECT_TRUE(desk.admit_code("203.0.113.9"));
        desk.code_was_right("203.0.113.9");
    }
    EXPECT_TRUE(desk.admit_code("203.0.113.9"));
    EXPECT_TRUE(desk.admit_code("203.0.113.9"));
    auto const refused = desk.admit_code("203.0.113.9");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().name, ProblemName::too_many_requests);
    EXPECT_EQ(refused.error().retry_after_ms, 30'000);
    EXPECT_TRUE(desk.admit_code("203.0.113.10"));
    EXPECT_TRUE(desk.admit_code("127.0.0.1")); // a proxy in front, with limits of its own
}

TEST_F(WaysInTest, WithoutACodeThatHoldsNobodyComesIn)
{
    invite("RIGHT", 1);
    invite("LATE", 5, "timestamptz '2027-05-03T05:59Z', 'invited'");
    invite("GONE", 5, "null::timestamptz, 'withdrawn'");

    EXPECT_EQ(submitted({"anna"}), "not_allowed");
    EXPECT_EQ(with_code("anna", ""), "not_allowed");
    EXPECT_EQ(with_code("anna", "WRONG"), "not_allowed");
    EXPECT_EQ(with_code("anna", "LATE"), "not_allowed");
    EXPECT_EQ(with_code("anna", "GONE"), "not_allowed");
    EXPECT_EQ(with_code("anna", "RIGHT", 1), "not_allowed"); // for one, not for two
    EXPECT_EQ(with_code("anna", "ri-ght"), "confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, ACodeOfAnotherEventIsNoCode)
{
    auto const other = make_event("other", 5);
    connection.exec(
        fmt::format("insert into invitation (event_id, public_id, code_hash, is_personal, seats, created_at) "
                    "values ({}, 'i-other', code_hash('OTHER'), false, 5, '2027-05-01Z')",
                    other));

    EXPECT_EQ(with_code("anna", "OTHER"), "not_allowed");
}

TEST_F(WaysInTest, ACodeIsUsedUpAndUsableAgainAfterCancelling)
{
    invite("TWO", 2);

    EXPECT_EQ(with_code("anna", "TWO"), "confirmed");
    EXPECT_EQ(with_code("boris", "TWO"), "confirmed");
    EXPECT_EQ(invitation_now(), "registered 2");
    EXPECT_EQ(with_code("carl", "TWO"), "not_allowed");
    EXPECT_EQ(done(by("anna", "cancel")), "done");
    EXPECT_EQ(invitation_now(), "registered 1");
    EXPECT_EQ(with_code("carl", "TWO"), "confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, TheSameSubmissionAgainUsesACodeOnce)
{
    invite("ONE", 1);

    EXPECT_EQ(with_code("anna", "ONE"), "confirmed");
    EXPECT_EQ(with_code("anna", "ONE"), "confirmed");
    EXPECT_EQ(invitation_now(), "registered 1");
    EXPECT_EQ(sql("select coalesce(invitation, 'nowhere') from registration"),
              "nowhere"); // not kept in clear
}

TEST_F(WaysInTest, ManyAtOnceNeverUseACodeTooOften)
{
    invite("FEW", 3);
    json::array rows;
    for (int i = 0; i < 8; ++i) {
        auto row = request(event, {fmt::format("guest{}", i)}, offer);
        row["invitation"] = "FEW";
        rows.push_back(std::move(row));
    }
    connection.exec_params("select outcome from desk_submit($1, $2)", {at, json::serialize(rows)});

    EXPECT_EQ(invitation_now(), "registered 3");
    EXPECT_EQ(counter(), "3 3 0");
}

TEST_F(WaysInTest, WhoRegistersAnAddressTwiceUsesNoCodeAndIsToldAsANewcomer)
{
    invite("TWO", 2);
    EXPECT_EQ(with_code("anna", "TWO"), "confirmed");
    auto row = request(event, {"stranger", 0, {}, {}, {}, "anna@example.org"}, offer);
    row["invitation"] = "TWO";
    auto const answer = connection.exec_params("select outcome, answer ->> 'status' from desk_submit($1, $2)",
                                               {at, json::serialize(json::array{row})});

    EXPECT_EQ(answer.text(0, 0), "created");
    EXPECT_EQ(answer.text(0, 1), "confirmed");
    EXPECT_EQ(invitation_now(), "registered 1");
}

TEST_F(WaysInTest, AnInvitationSkipsApprovalAndAWrongCodeIsSaid)
{
    set_form("admission = 'approval'");
    invite("RIGHT", 1);

    EXPECT_EQ(submitted({"anna"}), "pending");
    EXPECT_EQ(with_code("boris", "RIGHT"), "confirmed");
    EXPECT_EQ(with_code("carl", "WRONG"), "not_allowed");
}

TEST_F(WaysInTest, AnOpenEventTakesNoOffenceAtACode)
{
    set_form("admission = 'open'");

    EXPECT_EQ(with_code("anna", "WRONG"), "confirmed");
}

TEST_F(WaysInTest, OnlyThoseApprovedBeforeWaitAgainAfterAnEdit)
{
    set_form("admission = 'approval', reapprove_on_edit = true");
    invite("RIGHT", 1);
    submit({{"anna"}});
    EXPECT_EQ(done(decide("anna", "confirmed")), "done");
    EXPECT_EQ(with_code("boris", "RIGHT"), "confirmed");
    json::object const answers{{"changes", {{"answers", {{"size", "small"}}}, {"form_version", 1}}}};

    EXPECT_EQ(done(by("anna", "change", {{"changes", {{"name", "Anna"}}}})), "done");
    EXPECT_EQ(standing("anna"), "confirmed");
    EXPECT_EQ(done(by("anna", "change", answers)), "done");
    EXPECT_EQ(standing("anna"), "pending");
    EXPECT_EQ(done(by("boris", "change", answers)), "done");
    EXPECT_EQ(standing("boris"), "confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, KeptSeatsCountAsTakenAndAreNobodyElses)
{
    set_form("admission = 'open'");
    set_capacity(3);
    keep_seats(2);

    EXPECT_EQ(submitted({"anna"}), "confirmed");
    EXPECT_EQ(submitted({"boris"}), "waitlisted 1");
    EXPECT_EQ(seat("carl"), "seated");
    EXPECT_EQ(seat("dana"), "seated");
    EXPECT_EQ(seat("erik"), "no_seat");
    EXPECT_EQ(counter(), "3 3 1");
    EXPECT_EQ(standing("boris"), "waitlisted 1");
    EXPECT_EQ(sql("select string_agg(kind, ' ' order by outbox_id) from outbox"),
              "confirmed waitlisted confirmed confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, AnEmptySeatStaysTheOrganisationsUntilItsDeadline)
{
    set_form("admission = 'open'");
    set_capacity(2);
    keep_seats(2);
    seat("carl");
    EXPECT_EQ(submitted({"boris"}), "waitlisted 1");

    EXPECT_EQ(unseat("carl"), "removed");
    EXPECT_EQ(standing("carl"), "cancelled");
    EXPECT_EQ(standing("boris"), "waitlisted 1");
    EXPECT_EQ(seat("dana"), "seated");
    EXPECT_EQ(done(by("dana", "cancel")), "done"); // by her own link: the seat goes back to the organisation
    EXPECT_EQ(standing("boris"), "waitlisted 1");
    EXPECT_EQ(seat("erik"), "seated");
    EXPECT_EQ(release(), "1");
    EXPECT_EQ(standing("boris"), "confirmed");
    EXPECT_EQ(standing("erik"), "confirmed");
    EXPECT_EQ(release(), "");
    EXPECT_EQ(log(), "boris released waitlisted>confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, AfterTheDeadlineASeatGoesToTheQueue)
{
    set_form("admission = 'open'");
    set_capacity(1);
    keep_seats(1);
    seat("carl");
    EXPECT_EQ(submitted({"boris"}), "waitlisted 1");
    EXPECT_EQ(release(), "0");

    EXPECT_EQ(done(by("carl", "cancel")), "done");
    EXPECT_EQ(standing("boris"), "confirmed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, AnAddressThatIsRegisteredAlreadyLooksSeatedAndTakesNothing)
{
    set_form("admission = 'open'");
    submit({{"anna"}});
    keep_seats(2);

    EXPECT_EQ(seat("somebody", "ANNA@example.org"), "seated");
    EXPECT_EQ(counter(), "3 1 0");
    EXPECT_EQ(
        sql("select allotment_named(allotment_id) || ' ' || allotment_held(allotment_id) from allotment"),
        "1 0");
    EXPECT_EQ(sql("select recipient from outbox where kind = 'already_registered'"), "anna@example.org");
    EXPECT_EQ(unseat("somebody"), "removed");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, ASeatThatAnOrganiserGaveAwayIsNotKeptASecondTime)
{
    set_form("admission = 'open'");
    set_capacity(2);
    keep_seats(1);
    seat("carl");
    submit({{"anna"}, {"boris"}, {"dana"}}); // two of them wait

    EXPECT_EQ(done(decide("carl", "waitlisted")), "done");
    EXPECT_EQ(standing("boris"), "confirmed");
    EXPECT_EQ(done(by("carl", "cancel")), "done");
    EXPECT_EQ(sql("select seats from allotment"), "0");
    EXPECT_EQ(counter(), "2 2 1");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, APoolThatIsFullKeepsItsLimit)
{
    set_form("admission = 'open'");
    ASSERT_TRUE(set_pools(R"([{"key": "on_site", "by": "attendance", "label": {}, "capacity": 1}])"));
    keep_seats(2);

    EXPECT_EQ(seat("carl"), "seated");
    EXPECT_EQ(seat("dana"), "full");
    EXPECT_EQ(flaws(), "");
}

TEST_F(WaysInTest, ACapacityBelowWhatIsKeptIsRefused)
{
    keep_seats(4);

    EXPECT_EQ(done(deed("set_capacity", {{"capacity", 3}})), "conflict");
    EXPECT_EQ(sql(fmt::format("select reserve_seats({}, 7)", event)), "f");
}

}
}
