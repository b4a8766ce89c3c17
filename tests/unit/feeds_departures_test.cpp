#include "db/database.h"
#include "feeds/departures_ledger.h"
#include "feeds/departures_store.h"
#include "feeds_samples.h"
#include "test_database.h"

namespace kutsu::feeds
{
namespace
{

using namespace samples;

// What the log's reader does after a change, without the database.
void note(World& world, events::Picture const& before)
{
    auto const known = world.shelf.departures();
    auto const news = compare(before, *world.catalogue.picture(), *known, world.clock.now());
    world.shelf.set_departures(std::make_shared<Departures const>(apply_movements(*known, news)));
}

void replace_and_note(World& world, events::Event changed)
{
    auto const before = world.catalogue.picture();
    world.replace(std::move(changed));
    note(world, *before);
}

events::Event without_first_session()
{
    auto made = with_sessions();
    made.sessions.erase(made.sessions.begin());
    return made;
}

TEST(Departures, keep_a_removed_session_as_cancelled)
{
    World world;
    world.hold({with_sessions()});
    auto const before = world.get("/calendar/events/ev-sem-spring.ics");

    replace_and_note(world, without_first_session());
    auto const bytes = world.feed("/calendar/events/ev-sem-spring.ics?lang=en");

    EXPECT_EQ(of_entry(bytes, "s-1", "STATUS:"), "CANCELLED");
    EXPECT_EQ(of_entry(bytes, "s-1", "SUMMARY"), ";LANGUAGE=en:CANCELLED: A talk");
    EXPECT_EQ(of_entry(bytes, "s-1", "SEQUENCE:"), "1");
    EXPECT_EQ(of_entry(bytes, "s-1", "DTSTAMP:"), "20270503T060000Z");
    EXPECT_EQ(of_entry(bytes, "s-1", "DTSTART"), ";TZID=Europe/Helsinki:20270527T090000");
    EXPECT_EQ(of_entry(bytes, "s-1", "RELATED-TO"), ";RELTYPE=PARENT:ev-sem-spring@kutsu.example");
    EXPECT_EQ(of_entry(bytes, "s-1", "DESCRIPTION"), "(none)");
    EXPECT_EQ(of_entry(bytes, "s-2", "STATUS:"), "CONFIRMED");
    EXPECT_NE(header(world.get("/calendar/events/ev-sem-spring.ics"), "ETag"), header(before, "ETag"));
    EXPECT_TRUE(entry(world.feed("/calendar/events.ics"), "s-1").empty());
    EXPECT_FALSE(entry(world.feed("/calendar/events.ics?sessions=1"), "s-1").empty());
}

TEST(Departures, are_forgotten_90_days_after_the_end)
{
    World world;
    world.hold({with_sessions()});
    replace_and_note(world, without_first_session());

    world.clock.set(instant("2027-08-25T23:59:59Z"));
    EXPECT_FALSE(entry(world.feed("/calendar/events/ev-sem-spring.ics"), "s-1").empty());
    world.clock.set(instant("2027-08-26T00:00:00Z"));
    EXPECT_TRUE(entry(world.feed("/calendar/events/ev-sem-spring.ics"), "s-1").empty());
    EXPECT_FALSE(entry(world.feed("/calendar/events/ev-sem-spring.ics"), "s-2").empty());
}

TEST(Departures, end_when_the_session_comes_back)
{
    World world;
    world.hold({with_sessions()});
    replace_and_note(world, without_first_session());

    auto back = with_sessions();
    back.sessions[0].calendar_sequence = 2;
    replace_and_note(world, back);

    EXPECT_EQ(of_entry(world.feed("/calendar/events/ev-sem-spring.ics"), "s-1", "STATUS:"), "CONFIRMED");
    EXPECT_TRUE(world.shelf.departures()->empty());
}

TEST(Departures, of_a_hidden_event_stay_without_its_words)
{
    World world;
    world.hold({with_sessions()});
    auto hidden = with_sessions();
    hidden.visibility = "closed";
    hidden.title = text({{"en", "A secret"}});

    replace_and_note(world, hidden);

    for (auto const* target :
         {"/calendar/events.ics?sessions=1&lang=en", "/calendar/events/ev-sem-spring.ics?lang=en",
          "/calendar/kinds/seminar.ics?sessions=1&lang=en", "/calendar/cities/joensuu.ics?sessions=1&lang=en",
          "/calendar/projects/prj-silta2.ics?sessions=1&lang=en"}) {
        auto const bytes = world.feed(target);
        EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "STATUS:"), "CANCELLED") << target;
        EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "SUMMARY"),
                  ";LANGUAGE=en:CANCELLED: No longer in this calendar");
        EXPECT_EQ(of_entry(bytes, "ev-sem-spring", "URL"), "(none)");
        EXPECT_EQ(of_entry(bytes, "s-1", "SUMMARY"), ";LANGUAGE=en:CANCELLED: No longer in this calendar");
        for (auto const* never : {"secret", "Spring", "Shcherbinina", "Jokiranta", "A talk"})
            EXPECT_EQ(bytes.find(never), bytes.npos) << never;
    }
}

