#include "transfer_fixture.h"

namespace kutsu::test
{
namespace
{

TEST_F(TransferStore, GivesBothDemonstrationFilesBackEqual)
{
    ASSERT_EQ(import_text(demo_text("silta-1.json")), (Imported{{"prj-h-silta1"}, 9, 16, 0}));
    ASSERT_EQ(import_text(demo_text("silta-2.json")), (Imported{{"prj-silta2"}, 12, 33, 32}));

    auto const first = exported("prj-h-silta1");
    auto const second = exported("prj-silta2");

    EXPECT_EQ(without_derived(first), without_derived(demo("silta-1.json")));
    EXPECT_EQ(without_derived(second), without_derived(demo("silta-2.json")));
    // The files' own derived members are right, so even they come back.
    EXPECT_EQ(first, demo("silta-1.json"));
    EXPECT_EQ(second, demo("silta-2.json"));
}

TEST_F(TransferStore, ExportsAllProjectsInOneFileThatCanBeImportedElsewhere)
{
    ASSERT_TRUE(import_text(demo_text("silta-1.json")));
    ASSERT_TRUE(import_text(demo_text("silta-2.json")));
    auto const all = export_text().value();
    auto const elsewhere = database();
    db::Database other(elsewhere.conninfo(), 1);
    auto const deed = [&](db::Transaction& transaction) {
        return Result<Outcome>(transfer::import_document(transaction, all, {now_, random_, keys_}));
    };

    auto const imported = other.write_now(deed).value();

    ASSERT_TRUE(imported) << imported.error().at(0).path << imported.error().at(0).reason;
    EXPECT_EQ(*imported, (Imported{{"prj-h-silta1", "prj-silta2"}, 21, 49, 32}));
    auto const question = [&](db::Reader& reader) {
        return transfer::export_project(reader, std::nullopt, keys_);
    };
    EXPECT_EQ(other.read_now(question).value(), all);
}

TEST_F(TransferStore, LeavesNothingBehindAfterARefusal)
{
    auto const before = everything();
    auto document = demo("silta-2.json");
    document.at_pointer("/registrations/31/person") = "p99";
    document.at_pointer("/events/3/venue") = "ven-x";

    auto const refused = import_value(document);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().size(), 2u);
    EXPECT_EQ(everything(), before);
}

TEST_F(TransferStore, RefusesTheSameProjectASecondTime)
{
    ASSERT_TRUE(import_value(small_project()));
    auto const before = everything();

    auto const refused = import_value(small_project());

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(),
              (FileProblems{{"$.events[0].agenda[0].id", "the database has a session \"s-s\" already", true},
                            {"$.events[0].id", "the database has an event \"ev-s\" already", true},
                            {"$.project.id", "the database has a project \"prj-s\" already", true},
                            {"$.venues[0].id", "the database has a venue \"ven-s\" already", true}}));
    EXPECT_EQ(everything(), before);
}

TEST_F(TransferStore, SharesAProgrammeBetweenProjectsOnlyIfBothSayTheSameOfIt)
{
    ASSERT_TRUE(import_value(small_project()));
    auto next = json::parse(R"({"format": "kutsu-import/1",
        "programme": {"id": "prg-s", "code": "S", "name": {"en": "P"}, "funding_statement": {"en": "F"}},
        "project": {"id": "prj-t", "programme": "prg-s", "acronym": "T", "title": {"en": "Tiny"}}})");
    auto other = next;
    other.at_pointer("/project/id") = "prj-u";
    other.at_pointer("/programme/code") = "U";

    EXPECT_TRUE(import_value(next));
    auto const refused = import_value(other);

    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().at(0).path, "$.programme");
    EXPECT_EQ(exported("prj-t"), next);
}

