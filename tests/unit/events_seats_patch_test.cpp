// An event in memory follows changes of seats without the database, and only when they say all.
#include "events/seats_patch.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace kutsu::events
{
namespace
{

namespace json = boost::json;

Event some_event()
{
    Event event;
    event.version = 7;
    event.seats = {10, 4, 0, 6};
    event.form.emplace();
    for (auto const* id : {"s-1", "s-2"}) {
        Session session;
        session.id = id;
        session.sign_up = true;
        session.capacity = 5;
        session.free = 5;
        event.sessions.push_back(session);
    }
    return event;
}

json::value seats(int confirmed, int waitlisted)
{
    return json::parse(R"({"changes": [{"kind": "seats", "seats": {"capacity": 12, "confirmed": )" +
                       std::to_string(confirmed) + R"(, "waitlisted": )" + std::to_string(waitlisted) +
                       R"(, "free": 3}, "sessions": [{"id": "s-2", "capacity": 6, "free": 1}]}]})");
}

TEST(SeatsPatch, the_last_of_several_says_how_things_stand)
{
    auto const first = seats(5, 0);
    auto const second = seats(9, 2);
    auto const next = with_seats(some_event(), {{8, &first}, {9, &second}});

    ASSERT_TRUE(next);
    EXPECT_EQ(next->version, 9);
    EXPECT_EQ(next->seats.capacity, 12);
    EXPECT_EQ(next->seats.confirmed, 9);
    EXPECT_EQ(next->seats.waitlisted, 2);
    EXPECT_EQ(next->seats.free, 3);
    EXPECT_EQ(next->sessions[0].free, 5);
    EXPECT_EQ(next->sessions[1].free, 1);
    EXPECT_EQ(next->sessions[1].capacity, 6);
}

TEST(SeatsPatch, a_gap_another_kind_or_pools_need_the_database)
{
    auto const change = seats(5, 0);
    auto const other = json::parse(R"({"changes": [{"kind": "status", "status": "cancelled"}]})");
    auto const mixed = json::parse(R"({"changes": [{"kind": "seats"}]})");
    EXPECT_FALSE(with_seats(some_event(), {}));
    EXPECT_FALSE(with_seats(some_event(), {{9, &change}})) << "8 is missing";
    EXPECT_FALSE(with_seats(some_event(), {{7, &change}})) << "old news";
    EXPECT_FALSE(with_seats(some_event(), {{8, &change}, {10, &change}}));
    EXPECT_FALSE(with_seats(some_event(), {{8, &other}}));
    EXPECT_FALSE(with_seats(some_event(), {{8, &change}, {9, &other}}));
    EXPECT_FALSE(with_seats(some_event(), {{8, &mixed}})) << "without numbers";
    auto with_pools = some_event();
    with_pools.form->pools.emplace_back();
    EXPECT_FALSE(with_seats(with_pools, {{8, &change}}));
}

}
}
