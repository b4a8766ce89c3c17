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
