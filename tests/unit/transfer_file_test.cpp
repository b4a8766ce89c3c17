#include "transfer/file_text.h"
#include "transfer/project_file.h"
#include "transfer/rows.h"
#include "transfer_samples.h"

#include <gtest/gtest.h>

#include <functional>

namespace kutsu::test
{
namespace
{

using transfer::FileProblems;

FileProblems problems_of(std::string_view text)
{
    auto const file = transfer::read_project_file(text);
    return file ? FileProblems{} : file.error();
}

FileProblems problems_in(json::value const& document)
{
    return problems_of(json::serialize(document));
}

std::string listed(FileProblems const& problems)
{
    std::string text;
    for (auto const& problem : problems)
        text += problem.path + " " + problem.reason + "\n";
    return text;
}

struct Damage
{
    char const* pointer; // RFC 6901, of the value to damage
    char const* value;   // JSON; empty: the member is removed
    char const* path;
    char const* reason; // the beginning of it
};

void PrintTo(Damage const& damage, std::ostream* out)
{
    *out << damage.pointer << " = " << damage.value;
}

void damage(json::value& document, std::string_view pointer, std::string_view value)
{
    auto const slash = pointer.rfind('/');
    auto& parent = document.at_pointer(pointer.substr(0, slash));
    std::string name(pointer.substr(slash + 1));
    if (auto const escaped = name.find("~1"); escaped != std::string::npos)
        name.replace(escaped, 2, "/");
    if (auto* list = parent.if_array())
        list->at(std::stoul(name)) = json::parse(value);
    else if (value.empty())
        parent.as_object().erase(name);
    else
        parent.as_object()[name] = json::parse(value);
}

class TransferDamage : public testing::TestWithParam<Damage>
{};

TEST_P(TransferDamage, IsReportedWithItsPathAndReason)
{
    auto const& [pointer, value, path, reason] = GetParam();
    auto document = demo("silta-2.json");
    damage(document, pointer, value);

    auto const problems = problems_in(document);

    ASSERT_EQ(problems.size(), 1u) << listed(problems);
    EXPECT_EQ(problems[0].path, path);
    EXPECT_EQ(problems[0].reason.substr(0, std::string_view(reason).size()), reason);
}

constexpr Damage damages[] = {
    {"/format", "", "$.format", "is missing"},
    {"/format", "\"kutsu-import/2\"", "$.format", "must be \"kutsu-import/1\""},
    {"/brochures", "{}", "$.brochures", "must be a list, not an object"},
    {"/events/0/title", "", "$.events[0].title", "is missing"},
    {"/events/0/title", "null", "$.events[0].title", "must not be null"},
    {"/events/0/title", "\"Seminar\"", "$.events[0].title", "must be words by language"},
    {"/events/0/title", "{}", "$.events[0].title", "has words in no language"},
    {"/events/0/title/fi", "7", "$.events[0].title.fi", "must be text, not a number"},
    {"/events/0/title/fi", "\"\"", "$.events[0].title.fi", "is empty"},
    {"/events/0/title/Finnish", "\"Suomi\"", "$.events[0].title.Finnish", "is no language"},
    {"/events/0/type", "\"PARTY\"", "$.events[0].type", "\"PARTY\" is none of SEMINAR, "},
    {"/events/0/status", "\"held\"", "$.events[0].status", "\"held\" is none of IDEA, "},
    {"/events/0/visibility", "3", "$.events[0].visibility", "must be text, not a number"},
    {"/events/0/tz", "\"Europe/Petrozavodsk\"", "$.events[0].tz", "is no time zone"},
    {"/events/0/tz", "", "$.events[0].tz", "is missing"},
    {"/events/0/starts_local", "\"2027-02-09 08:30\"", "$.events[0].starts_local", "is no wall time"},
    {"/events/0/starts_utc", "\"2027-02-09T07:30:00Z\"", "$.events[0].starts_utc",
     "is not the instant of 2027-02-09T08:30 in Europe/Helsinki, which is 2027-02-09T06:30:00Z"},
    {"/events/0/also_local/Asia~1Almaty/starts", "\"2027-02-09T10:30\"",
     "$.events[0].also_local['Asia/Almaty'].starts", "is not the same instant"},
    {"/events/0/embargo", "{\"tz\": \"Europe/Helsinki\"}", "$.events[0].embargo.local", "is missing"},
    {"/events/0/venue", "\"ven-nowhere\"", "$.events[0].venue",
     "there is no venue with the id \"ven-nowhere\""},
    {"/events/0/venue", "\"p01\"", "$.events[0].venue", "\"p01\" is a person, not a venue"},
    {"/events/2/room", "\"rm-ppk-a\"", "$.events[2].room", "is in \"ven-ppk\""},
    {"/events/0/project", "\"prj-h-silta1\"", "$.events[0].project", "there is no project with the id"},
    {"/events/0/components/1", "\"cmp-a\"", "$.events[0].components[1]", "\"cmp-a\" stands twice"},
    {"/events/0/agenda/2/speakers/0", "\"p99\"", "$.events[0].agenda[2].speakers[0]", "there is no person"},
    {"/events/0/agenda/2/id", "\"s-jns-01\"", "$.events[0].agenda[2].id",
     "\"s-jns-01\" is the id of $.events[0].agenda[0].id already"},
    {"/events/0/agenda/2/id", "\"S 1\"", "$.events[0].agenda[2].id", "must be an id"},
    {"/events/0/agenda/0/capacity", "0", "$.events[0].agenda[0].capacity", "must be a whole number from 1"},
    {"/events/0/slug", "\"ev-sem-ppk\"", "$.events[1].id",
     "\"ev-sem-ppk\" is the address of $.events[0] already"},
    {"/events/4/days/0/legs/0/arrives/utc", "\"2027-06-06T06:31:00Z\"",
     "$.events[4].days[0].legs[0].arrives.utc", "is not the instant"},
    {"/events/4/days/1/date", "\"2027-06-31\"", "$.events[4].days[1].date", "\"2027-06-31\" is not a day"},
    {"/events/4/days/0/overnight", "\"acc-moon\"", "$.events[4].days[0].overnight",
     "there is no accommodation"},
    {"/events/11/registration/questions/3/options", "[]", "$.events[11].registration.questions[3].options",
     "must list what can be chosen"},
    {"/events/11/registration/questions/3/visible_if/question", "\"shoe\"",
     "$.events[11].registration.questions[3].visible_if.question", "is no other question"},
    {"/events/11/registration/questions/0/key", "\"company\"", "$.events[11].registration.questions[2].key",
     "\"company\" is the key of another question"},
    {"/events/0/registration/capacity", "6", "$.events[0].registration.capacity",
     "is 6, but 8 seats are taken"},
    {"/venues/0/lat", "91.5", "$.venues[0].lat", "must be a number of degrees from -90 to 90"},
    {"/venues/0/lon", "\"29\"", "$.venues[0].lon", "must be a number of degrees"},
    {"/venues/0/rooms/0/accessible", "\"yes\"", "$.venues[0].rooms[0].accessible", "must be true or false"},
    {"/organisations/0/country", "\"Finland\"", "$.organisations[0].country", "\"Finland\" is not a country"},
    {"/organisations/0/email", "\"info at example\"", "$.organisations[0].email",
     "\"info at example\" is not an e-mail"},
    {"/people/1/name/latin", "null", "$.people[1].name", "needs latin or cyrillic"},
    {"/people/1/name/latin", "{\"family\": \"\"}", "$.people[1].name.latin",
     "needs a family name or a given name"},
    {"/events/6/pair", "\"pair-opening\"", "$.events[6].pair", "\"pair-opening\" does not list this event"},
    {"/reports/0/variants/1/lang", "\"fi\"", "$.reports[0].variants[1]", "repeats language and version"},
    {"/registrations/1/sessions/0", "\"s-ppk-01\"", "$.registrations[1].sessions[0]",
     "is no session of this event"},
    {"/registrations/1/person", "\"p34\"", "$.registrations[1]",
     "has the same e-mail address as $.registrations[0]"},
    {"/registrations/8/waitlist_position", "4", "$.registrations[8].waitlist_position", "is not its place"},
    {"/news_digests/0/recipients/0", "\"p01\"", "$.news_digests[0].recipients[0]",
     "\"p01\" is a person, not a media outlet"},
    {"/brochures/0/distribution/0/date", "\"2027-13-01\"", "$.brochures[0].distribution[0].date",
     "\"2027-13-01\" is not on the calendar"},
    {"/visa_cases/0/person", "\"p99\"", "$.visa_cases[0].person", "there is no person"},
    {"/brochures/0/pages", "\"0000-01-01\"", "$.brochures[0].pages", "\"0000-01-01\" is not on the calendar"},
    {"/meta/note", "\"a\\u0000b\"", "$.meta.note", "holds a NUL character"},
};
INSTANTIATE_TEST_SUITE_P(Each, TransferDamage, testing::ValuesIn(damages));

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
