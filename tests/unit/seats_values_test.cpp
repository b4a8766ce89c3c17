// Limits as organisers send them, types of participants as guests choose them.
#include "pages_checks.h"
#include "pages_samples.h"
#include "registration/deeds.h"
#include "registration/registration_pages.h"
#include "registration/seats.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

events::Event with_types()
{
    auto event = samples::spring();
    event.form->pools = {
        {"student", "participant_type", samples::text("Opiskelija", "Student", "Студент"), 5, 2},
        {"guest", "participant_type", samples::text("Vieras", "Guest", "Гость"), 5, 0},
        {"remote", "attendance", samples::text("Etänä", "Remote", "Онлайн"), {}, {}}};
    return event;
}

std::string mistakes(json::value const& sent)
{
    auto const change = decode_capacity_change(sent.as_object());
    std::string all;
    if (!change) {
        for (auto const& error : change.error().errors)
            all += error.field + " " + error.message + ";";
    }
    return all;
}

TEST(SeatsValues, ACapacityIsANumberOrNothingForOneLimit)
{
    EXPECT_EQ(mistakes({{"capacity", 0}}), "");
    EXPECT_EQ(mistakes({{"capacity", nullptr}, {"pool", "student"}}), "");
    EXPECT_EQ(mistakes({{"capacity", 1}, {"session", "s-1"}}), "");
    EXPECT_EQ(mistakes({{"capacity", 0}, {"session", "s-1"}}), "capacity field.out_of_range;");
    EXPECT_EQ(mistakes({{"capacity", -1}}), "capacity field.out_of_range;");
    EXPECT_EQ(mistakes({{"capacity", 1'000'001}}), "capacity field.out_of_range;");
    EXPECT_EQ(mistakes({{"capacity", "5"}}), "capacity field.expected_number;");
    EXPECT_EQ(mistakes({{"capacity", 1.5}}), "capacity field.expected_number;");
    EXPECT_EQ(mistakes(json::object()), "capacity field.missing;");
    EXPECT_EQ(mistakes({{"capacity", 5}, {"pool", "a"}, {"session", "b"}}), "pool field.session_or_pool;");
    EXPECT_EQ(mistakes({{"capacity", 5}, {"price", 1}}), "price field.unknown;");
}

TEST(SeatsValues, EveryDeedSaysUntilWhenAFreedSeatIsOffered)
{
    auto event = samples::spring();
    event.event_id = 7;
    event.form->offer_hours = 24;
    auto const now = parse_instant("2027-05-03T06:00:00Z").value();

    auto const asked =
        to_deed(CapacityChange{12, {}, "student", {}}, deed("set_capacity", "user-a", event, now));

    EXPECT_EQ(
        json::serialize(asked),
        R"({"event_id":7,"kind":"set_capacity","actor":"user-a","offer_expires_at":"2027-05-04T06:00:00Z",)"
        R"("capacity":12,"pool":"student"})");
    event.form->offer_hours.reset();
    EXPECT_TRUE(token_deed("cancel", "T", event, now).at("offer_expires_at").is_null());
}

TEST(SeatsValues, WhereThereAreTypesOfParticipantsEverybodyIsOfOne)
{
    auto const mistake = [](std::optional<std::string> const& type, events::Event const& event) {
        std::vector<FieldError> errors;
        check_participant_type(type, event, errors);
        return errors.empty() ? std::string() : errors.front().field + " " + errors.front().message;
    };

    EXPECT_EQ(mistake("student", with_types()), "");
    EXPECT_EQ(mistake({}, with_types()), "participant_type field.missing");
    EXPECT_EQ(mistake("remote", with_types()), "participant_type field.unknown_choice");
    EXPECT_EQ(mistake({}, samples::spring()), "");
    EXPECT_EQ(mistake("student", samples::spring()), "participant_type field.unknown_choice");
}

TEST(SeatsValues, TheFormAsksTheTypeAndSaysWhatIsFree)
{
    auto const event = with_types();
    auto const form = render_form({samples::around("fi"), event, {"fi", {}, {}}, "id", "1.x", {}}).bytes();
    auto const holds = [&](std::string_view part) { return form.find(part) != std::string::npos; };

    EXPECT_TRUE(holds("name=\"participant_type\" value=\"student\""));
    EXPECT_TRUE(holds("2 paikkaa vapaana"));
    EXPECT_TRUE(holds("paikat täynnä, pääset jonoon"));
    EXPECT_FALSE(holds("value=\"remote\""));
    EXPECT_EQ(label_of("en", event, "participant_type"), "You take part as");
    auto const plain =
        render_form({samples::around("fi"), samples::spring(), {"fi", {}, {}}, "id", "1.x", {}}).bytes();
    EXPECT_EQ(plain.find("participant_type"), std::string::npos);
}

TEST(SeatsValues, TheSamePersonOfAnotherTypeIsAnotherSubmission)
{
    Submission submission;
    submission.name = "A";
    auto const before = canonical_contents(submission);
    submission.participant_type = "student";

    EXPECT_NE(canonical_contents(submission), before);
}

}
}