TEST(Departures, of_sessions_lose_their_titles_when_the_event_is_hidden_later)
{
    auto const database = test::database();
    db::Database db(database.conninfo(), 1);
    World world;
    DeparturesLedger ledger(db, world.catalogue, world.clock, world.shelf);
    world.hold({with_sessions()});
    ledger.note_changes();
    world.replace(without_first_session());
    ledger.note_changes();
    auto hidden = without_first_session();
    hidden.visibility = "closed";

    world.replace(hidden);
    ledger.note_changes();
    auto const bytes = world.feed("/calendar/events/ev-sem-spring.ics?lang=en");

    EXPECT_EQ(of_entry(bytes, "s-1", "SUMMARY"), ";LANGUAGE=en:CANCELLED: No longer in this calendar");
    EXPECT_EQ(of_entry(bytes, "s-1", "SEQUENCE:"), "2");
    EXPECT_EQ(of_entry(bytes, "s-1", "DTSTAMP:"), "20270503T060001Z");
    EXPECT_EQ(of_entry(bytes, "s-1", "URL"), "(none)");
    EXPECT_EQ(bytes.find("A talk"), bytes.npos);
    EXPECT_EQ(db.read_now(store::load_departures), *world.shelf.departures());
}

TEST(Departures, of_an_event_end_in_410_and_an_unknown_one_is_404)
{
    World world;
    world.hold({event()});
    auto const before = world.catalogue.picture();
    world.catalogue.remove("ev-sem-spring", world.clock.now());
    note(world, *before);

    EXPECT_EQ(world.get("/calendar/events/ev-sem-spring.ics").status, 200);
    world.clock.set(instant("2027-08-26T00:00:00Z"));
    EXPECT_EQ(world.get("/calendar/events/ev-sem-spring.ics").status, 410);
    EXPECT_EQ(world.get("/calendar/events/ev-other.ics").status, 404);
    EXPECT_FALSE(entry(world.feed("/calendar/events.ics"), "calendar-empty").empty());
    EXPECT_EQ(header(world.get("/calendar/events.ics"), "Last-Modified"), "Thu, 26 Aug 2027 00:00:00 GMT");
}

TEST(Departures, of_an_event_that_moved_to_another_city_are_only_in_the_first)
{
    World world;
    world.hold({event()});
    auto moved = event();
    moved.venue->city = "Petropavl";
    moved.venue->city_slug = "petropavl";
    moved.calendar_sequence = 1;
    moved.calendar_modified = world.clock.now();

    replace_and_note(world, moved);

    EXPECT_EQ(of_entry(world.feed("/calendar/cities/joensuu.ics"), "ev-sem-spring", "STATUS:"), "CANCELLED");
    EXPECT_EQ(of_entry(world.feed("/calendar/cities/petropavl.ics"), "ev-sem-spring", "STATUS:"),
              "CONFIRMED");
    EXPECT_EQ(of_entry(world.feed("/calendar/events.ics"), "ev-sem-spring", "STATUS:"), "CONFIRMED");
}

TEST(Departures, of_what_was_never_public_do_not_exist)
{
    World world;
    auto draft = with_sessions();
    draft.status = "draft";
    world.hold({draft, event("ev-b")});

    auto changed = draft;
    changed.sessions.clear();
    replace_and_note(world, changed);
    changed.visibility = "closed";
    replace_and_note(world, changed);

    EXPECT_TRUE(world.shelf.departures()->empty());
}

