#include "base/messages.h"
#include "pages_samples.h"
#include "registration/people.h"
#include "registration/people_export.h"
#include "registration/people_words.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

using Pairs = std::vector<std::pair<std::string, std::string>>;

accounts::Actor with(accounts::Role role)
{
    accounts::Actor actor;
    actor.grants = {{role, accounts::Reach::site, "", {}}};
    return actor;
}

TEST(People, EachRoleSeesAndDoesWhatItNeeds)
{
    using enum accounts::Role;
    struct Row
    {
        accounts::Role role;
        bool people, contacts, manage;
    };
    for (auto const& [role, people, contacts, manage] : std::vector<Row>{
             {owner, true, true, true},
             {organiser, true, true, true},
             {editor, false, false, false},
             {translator, false, false, false},
             {press_officer, false, false, false},
             {travel_officer, true, true, false},
             {door, true, false, false},
             {viewer, true, false, false},
         }) {
        auto const sight = sight_of(with(role), samples::spring());
        EXPECT_EQ(sight.people, people) << accounts::name_of(role);
        EXPECT_EQ(sight.contacts, contacts) << accounts::name_of(role);
        EXPECT_EQ(sight.manage, manage) << accounts::name_of(role);
    }
}

Result<PeopleQuery> read(Pairs pairs, Sight const& sight = {true, true, true})
{
    return read_people_query(net::Fields(std::move(pairs)), samples::spring(), sight, "fi");
}

TEST(People, AQueryIsReadFromAnAddressAndWrittenBack)
{
    Pairs const pairs = {{"q", "щерб"},           {"answer.diet", ""},   {"answer.size", "micro"},
                         {"status", "confirmed"}, {"status", "pending"}, {"tag", "vip"}};
    auto const query = read(pairs).value();
    EXPECT_EQ(pairs_of(query.filter), pairs);
    EXPECT_TRUE(query.descending);
    auto const object = json::parse(R"({"q": "щерб", "status": ["confirmed", "pending"], "answer.diet": [""],
                                        "answer.size": ["micro"], "tag": ["vip"]})")
                            .as_object();
    auto const fields = fields_of(object, "filter").value();
    EXPECT_EQ(read(fields.pairs()).value().filter, query.filter);
    EXPECT_EQ(sort_words(read({{"sort", "name"}}).value()), "name");
}

TEST(People, WhatIsWrongWithAQueryIsNamed)
{
    struct Row
    {
        Pairs pairs;
        std::string field;
    };
    for (auto const& [pairs, field] : std::vector<Row>{
             {{{"status", "asleep"}}, "status"},
             {{{"colour", "red"}}, "colour"},
             {{{"answer.colour", "red"}}, "answer.colour"},
             {{{"answer.diet", "nuts"}}, "answer.diet"}, // who eats what is not found out like this
             {{{"sort", "shoe"}}, "sort"},
             {{{"limit", "0"}}, "limit"},
             {{{"limit", "x"}}, "limit"},
             {{{"cursor", "zz"}}, "cursor"},
             {{{"cursor", "6e616d65"}}, "cursor"},
             {{{"reveal", "colour"}}, "reveal"},
             {{{"q", std::string(201, 'x')}}, "q"},
         }) {
        auto const query = read(pairs);
        ASSERT_FALSE(query) << field;
        ASSERT_EQ(query.error().errors.size(), 1U);
        EXPECT_EQ(query.error().errors[0].field, field);
    }
}

TEST(People, WhoSeesNamesOnlyCannotNarrowByMore)
{
    Sight const door{true, false, false};
    EXPECT_TRUE(read({{"q", "anna"}, {"status", "confirmed"}, {"sort", "name"}}, door));
    for (auto const& pair : Pairs{{"organisation", "Oy"},
                                  {"answer.size", "micro"},
                                  {"tag", "vip"},
                                  {"language", "fi"},
                                  {"reveal", "diet"},
                                  {"sort", "organisation"}})
        EXPECT_EQ(read({pair}, door).error().name, ProblemName::not_allowed) << pair.first;
}

