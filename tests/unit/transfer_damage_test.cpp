#include "transfer_damage.h"

#include <gtest/gtest.h>

namespace kutsu::test
{
namespace
{

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

}
}