TEST(Departures, are_the_same_for_every_process_once_stored)
{
    auto const database = test::database();
    db::Database db(database.conninfo(), 1);
    World world;
    world.hold({with_sessions()});
    auto const before = world.catalogue.picture();
    world.replace(without_first_session());
    auto const first = compare(*before, *world.catalogue.picture(), {}, world.clock.now());
    auto const later =
        compare(*before, *world.catalogue.picture(), {}, world.clock.now() + std::chrono::seconds(2));

    auto const stored = db.write_now(store::save_movements, first).value();
    auto const again = db.write_now(store::save_movements, later).value();

    EXPECT_EQ(stored, first.left);
    EXPECT_EQ(again, first.left);
    EXPECT_EQ(db.read_now(store::load_departures), first.left);
}

TEST(Departures, grow_by_feeds_and_go_when_all_is_back)
{
    auto const database = test::database();
    db::Database db(database.conninfo(), 1);
    auto const at = instant("2027-05-03T06:00:00Z");
    events::Picture only, moved, none;
    auto const here = shared(event());
    auto elsewhere_event = event();
    elsewhere_event.venue->city_slug = "petropavl";
    auto const elsewhere = shared(std::move(elsewhere_event));
    only.by_slug = {here};
    only.by_start = {here};
    moved.by_slug = {elsewhere};
    moved.by_start = {elsewhere};

    auto known = db.write_now(store::save_movements, compare(only, moved, {}, at)).value();
    EXPECT_EQ(known.at(0).feeds, (std::vector<std::string>{"cities/joensuu"}));
    known = db.write_now(store::save_movements, compare(moved, none, known, at)).value();
    EXPECT_EQ(known.at(0).feeds,
              (std::vector<std::string>{"cities/joensuu", "cities/petropavl", "events",
                                        "events/ev-sem-spring", "kinds/seminar", "projects/prj-silta2"}));
    known = db.write_now(store::save_movements, compare(none, only, known, at)).value();
    EXPECT_EQ(known.at(0).feeds, (std::vector<std::string>{"cities/petropavl"}));
    known = db.write_now(store::save_movements, compare(only, moved, known, at)).value();
    EXPECT_EQ(known.at(0).feeds, (std::vector<std::string>{"cities/joensuu"}));
    known = db.write_now(store::save_movements, compare(none, only, known, at)).value();
    EXPECT_TRUE(known.empty());
}

TEST(Departures, outlive_the_server)
{
    auto const database = test::database();
    db::Database db(database.conninfo(), 1);
    {
        World world;
        DeparturesLedger ledger(db, world.catalogue, world.clock, world.shelf);
        world.hold({with_sessions()});
        ledger.note_changes();
        world.replace(without_first_session());
        ledger.note_changes();
        EXPECT_EQ(of_entry(world.feed("/calendar/events/ev-sem-spring.ics"), "s-1", "STATUS:"), "CANCELLED");
    }

    World after;
    DeparturesLedger ledger(db, after.catalogue, after.clock, after.shelf);
    after.hold({without_first_session()});
    ledger.note_changes();
    EXPECT_EQ(of_entry(after.feed("/calendar/events/ev-sem-spring.ics"), "s-1", "STATUS:"), "CANCELLED");

    World back;
    DeparturesLedger another(db, back.catalogue, back.clock, back.shelf);
    back.hold({with_sessions()});
    another.note_changes();
    EXPECT_EQ(of_entry(back.feed("/calendar/events/ev-sem-spring.ics"), "s-1", "STATUS:"), "CONFIRMED");
    EXPECT_TRUE(db.read_now(store::load_departures).empty());
}

TEST(Departures, are_shown_while_the_database_is_away)
{
    auto const database = test::database();
    World world;
    auto db = std::make_unique<db::Database>(database.conninfo(), 1);
    DeparturesLedger ledger(*db, world.catalogue, world.clock, world.shelf);
    world.hold({with_sessions()});
    ledger.note_changes();
    auto connection = database.connect();
    connection.exec("alter table feed_tombstone rename to elsewhere");

    world.replace(without_first_session());
    ledger.note_changes();
    EXPECT_EQ(of_entry(world.feed("/calendar/events/ev-sem-spring.ics"), "s-1", "STATUS:"), "CANCELLED");

    connection.exec("alter table elsewhere rename to feed_tombstone");
    ledger.note_changes();
    EXPECT_EQ(db->read_now(store::load_departures), *world.shelf.departures());
    EXPECT_EQ(world.shelf.departures()->size(), 1u);
}

}
}
