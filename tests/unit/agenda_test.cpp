#include "agenda/agenda.h"

#include <gtest/gtest.h>

namespace kutsu::agenda
{
namespace
{

constexpr char const* zone = "Europe/Helsinki";

Session session(std::string id, std::string_view starts, std::string_view ends, std::string room = "hall")
{
    Session made;
    made.session_id = 1;
    made.id = std::move(id);
    made.version = 3;
    made.kind = "talk";
    made.status = "confirmed";
    made.time_zone = zone;
    made.starts_local = parse_local(starts).value();
    made.ends_local = parse_local(ends).value();
    made.starts_at = to_instant(made.starts_local, zone)->at;
    made.ends_at = to_instant(made.ends_local, zone)->at;
    made.room = std::move(room);
    return made;
}

std::vector<Session> day()
{
    return {session("a", "2027-05-27T09:00", "2027-05-27T09:30"),
            session("b", "2027-05-27T09:30", "2027-05-27T10:15"),
            session("c", "2027-05-27T10:15", "2027-05-27T11:00", "cabinet")};
}

Result<Edited> edited(char const* ops)
{
    auto const operations = decode_operations({{"ops", json::parse(ops)}});
    if (!operations)
        return std::unexpected(operations.error());
    return apply(day(), *operations, zone, {"hall", "cabinet"}, {"new"});
}

std::string summary(Result<Edited> const& result)
{
    if (!result)
        return std::string(wire_name(result.error().name));
    std::string text;
    for (auto const& each : result->sessions)
        text += each.id + " " + format_local(each.starts_local).substr(11) + "-" +
                format_local(each.ends_local).substr(11) + " " + each.room + " " + each.status + " v" +
                std::to_string(each.version) + "; ";
    return text;
}

TEST(Agenda, a_moved_session_keeps_its_length_and_gets_a_version)
{
    EXPECT_EQ(
        summary(edited(
            R"([{"op":"move","session":"b","version":3,"starts_local":"2027-05-27T13:00","room":"cabinet"}])")),
        "b 13:00-13:45 cabinet confirmed v4; ");
    EXPECT_EQ(
        summary(edited(
            R"([{"op":"move","session":"b","version":3,"starts_at":"2027-05-27T13:00:00+03:00","ends_at":"2027-05-27T14:00:00+03:00"}])")),
        "b 13:00-14:00 hall confirmed v4; ");
}

TEST(Agenda, an_edit_of_an_older_version_is_told_the_truth)
{
    auto const result =
        edited(R"([{"op":"move","session":"b","version":2,"starts_local":"2027-05-27T13:00"}])");

    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().name, ProblemName::conflict);
    EXPECT_EQ(result.error().current, (json::object{{"session", "b"}, {"version", 3}}));
}

TEST(Agenda, times_that_do_not_exist_or_come_twice_are_refused)
{
    EXPECT_EQ(
        summary(edited(R"([{"op":"move","session":"b","version":3,"starts_local":"2027-03-28T03:30"}])")),
        "validation");
    EXPECT_EQ(
        summary(edited(R"([{"op":"move","session":"b","version":3,"starts_local":"2027-10-31T03:30"}])")),
        "validation");
    EXPECT_EQ(summary(edited(
                  R"([{"op":"move","session":"b","version":3,"starts_at":"2027-10-31T03:30:00+02:00"}])")),
              "b 03:30-04:15 hall confirmed v4; ");
}

TEST(Agenda, an_end_before_the_start_is_refused)
{
    EXPECT_EQ(summary(edited(R"([{"op":"move","session":"b","version":3,"ends_local":"2027-05-27T09:30"}])")),
              "validation");
}

TEST(Agenda, running_late_shifts_what_is_still_ahead_in_the_room)
{
    EXPECT_EQ(
        summary(edited(R"([{"op":"shift","minutes":15,"after":"2027-05-27T06:30:00Z","room":"hall"}])")),
        "b 09:45-10:30 hall confirmed v4; ");
    EXPECT_EQ(summary(edited(R"([{"op":"shift","minutes":15,"after":"2027-05-27T06:30:00Z"}])")),
              "b 09:45-10:30 hall confirmed v4; c 10:30-11:15 cabinet confirmed v4; ");
}

TEST(Agenda, sessions_change_places)
{
    EXPECT_EQ(summary(edited(R"([{"op":"swap","session":"a","version":3,"with":"c","with_version":3}])")),
              "a 10:15-11:00 cabinet confirmed v4; c 09:00-09:30 hall confirmed v4; ");
}

TEST(Agenda, adds_and_removes)
{
    EXPECT_EQ(summary(edited(R"([{"op":"remove","session":"a","version":3},
        {"op":"add","kind":"break","title":{"fi":"Tauko"},"starts_local":"2027-05-27T09:00","ends_local":"2027-05-27T09:20"}])")),
              "a 09:00-09:30 hall removed v4; new 09:00-09:20  confirmed v1; ");
}

TEST(Agenda, is_all_or_nothing)
{
    EXPECT_EQ(summary(edited(R"([{"op":"move","session":"a","version":3,"starts_local":"2027-05-27T13:00"},
                                 {"op":"remove","session":"nowhere","version":1}])")),
              "not-found");
    EXPECT_EQ(summary(edited(R"([{"op":"move","session":"a","version":3,"room":"attic"}])")), "validation");
}

TEST(Agenda, reports_every_malformed_operation)
{
    auto const operations = decode_operations(
        {{"ops", json::parse(R"([{"op":"fly"},{"op":"move","session":"a"},{"op":"shift","minutes":0},7])")}});

    ASSERT_FALSE(operations);
    std::vector<std::string> fields;
    for (auto const& error : operations.error().errors)
        fields.push_back(error.field);
    EXPECT_EQ(fields, (std::vector<std::string>{"ops.0.op", "ops.1.version", "ops.2.minutes", "ops.3"}));
}

}
}
