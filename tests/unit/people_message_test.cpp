#include "pages_samples.h"
#include "registration/people_message.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

MessageWords words(std::string const& body, std::string const& subject = "Hello")
{
    MessageWords made;
    made.subject["en"] = subject;
    made.body["en"] = body;
    return made;
}

Person anna()
{
    Person person;
    person.name = "Anna {event} Bell";
    person.language = "en";
    person.status = "waitlisted";
    return person;
}

TEST(PeopleMessage, PlacesAreFilledOnceAndOnlyOurs)
{
    auto const event = samples::spring();

    auto const letter = filled(
        words("Dear {name},\n{status} for {event} at {place}, {date}. {organisation}."), anna(), event, "fi");

    EXPECT_EQ(letter.subject, "Hello");
    EXPECT_EQ(letter.body.substr(0, 42), "Dear Anna {event} Bell,\nwaiting for Spring") << letter.body;
    EXPECT_NE(letter.body.find("at Jokiranta House, "), std::string::npos) << letter.body;
    EXPECT_EQ(letter.body.find("{name}"), std::string::npos);
}

TEST(PeopleMessage, AnUnknownPlaceIsNamedWithItsLine)
{
    auto const errors = flaws(words("Dear {name},\n\nyour {shoe} and {passport"));

    ASSERT_EQ(errors.size(), 2U);
    EXPECT_EQ(errors[0].field, "body.en");
    EXPECT_EQ(errors[0].message, "people.message.unknown_place");
    EXPECT_EQ(std::get<std::string>(errors[0].arguments[0].value), "shoe");
    EXPECT_EQ(std::get<std::int64_t>(errors[0].arguments[1].value), 3);
    EXPECT_EQ(std::get<std::string>(errors[1].arguments[0].value), "passport");
    EXPECT_TRUE(flaws(words("Fine {name}")).empty());
}

TEST(PeopleMessage, HalvesAndLengthsAreChecked)
{
    auto const fields = [](MessageWords const& message) {
        std::vector<std::string> names;
        for (auto const& error : flaws(message))
            names.push_back(error.field);
        return names;
    };
    using Names = std::vector<std::string>;
    EXPECT_EQ(fields({}), Names{"body"});
    MessageWords half;
    half.subject["fi"] = "x";
    half.body["ru"] = "y";
    EXPECT_EQ(fields(half), (Names{"body.fi", "subject.ru"}));
    EXPECT_EQ(fields(words("x", std::string(201, 's'))), Names{"subject.en"});
    EXPECT_EQ(fields(words(std::string(10'001, 's'))), Names{"body.en"});
}

TEST(PeopleMessage, EverybodyGetsALanguageThatIsWritten)
{
    MessageWords message;
    message.body = {{"en", "x"}, {"ru", "y"}};
    EXPECT_EQ(message.language_for("ru", "fi"), "ru");
    EXPECT_EQ(message.language_for("fi", "ru"), "ru");
    EXPECT_EQ(message.language_for("fi", "fi"), "en");
}

}
}
