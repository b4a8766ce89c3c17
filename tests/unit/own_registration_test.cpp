// What owners of a link may ask for: the pure rules.
#include "pages_samples.h"
#include "registration/own_registration.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

std::vector<std::string> fields_of(Problem const& problem)
{
    std::vector<std::string> fields;
    for (auto const& error : problem.errors)
        fields.push_back(error.field);
    return fields;
}

json::object object(std::string_view text)
{
    return json::parse(text).as_object();
}

TEST(OwnTransfer, ReadsThePersonAndLeavesWhatIsAbsent)
{
    auto const transfer = decode_transfer(
        object(R"({"token": "x", "name": "  Boris  Petrov ", "email": "boris@example.org"})"));

    ASSERT_TRUE(transfer);
    EXPECT_EQ(transfer->name, "Boris Petrov");
    EXPECT_EQ(transfer->email, "boris@example.org");
    EXPECT_FALSE(transfer->language);
    EXPECT_FALSE(transfer->organisation);
}

TEST(OwnTransfer, NamesEveryMistakeAtOnce)
{
    struct Case
    {
        char const* body;
        std::vector<std::string> fields;
    };
    for (auto const& [body, fields] : std::vector<Case>{
             {R"({})", {"name", "email"}},
             {R"({"name": "", "email": "nobody"})", {"name", "email"}},
             {R"({"name": 7, "email": null})", {"name", "email"}},
             {R"({"name": "A", "email": "a@example.org", "language": "sv"})", {"language"}},
             {R"({"name": "A", "email": "a@example.org", "seats": 3})", {"seats"}},
             {R"({"name": "A", "email": "a@example.org\r\nBcc: b@example.org"})", {"email"}},
         }) {
        auto const transfer = decode_transfer(object(body));
        ASSERT_FALSE(transfer) << body;
        EXPECT_EQ(fields_of(transfer.error()), fields) << body;
    }
}

TEST(OwnTransfer, IsForActiveRegistrationsOfWhatIsAhead)
{
    auto const event = std::make_shared<events::Event const>(samples::spring());
    auto const before = parse_instant("2027-05-03T06:00:00Z").value();
    auto cancelled = *event;
    cancelled.status = "cancelled";

    for (auto const* status : {"confirmed", "waitlisted", "pending", "offered"})
        EXPECT_TRUE(may_transfer(samples::own(status), event, before)) << status;
    for (auto const* status : {"cancelled", "declined"})
        EXPECT_EQ(may_transfer(samples::own(status), event, before).error().name, ProblemName::conflict);
    EXPECT_EQ(may_transfer(samples::own(), event, event->span.ends.at).error().name, ProblemName::closed);
    EXPECT_EQ(
        may_transfer(samples::own(), std::make_shared<events::Event const>(cancelled), before).error().name,
        ProblemName::closed);
}

TEST(OwnCancelling, KeepsAReasonOfBoundedLength)
{
    EXPECT_EQ(tidy_reason("").value(), std::nullopt);
    EXPECT_EQ(tidy_reason("  \n ").value(), std::nullopt);
    EXPECT_EQ(tidy_reason(" ill,\n sorry ").value(), "ill, sorry");
    EXPECT_TRUE(tidy_reason(std::string(500, 'x')));
    EXPECT_EQ(fields_of(tidy_reason(std::string(501, 'x')).error()), std::vector<std::string>{"reason"});
}

TEST(OwnLostLink, TakesAnAddressAndPerhapsAnEvent)
{
    EXPECT_TRUE(decode_lost_link(object(R"({"email": "аня@пример.рф"})")));
    EXPECT_EQ(decode_lost_link(object(R"({"email": "a@example.org", "event": "ev"})"))->event, "ev");
    EXPECT_EQ(fields_of(decode_lost_link(object(R"({"email": "nobody"})")).error()),
              std::vector<std::string>{"email"});
    EXPECT_EQ(fields_of(decode_lost_link(object(R"({"email": "a@example.org", "all": true})")).error()),
              std::vector<std::string>{"all"});
}

TEST(OwnExport, TellsWhatHappenedInOrderAndSpeaksPlainly)
{
    auto const held = object(R"({
        "event": {"slug": "ev", "title": {"fi": {"text": "Seminaari", "status": "approved"}}},
        "registration": {"name": "Anna", "status": "cancelled", "offer_expires_at_ms": null},
        "created_at_ms": 1000, "changed_at_ms": 5000, "cancelled_at_ms": 5000,
        "answers": [{"key": "diet", "question": {"fi": {"text": "Ruokavalio", "status": "approved"}}, "value": "x"}],
        "sessions": [], "mails": [{"kind": "confirmed", "at_ms": 1000}, {"kind": "cancelled", "at_ms": 5000}],
        "handed_on_at_ms": [3000]})");

    auto const out = export_of(held, from_ms(9000));

    std::vector<std::string> happened;
    for (auto const& each : out.at("timeline").as_array())
        happened.emplace_back(each.at("what").as_string());
    EXPECT_EQ(happened, (std::vector<std::string>{"registered", "mail", "handed_on", "mail", "ended"}));
    EXPECT_EQ(out.at("event").at("title").at("fi").as_string(), "Seminaari");
    EXPECT_EQ(out.at("answers").at(0).at("question").at("fi").as_string(), "Ruokavalio");
    EXPECT_EQ(out.at("created_at").as_string(), "1970-01-01T00:00:01Z");
    EXPECT_EQ(out.at("exported_at").as_string(), "1970-01-01T00:00:09Z");
    EXPECT_FALSE(out.contains("created_at_ms"));
}

}
}