Person anna()
{
    Person person;
    person.id = "reg-1";
    person.arrival = 7;
    person.name = "=HYPERLINK(\"http://evil.example\")";
    person.name_other_script = "＝1+1";
    person.organisation = "@sum; \"quoted\"\r\nline";
    person.email = "anna@example.org";
    person.status = "waitlisted";
    person.position = 2;
    person.role = "attendee";
    person.source = "form";
    person.language = "fi";
    person.answers = {{"diet", "nuts"}, {"size", "micro"}, {"company", true}, {"former", "x"}};
    person.created_at = *parse_instant("2027-05-03T06:00:00Z");
    return person;
}

TEST(People, SensitiveAnswersAreMaskedUntilAskedFor)
{
    auto const event = samples::spring();
    Sight const sight{true, true, true};

    auto const object = to_json(anna(), event, {sight, {}});
    EXPECT_EQ(object.at("answers"),
              json::parse(R"({"diet": "•••", "size": "micro", "company": true, "former": "•••"})"));
    EXPECT_EQ(to_json(anna(), event, {sight, {"diet"}}).at("answers").at("diet"), "nuts");
    auto const seen_at_the_door = to_json(anna(), event, {{true, false, false}, {"diet"}});
    for (auto const* hidden : {"email", "answers", "organisation", "tags", "note", "companions"})
        EXPECT_FALSE(seen_at_the_door.contains(hidden)) << hidden;
    EXPECT_EQ(seen_at_the_door.at("name"), "=HYPERLINK(\"http://evil.example\")");
}

TEST(People, NoCellOfAFileIsAFormula)
{
    auto const sheet = sheet_of(samples::spring(), {anna()}, "en", {});
    auto const csv = to_csv(sheet, "fi");

    EXPECT_TRUE(csv.starts_with("\xef\xbb\xbf\"Arrival number\";\"Name\";")) << csv;
    EXPECT_NE(csv.find("\r\n7;\"'=HYPERLINK(\"\"http://evil.example\"\")\";\"'＝1+1\";\"anna@example.org\";"
                       "\"'@sum; \"\"quoted\"\"\r\nline\";\"waiting\";2;"),
              std::string::npos)
        << csv;
    EXPECT_TRUE(to_csv(sheet, "en").starts_with("\"Arrival number\",\"Name\","));
    EXPECT_EQ(csv.find("nuts"), std::string::npos);
    EXPECT_NE(to_csv(sheet_of(samples::spring(), {anna()}, "en", {"diet"}), "en").find("nuts"),
              std::string::npos);
    EXPECT_TRUE(to_xlsx(sheet).starts_with("PK"));
}

TEST(People, AnEditIsReadWithAllItsMistakes)
{
    auto const event = samples::spring();
    auto const bad = decode_person_edit(
        json::parse(
            R"({"name": " ", "email": "x", "language": "sv", "tags": ["a", 7], "shoe": 1, "answers": {"size": "x"}})")
            .as_object(),
        event);
    ASSERT_FALSE(bad);
    std::set<std::string> fields;
    for (auto const& error : bad.error().errors)
        fields.insert(error.field);
    for (auto const* field : {"name", "email", "language", "tags", "shoe"})
        EXPECT_TRUE(fields.contains(field)) << field;
    auto const good = decode_person_edit(
        json::parse(R"({"name": "Anna  Bell", "tags": ["b", " a ", "b"], "note": ""})").as_object(), event);
    ASSERT_TRUE(good);
    EXPECT_EQ(*good->name, "Anna Bell");
    EXPECT_EQ(*good->tags, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(good->fields(), (std::vector<std::string>{"name", "tags", "note"}));
}

TEST(People, AFilterHasWordsInEveryLanguage)
{
    auto const event = samples::spring();
    auto const filter =
        read({{"status", "confirmed"}, {"answer.diet", ""}, {"answer.size", "micro"}}).value().filter;

    EXPECT_EQ(filter_words("fi", event, filter),
              "Ruokavalio: ei vastausta; Yrityksen koko: alle 10; Tila: vahvistettu");
    for (auto const& language : languages())
        EXPECT_FALSE(filter_words(language, event, {}).empty());
}

}
}
