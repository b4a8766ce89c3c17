#include "transfer_fixture.h"

namespace kutsu::test
{
namespace
{

class TransferKeeping : public TransferStore
{};

TEST_F(TransferKeeping, KeepsWhatItDoesNotKnow)
{
    auto document = small_project();
    auto& root = document.as_object();
    root["weather"] = {{"rain", true}};
    root["guesses"] = {1, nullptr, "x", json::array{}};
    root["nothing"] = nullptr;
    root["series"] = json::array();
    document.at_pointer("/events/0/agenda").as_array()[0].as_object()["mood"] = {{"level", 0.35}};
    document.at_pointer("/events/0").as_object()["slug"] = "small-seminar";
    document.at_pointer("/events/0").as_object()["registration"] = {
        {"opens", {{"tz", "Europe/Helsinki"}, {"local", "2027-05-01T09:00"}, {"note", "after vappu"}}},
        {"waitlist", false}};
    ASSERT_TRUE(import_value(document));

    EXPECT_EQ(without_derived(exported("prj-s")), document);
}

TEST_F(TransferKeeping, CarriesRegistrationsOfGuestsWithoutAPerson)
{
    auto document = small_project();
    document.at_pointer("/events/0").as_object()["registration"] = {{"capacity", 5}};
    document.at_pointer("/events/0/agenda/0").as_object()["sign_up"] = true;
    document.at_pointer("/events/0/agenda/0").as_object()["capacity"] = 4;
    document.as_object()["registrations"] = json::parse(R"([
        {"id": "rg-a", "event": "ev-s", "status": "CONFIRMED", "language": "fi", "name": "Aino Å", "email": "aino@example.org",
         "companions": [{"name": "Eero"}, {"name": "Ilta", "email": "ilta@example.org"}], "answers": {"size": "micro", "n": null},
         "sessions": ["s-s"], "remote": false, "registered_at": "2027-05-01T07:00:00Z"},
        {"id": "rg-b", "event": "ev-s", "status": "CANCELLED", "role": "SPEAKER", "language": "ru", "name": "Пётр",
         "cancelled_at": "2027-05-02T07:00:00Z", "sessions": ["s-s"]},
        {"id": "rg-c", "event": "ev-s", "status": "OFFERED", "language": "en", "name": "Cy", "email": "AINO2@example.org",
         "offer_expires_at": "2027-05-04T07:00:00Z"}])");
    auto const imported = import_value(document);
    ASSERT_TRUE(imported) << imported.error().at(0).path << " " << imported.error().at(0).reason;

    EXPECT_EQ(without_derived(exported("prj-s")), document);
    EXPECT_EQ(ask("select concat_ws(' ', taken, confirmed, waiting) from event_counter"), "4 3 0");
    EXPECT_EQ(ask("select concat_ws(' ', capacity, taken, waiting) from session_counter"), "4 3 0");
}

TEST_F(TransferKeeping, CarriesPoolsAndTheRulesOfSeats)
{
    auto document = small_project();
    document.at_pointer("/events/0").as_object()["registration"] = json::parse(R"(
        {"capacity": 5, "waitlist": true, "group_policy": "SKIP", "session_overlap": "WARN", "hybrid": true,
         "offer_hours": 8, "offer_working_hours": true, "no_reminders": true, "reapprove_on_edit": true,
         "pools": [{"key": "student", "by": "PARTICIPANT_TYPE", "label": {"en": "Students"}, "capacity": 1},
                   {"key": "remote", "by": "ATTENDANCE", "label": {"en": "From afar"}},
                   {"key": "on_site", "by": "ATTENDANCE", "label": {"en": "In the house"}, "capacity": 2}],
         "questions": [{"key": "cv", "type": "FILE", "label": {"en": "Your paper"}, "help": {"en": "PDF"}, "second_step": true},
                       {"key": "n", "type": "NUMBER", "label": {"en": "How many"}, "min": 1, "max": 3}]})");
    document.as_object()["registrations"] = json::parse(R"([
        {"id": "rg-a", "event": "ev-s", "status": "CONFIRMED", "language": "fi", "name": "Aino", "participant_type": "student",
         "remote": true},
        {"id": "rg-b", "event": "ev-s", "status": "CONFIRMED", "language": "fi", "name": "Eero"},
        {"id": "rg-c", "event": "ev-s", "status": "WAITLISTED", "language": "fi", "name": "Ilta", "participant_type": "student"},
        {"id": "rg-d", "event": "ev-s", "status": "WAITLISTED", "language": "fi", "name": "Otso", "participant_type": "student"},
        {"id": "rg-e", "event": "ev-s", "status": "SPEAKER", "language": "fi", "name": "Pyry"}])");
    auto const imported = import_value(document);
    ASSERT_TRUE(imported) << imported.error().at(0).path << " " << imported.error().at(0).reason;

