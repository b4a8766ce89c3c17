#include "feeds_samples.h"

#include <thread>

namespace kutsu::feeds
{
namespace
{

using namespace samples;

std::string value_of(std::string_view bytes, std::string_view beginning)
{
    for (auto const& line : lines(bytes)) {
        if (line.starts_with(beginning))
            return line.substr(beginning.size());
    }
    return "(none)";
}

TEST(Feeds, hold_what_their_address_says)
{
    World world;
    auto press = event("ev-press");
    press.kind = "press-conference";
    auto far = event("ev-far");
    far.venue->city_slug = "petropavl";
    far.project =
        std::make_shared<events::Project const>(events::Project{.id = "prj-other", .acronym = "OTHER"});
    auto draft = event("ev-draft");
    draft.status = "draft";
    auto closed = event("ev-closed");
    closed.visibility = "closed";
    world.hold({event("ev-sem"), press, far, draft, closed});

    auto const ids = [&](std::string_view target) {
        std::vector<std::string> found;
        for (auto const& line : lines(world.feed(target))) {
            if (line.starts_with("UID:"))
                found.push_back(line.substr(4, line.find('@') - 4));
        }
        return found;
    };
    using Ids = std::vector<std::string>;
    EXPECT_EQ(ids("/calendar/events.ics"), (Ids{"ev-far", "ev-press", "ev-sem"}));
    EXPECT_EQ(ids("/calendar/kinds/press-conference.ics"), (Ids{"ev-press"}));
    EXPECT_EQ(ids("/calendar/kinds/workshop.ics"), (Ids{"calendar-empty"}));
    EXPECT_EQ(ids("/calendar/cities/petropavl.ics"), (Ids{"ev-far"}));
    EXPECT_EQ(ids("/calendar/projects/prj-silta2.ics"), (Ids{"ev-press", "ev-sem"}));
    EXPECT_EQ(ids("/calendar/events/ev-far.ics"), (Ids{"ev-far"}));
}

TEST(Feeds, refuse_in_plain_text_what_nobody_has)
{
    World world;
    auto closed = event("ev-closed");
    closed.visibility = "closed";
    world.hold({event(), closed});

    std::pair<std::string_view, int> const cases[] = {
        {"/calendar/events/ev-nothing.ics", 404}, {"/calendar/events/ev-closed.ics", 404},
        {"/calendar/cities/atlantis.ics", 404},   {"/calendar/projects/none.ics", 404},
        {"/calendar/kinds/party.ics", 404},       {"/calendar/events.txt", 404},
        {"/calendar/events.ics?lang=sv", 400},    {"/calendar/events.ics?sessions=yes", 400}};
    for (auto const& [target, status] : cases) {
        auto const response = world.get(target);
        EXPECT_EQ(response.status, status) << target;
        EXPECT_EQ(header(response, "Content-Type"), "text/plain; charset=utf-8") << target;
    }
}

TEST(Feeds, keep_what_ended_less_than_400_days_ago)
{
    World world("2027-05-03T06:00:00Z");
    // The last day that still counts is 2026-03-29: it is 400 days before 2027-05-03.
    world.hold({event("ev-just", span("2026-03-29T09:00", "2026-03-29T12:00")),
                event("ev-old", span("2026-03-28T09:00", "2026-03-28T12:00"))});

    auto const recent = world.feed("/calendar/events.ics");
    EXPECT_FALSE(entry(recent, "ev-just").empty());
    EXPECT_TRUE(entry(recent, "ev-old").empty());
    EXPECT_FALSE(entry(world.feed("/calendar/events.ics?past=all"), "ev-old").empty());
    EXPECT_FALSE(entry(world.feed("/calendar/projects/prj-silta2.ics"), "ev-old").empty());
    EXPECT_FALSE(entry(world.feed("/calendar/events/ev-old.ics"), "ev-old").empty());

    auto const before = header(world.get("/calendar/events.ics"), "ETag");
    world.clock.set(instant("2027-05-03T23:59:59Z"));
    EXPECT_EQ(header(world.get("/calendar/events.ics"), "ETag"), before);
    world.clock.set(instant("2027-05-04T00:00:00Z"));
    EXPECT_TRUE(entry(world.feed("/calendar/events.ics"), "ev-just").empty());
    EXPECT_EQ(header(world.get("/calendar/events.ics"), "Last-Modified"), "Tue, 04 May 2027 00:00:00 GMT");
}

TEST(Feeds, that_hold_nothing_say_so_in_one_entry_that_never_changes)
{
    World world;
    world.hold({});

    auto const bytes = world.feed("/calendar/events.ics?lang=en");

    EXPECT_EQ(of_entry(bytes, "calendar-empty", "SUMMARY"), ";LANGUAGE=en:No events at the moment");
    EXPECT_EQ(of_entry(bytes, "calendar-empty", "DTSTART"), ";VALUE=DATE:20000101");
    EXPECT_EQ(of_entry(bytes, "calendar-empty", "TRANSP:"), "TRANSPARENT");
    world.clock.set(instant("2027-09-01T06:00:00Z"));
    EXPECT_EQ(world.feed("/calendar/events.ics?lang=en"), bytes);
    EXPECT_EQ(
        world.get("/calendar/events.ics", {{"if-modified-since", "Thu, 01 Jan 1970 00:00:00 GMT"}}).status,
        200);
}

TEST(Feeds, before_the_catalogue_is_loaded_ask_for_patience)
{
    World world;

    auto const response = world.get("/calendar/events.ics");

    EXPECT_EQ(response.status, 503);
    EXPECT_NE(header(response, "Retry-After"), "(none)");
}

TEST(Feeds, have_names_in_their_language)
{
    World world;
    world.hold({event()});

    auto const name = [&](std::string_view target) { return value_of(world.feed(target), "X-WR-CALNAME:"); };
    EXPECT_EQ(name("/calendar/events.ics"), "Kutsu – tapahtumat");
    EXPECT_EQ(name("/calendar/events.ics?lang=ru"), "Kutsu – мероприятия");
    EXPECT_EQ(name("/calendar/kinds/seminar.ics?lang=en"), "Kutsu – seminars");
    EXPECT_EQ(name("/calendar/projects/prj-silta2.ics"), "Kutsu – SILTA II");
    EXPECT_EQ(name("/calendar/cities/joensuu.ics?lang=en"), "Kutsu – Joensuu");
    EXPECT_EQ(name("/calendar/events/ev-sem-spring.ics?lang=en"), "Spring seminar");
    for (auto const* kind : {"seminar", "press-conference", "study-trip", "workshop"})
        EXPECT_NE(name(std::string("/calendar/kinds/") + kind + ".ics?lang=ru"), "(none)");
}

TEST(Feeds, stay_as_they_are_when_a_seat_is_taken)
{
    World world;
    world.hold({with_sessions()});
    auto const before = world.get("/calendar/events/ev-sem-spring.ics");

    auto changed = with_sessions();
    changed.seats = {60, 59, 0, 1};
    changed.sessions[0].free = 3;
    world.clock.set(instant("2027-05-03T06:00:05Z"));
    world.replace(changed);
    auto const after = world.get("/calendar/events/ev-sem-spring.ics");

    EXPECT_EQ(header(before, "ETag"), header(after, "ETag"));
    EXPECT_EQ(header(before, "Last-Modified"), header(after, "Last-Modified"));
    EXPECT_EQ(before.body.get(), after.body.get()); // the very same bytes: nothing was made anew
}

TEST(Feeds, change_when_a_session_moves)
{
    World world;
    world.hold({with_sessions()});
    auto const list = header(world.get("/calendar/events.ics"), "ETag");
    auto const before = header(world.get("/calendar/events/ev-sem-spring.ics"), "ETag");

    auto moved = with_sessions();
    moved.sessions[0].span = span("2027-05-27T09:15", "2027-05-27T10:00");
    moved.sessions[0].calendar_sequence = 1;
    moved.sessions[0].calendar_modified = instant("2027-05-03T06:00:01Z");
    world.clock.set(instant("2027-05-03T06:00:02Z"));
    world.replace(moved);
    auto const bytes = world.feed("/calendar/events/ev-sem-spring.ics");

    EXPECT_NE(header(world.get("/calendar/events/ev-sem-spring.ics"), "ETag"), before);
    EXPECT_EQ(header(world.get("/calendar/events/ev-sem-spring.ics"), "Last-Modified"),
              "Mon, 03 May 2027 06:00:01 GMT");
    EXPECT_EQ(of_entry(bytes, "s-1", "DTSTART"), ";TZID=Europe/Helsinki:20270527T091500");
    EXPECT_EQ(of_entry(bytes, "s-1", "SEQUENCE:"), "1");
    EXPECT_EQ(of_entry(bytes, "s-1", "DTSTAMP:"), "20270503T060001Z");
    EXPECT_EQ(of_entry(bytes, "s-2", "SEQUENCE:"), "0");
    EXPECT_EQ(header(world.get("/calendar/events.ics"), "ETag"), list); // sessions are not in it
}

TEST(Feeds, change_twice_in_one_second_without_a_stale_304)
{
    World world;
    auto made = event();
    made.calendar_modified = instant("2027-05-03T06:00:00Z");
    world.hold({made});
    auto const first = header(world.get("/calendar/events.ics"), "Last-Modified");

    made.calendar_modified = instant("2027-05-03T06:00:01Z"); // its clock runs ahead of ours
    made.calendar_sequence = 1;
    world.replace(made);

    auto const second = world.get("/calendar/events.ics", {{"if-modified-since", first}});
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(header(second, "Last-Modified"), first); // never later than Date
}

TEST(Feeds, ask_readers_to_come_more_often_on_the_day)
{
    World world;
    world.hold({event()});

    EXPECT_EQ(value_of(world.feed("/calendar/events.ics"), "REFRESH-INTERVAL;VALUE=DURATION:"), "PT1H");
    world.clock.set(instant("2027-05-27T00:00:00Z"));
    EXPECT_EQ(value_of(world.feed("/calendar/events.ics"), "REFRESH-INTERVAL;VALUE=DURATION:"), "PT15M");
    world.clock.set(instant("2027-05-28T00:00:00Z"));
    EXPECT_EQ(value_of(world.feed("/calendar/events.ics"), "REFRESH-INTERVAL;VALUE=DURATION:"), "PT1H");
    EXPECT_EQ(header(world.get("/calendar/events.ics"), "Last-Modified"), "Fri, 28 May 2027 00:00:00 GMT");
}

TEST(Feeds, are_the_same_in_another_process)
{
    World here, there;
    here.hold({with_sessions(), event("ev-b")});
    there.hold({event("ev-b"), with_sessions()});

    for (auto const* target : {"/calendar/events.ics", "/calendar/events/ev-sem-spring.ics?lang=ru"}) {
        EXPECT_EQ(header(here.get(target), "ETag"), header(there.get(target), "ETag"));
        EXPECT_EQ(header(here.get(target), "Last-Modified"), header(there.get(target), "Last-Modified"));
    }
}

TEST(Feeds, answer_many_threads_while_events_change)
{
    World world;
    world.hold({with_sessions(), event("ev-b")});

    std::vector<std::jthread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&world, i] {
            std::string const target =
                i % 2 == 0 ? "/calendar/events.ics?sessions=1" : "/calendar/events/ev-b.ics";
            for (int n = 0; n < 100; ++n) {
                auto const response = world.get(target, {{"accept-encoding", n % 2 == 0 ? "gzip" : "br"}});
                EXPECT_EQ(response.status, 200);
            }
        });
    }
    for (int n = 1; n <= 50; ++n) {
        auto changed = event("ev-b");
        changed.calendar_sequence = n;
        changed.calendar_modified += std::chrono::seconds(n);
        world.replace(changed);
    }
    readers.clear();

    EXPECT_EQ(of_entry(world.feed("/calendar/events/ev-b.ics"), "ev-b", "SEQUENCE:"), "50");
}

}
}
