#include "transfer/file_text.h"
#include "transfer/rows.h"
#include "transfer_damage.h"

#include <gtest/gtest.h>

#include <functional>

namespace kutsu::test
{
namespace
{

TEST(TransferFile, BothDemonstrationFilesAreGood)
{
    EXPECT_EQ(problems_of(demo_text("silta-1.json")), FileProblems{})
        << listed(problems_of(demo_text("silta-1.json")));
    EXPECT_EQ(problems_of(demo_text("silta-2.json")), FileProblems{})
        << listed(problems_of(demo_text("silta-2.json")));
}

TEST(TransferFile, ReportsEveryProblemAtOnce)
{
    auto document = small_project();
    damage(document, "/events/0/venue", "\"ven-x\"");
    damage(document, "/events/0/agenda/0/kind", "");
    damage(document, "/venues/0/lat", "-100");
    damage(document, "/project/title", "[]");

    EXPECT_EQ(listed(problems_in(document)),
              "$.project.title must be words by language such as {\"fi\": \"…\"}, not a list\n"
              "$.venues[0].lat must be a number of degrees from -90 to 90\n"
              "$.events[0].venue there is no venue with the id \"ven-x\"\n"
              "$.events[0].agenda[0].kind is missing\n");
}

TEST(TransferFile, RefusesWallTimesThatTheClocksSkip)
{
    auto document = small_project();
    damage(document, "/events/0/starts_local", "\"2027-03-28T03:30\"");
    damage(document, "/events/0/ends_local", "\"2027-03-28T09:00\"");

    EXPECT_EQ(problems_in(document),
              (FileProblems{{"$.events[0].starts_local",
                             "does not exist in Europe/Helsinki: the clocks skip 2027-03-28T03:30"}}));
}

TEST(TransferFile, TakesTheHourThatComesTwiceAsTheFirstUnlessTheInstantSaysTheSecond)
{
    auto document = small_project();
    damage(document, "/events/0/starts_local", "\"2027-10-31T03:30\"");
    damage(document, "/events/0/ends_local", "\"2027-10-31T09:00\"");
    auto first = document;
    damage(first, "/events/0/starts_utc", "\"2027-10-31T00:30:00Z\"");
    auto second = document;
    damage(second, "/events/0/starts_utc", "\"2027-10-31T01:30:00Z\"");
    auto neither = document;
    damage(neither, "/events/0/starts_utc", "\"2027-10-31T02:30:00Z\"");

    EXPECT_EQ(problems_in(document), FileProblems{});
    EXPECT_EQ(problems_in(first), FileProblems{});
    EXPECT_EQ(problems_in(second), FileProblems{});
    ASSERT_EQ(problems_in(neither).size(), 1u);
    EXPECT_EQ(problems_in(neither)[0].path, "$.events[0].starts_utc");
}

TEST(TransferFile, RefusesAnEndThatIsNotAfterTheStart)
{
    auto document = small_project();
    damage(document, "/events/0/agenda/0/ends_local", "\"2027-05-27T09:00\"");

    EXPECT_EQ(problems_in(document),
              (FileProblems{{"$.events[0].agenda[0].ends_local", "is not after the start"}}));
}

TEST(TransferFile, NamesLineAndColumnOfTextThatIsNoJson)
{
    EXPECT_EQ(problems_of("{\n \"format\": \"kutsu-import/1\",\n \"ää\" 5}"),
              (FileProblems{{"$", "line 3, column 7: this is not JSON (syntax error)"}}));
    EXPECT_EQ(problems_of("{\"format\": \"kutsu-imp"),
              (FileProblems{{"$", "line 1, column 22: the text ends before the document does"}}));
    EXPECT_EQ(problems_of("{} {}"),
              (FileProblems{{"$", "line 1, column 4: there is more text after the end of the document"}}));
    EXPECT_EQ(problems_of("{\"a\": \"\xC3\x28\"}").at(0).reason.substr(0, 17), "line 1, column 8:");
    EXPECT_EQ(problems_of("").at(0).reason, "line 1, column 1: the text ends before the document does");
}

TEST(TransferFile, RefusesWhatIsTooDeepOrTooLarge)
{
    EXPECT_NE(problems_of(std::string(40, '[') + std::string(40, ']'))
                  .at(0)
                  .reason.find("nested more than 32 levels"),
              std::string::npos);
    EXPECT_EQ(problems_of(std::string(transfer::file_limit + 1, ' ')),
              (FileProblems{{"$", "the file is larger than 32 MiB"}}));
}

TEST(TransferFile, RefusesEveryPrefixOfAGoodFileWithoutFallingOver)
{
    auto const text = json::serialize(small_project());
    for (std::size_t length = 0; length < text.size(); ++length)
        EXPECT_EQ(problems_of(std::string_view(text).substr(0, length)).size(), 1u);
}

TEST(TransferFile, RefusesMembersThatStandTwice)
{
    auto text = json::serialize(small_project());
    auto const at = text.find("\"city\"");
    text.insert(at, "\"city\":\"Helsinki\",");

    EXPECT_EQ(problems_of(text), (FileProblems{{"$.venues[0].city", "stands twice in the same object"}}));
}

TEST(TransferFile, RefusesNumbersThatItCannotKeepExactly)
{
    EXPECT_EQ(
        listed(problems_of(R"({"a": [1e999, 123456789012345678901234567890, 0.1, 18446744073709551615]})")),
        "$.a[0] is too large a number to keep: 1e999\n"
        "$.a[1] is too large a number to keep: 123456789012345678901234567890\n");
}

TEST(TransferFile, HoldsSeveralProjectsWhoseIdsDiffer)
{
    auto one = small_project();
    one.as_object().erase("format");
    json::value const twice = {{"format", "kutsu-import/1"}, {"projects", json::array{one, one}}};
    json::value const both = {{"format", "kutsu-import/1"},
                              {"projects", json::array{demo("silta-1.json"), demo("silta-2.json")}}};

    EXPECT_EQ(problems_in(both), FileProblems{});
    EXPECT_EQ(listed(problems_in(twice)),
              "$.projects[1].project.id \"prj-s\" is the id of $.projects[0].project.id already\n"
              "$.projects[1].venues[0].id \"ven-s\" is the id of $.projects[0].venues[0].id already\n"
              "$.projects[1].events[0].id \"ev-s\" is the id of $.projects[0].events[0].id already\n"
              "$.projects[1].events[0].agenda[0].id \"s-s\" is the id of "
              "$.projects[0].events[0].agenda[0].id already\n");
}

// Whatever is put in the place of whatever is in the file, the answer is a list of problems or a good file.
// What passes the checks can be turned into rows.
void expect_rows(transfer::ProjectFile const& file)
{
    for (std::size_t i = 0; i < file.projects.size(); ++i)
        EXPECT_EQ(transfer::rows_of(file, i).project.size(), 1u);
}

TEST(TransferFile, SurvivesAnyValueInAnyPlace)
{
    auto const good = demo("silta-2.json");
    json::array const values = {nullptr,
                                true,
                                -1,
                                1e300,
                                "",
                                "x",
                                "2027-02-30",
                                json::array{},
                                json::array{nullptr},
                                json::object{},
                                json::object{{"tz", 5}}};
    std::size_t count = 0;
    std::function<void(json::value&, json::value const&)> const visit = [&](json::value& place,
                                                                            json::value const& root) {
        auto const kept = place;
        if (++count % 7 == 0) {
            place = values[count % values.size()];
            auto const checked = transfer::check_document(root);
            EXPECT_TRUE(checked || !checked.error().empty());
            if (checked)
                expect_rows(*checked);
            place = kept;
        }
        if (auto* list = place.if_array(); list && !list->empty())
            visit(list->at(count % list->size()), root);
        if (auto* object = place.if_object()) {
            for (auto& each : *object)
                visit(each.value(), root);
        }
    };
    auto document = good;
    visit(document, document);
    EXPECT_GT(count, 300u);
}

}
}