    EXPECT_EQ(without_derived(exported("prj-s")), document);
    EXPECT_EQ(ask("select string_agg(concat_ws(' ', key, capacity, taken, waiting), ', ' order by ordinal) "
                  "from seat_pool"),
              "student 1 1 2, remote 1 0, on_site 2 1 2");

    // Whom an organiser has sent to the end of the queue stays there.
    ask("with c as (update registration set arrival = 100 where public_id = 'rg-c' returning 1) select "
        "count(*) from c");
    auto const later = exported("prj-s");
    EXPECT_EQ(later.at_pointer("/registrations/2/id"), "rg-d");
    EXPECT_EQ(later.at_pointer("/registrations/3/id"), "rg-c");
}

TEST_F(TransferKeeping, RefusesPoolsThatCannotBe)
{
    auto const flaw = [&](std::string const& pools, std::string const& registration) {
        auto document = small_project();
        document.at_pointer("/events/0").as_object()["registration"] = {{"pools", json::parse(pools)}};
        document.as_object()["registrations"] = json::array{json::parse(registration)};
        auto const imported = import_value(document);
        return imported ? std::string() : imported.error().at(0).path + " " + imported.error().at(0).reason;
    };
    std::string const guest =
        R"({"id": "rg-a", "event": "ev-s", "status": "CONFIRMED", "language": "fi", "name": "A", "participant_type": "guest"})";
    auto const pool = [](std::string const& key, std::string const& by, int capacity) {
        return fmt::format(R"([{{"key": "{}", "by": "{}", "label": {{"en": "P"}}, "capacity": {}}}])", key,
                           by, capacity);
    };

    EXPECT_EQ(flaw(pool("guest", "PARTICIPANT_TYPE", 1), guest), "");
    EXPECT_EQ(flaw(pool("guest", "PARTICIPANT_TYPE", 0), guest),
              "$.events[0].registration.pools[0].capacity is 0, but 1 seats are taken");
    EXPECT_EQ(flaw(pool("student", "PARTICIPANT_TYPE", 1), guest),
              "$.registrations[0].participant_type is no pool of participants of this event");
    EXPECT_EQ(flaw(pool("afar", "ATTENDANCE", 1), guest),
              "$.events[0].registration.pools[0].key is neither on_site nor remote");
    EXPECT_EQ(flaw(pool("Guest", "PARTICIPANT_TYPE", 1), guest),
              "$.events[0].registration.pools[0].key is not a small letter and then letters, digits and _, "
              "at most 50");
}

// Whatever passes the checks satisfies every constraint of the database as well: a refusal comes as a list of
// problems, never as an exception. And whatever is stored comes back.
TEST_F(TransferKeeping, StoresWhateverPassesTheChecksAndGivesItBack)
{
    json::array const values = {nullptr,       false,         1, 1e300, "x", "X", "p01", "2027-05-27",
                                json::array{}, json::object{}};
    auto const good = demo("silta-2.json");
    std::vector<std::string> pointers;
    collect(good, "", pointers);
    std::size_t stored = 0;
    for (std::size_t i = 0; i < pointers.size(); i += 97) {
        auto document = good;
        document.at_pointer(pointers[i]) = values[(i * 7 + 3) % values.size()];
        stored += comes_back_equal(document, pointers[i]);
    }
    EXPECT_GT(stored, 10u);
}

}
}