TEST_F(TransferStore, CountsSeatsAsTheRowsSay)
{
    ASSERT_TRUE(import_text(demo_text("silta-2.json")));

    EXPECT_EQ(ask("select concat_ws(' ', version, arrival, capacity, taken, confirmed, waiting) "
                  "from event_counter join event using (event_id) where slug = 'ev-sem-jns'"),
              "1 22 110 8 8 1");
    EXPECT_EQ(
        ask("select concat_ws(' ', version, arrival, coalesce(capacity, -1), taken, confirmed, waiting) "
            "from event_counter join event using (event_id) where slug = 'ev-ws-1'"),
        "1 10 -1 8 8 0");
    EXPECT_EQ(ask("select string_agg(public_id || ':' || c.capacity || ':' || taken, ' ' order by public_id) "
                  "from session_counter c join session using (session_id)"),
              "s-spr-06:40:0 s-spr-07:12:0");
    EXPECT_EQ(ask("select count(*) from event e where not exists "
                  "(select from change c where c.event_id = e.event_id and event_version = 1 and kind = "
                  "'imported')"),
              "0");
    EXPECT_EQ(
        ask("select status || ' ' || role || ' ' || source from registration where public_id = 'rg-06'"),
        "confirmed attendee walk_in");
    EXPECT_EQ(ask("select name || ' ' || name_other_script from registration where public_id = 'rg-12'"),
              "Svetlana Shcherbinina Светлана Щербинина");
    EXPECT_EQ(ask("select email || ' ' || position from qa_registration where status = 'waitlisted'"),
              "p26@people.example.org 1");
}

TEST_F(TransferStore, GivesEveryRegistrationTheTokenOfItsSubmission)
{
    ASSERT_TRUE(import_text(demo_text("silta-2.json")));
    auto const submission = ask("select submission_id from registration where public_id = 'rg-01'");

    auto const hash = to_hex(sha256(registration_token(keys_.registration, submission)));

    EXPECT_EQ(ask("select encode(token_hash, 'hex') from registration where public_id = 'rg-01'"), hash);
}

TEST_F(TransferStore, SealsPassportDataSoThatNobodyReadsItInTheDatabase)
{
    ASSERT_TRUE(import_text(demo_text("silta-2.json")));

    auto const all = everything();

    for (auto const* secret : {"ZZ00000", "SHCHERBININA", "ABENOVA AIGUL", "SILTA2-INV",
                               "LETTER_ISSUED_NEVER", "passport_latin\": \"", "2034-01-19"})
        EXPECT_EQ(all.find(secret), std::string::npos) << secret;
    EXPECT_NE(all.find("Щербинина"), std::string::npos);
    EXPECT_EQ(ask("select string_agg(section || ':' || n, ' ' order by section) from "
                  "(select section, count(*) as n from vault_record group by section) v"),
              "people:11 visa_cases:9");
    Keys wrong = keys_;
    wrong.vault.fill(3);
    auto const question = [&](db::Reader& reader) {
        return transfer::export_project(reader, "prj-silta2", wrong);
    };
    EXPECT_THROW((void)database_.read_now(question), std::runtime_error);
}

TEST_F(TransferStore, SaysThatThereIsNoSuchProject)
{
    EXPECT_EQ(export_text("prj-none").error().name, ProblemName::not_found);
    EXPECT_EQ(transfer::read_text(export_text().value()).value(),
              json::value({{"format", "kutsu-import/1"}, {"projects", json::array()}}));
}

TEST_F(TransferStore, ListsProjects)
{
    ASSERT_TRUE(import_text(demo_text("silta-2.json")));
    auto const question = [](db::Reader& reader) { return transfer::list_projects(reader); };

    auto const projects = database_.read_now(question);

    ASSERT_EQ(projects.size(), 1u);
    EXPECT_EQ(projects[0].acronym, "SILTA II");
    EXPECT_EQ(projects[0].events, 12);
    EXPECT_EQ(projects[0].registrations, 32);
}

TEST_F(TransferStore, ExportsAMovedEmbargoAndAChangedSeatCount)
{
    ASSERT_TRUE(import_text(demo_text("silta-2.json")));
    connection_.exec("update event set embargo_until = '2027-05-18T06:00Z' where slug = 'ev-press-spring'");
    connection_.exec("update event set embargo_until = null where slug = 'ev-press-jns'");

    auto const document = exported("prj-silta2");

    EXPECT_EQ(
        document.at_pointer("/events/10/embargo"),
        json::parse(R"({"tz": "Europe/Helsinki", "local": "2027-05-18T09:00", "utc": "2027-05-18T06:00:00Z",
                              "also_local": {"Asia/Almaty": "2027-05-18T11:00"}})"));
    EXPECT_EQ(document.at_pointer("/events/2/embargo"), nullptr);
}

}
}
