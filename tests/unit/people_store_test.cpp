#include "db/database.h"
#include "pages_samples.h"
#include "registration/people_store.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

using Names = std::vector<std::string>;
Sight const all_of_it{true, true, true};

class PeopleStore : public testing::Test
{
protected:
    PeopleStore()
    {
        event_.event_id = test::insert_event(outside_, "ev-sem-spring");
        outside_.exec(
            "insert into registration_form (event_id, time_zone) select event_id, time_zone from event");
    }

    void add(std::string const& name, std::string const& rest = "{}")
    {
        auto const number = std::to_string(++arrival_);
        outside_.exec_params(R"(
            insert into registration (event_id, public_id, submission_id, contents_hash, token_hash, arrival, status, name,
                                      email, language, organisation, source, created_at, changed_at)
            select event_id, 'reg-' || $1, gen_random_uuid(), '', decode(md5($1), 'hex'), $1::bigint,
                   coalesce($3::jsonb ->> 'status', 'confirmed'), $2, 'guest' || $1 || '@example.org',
                   coalesce($3::jsonb ->> 'language', 'fi'), $3::jsonb ->> 'organisation',
                   coalesce($3::jsonb ->> 'source', 'form'), now(), now() from event)",
                             {number, name, rest});
    }

    PeopleQuery query(std::vector<std::pair<std::string, std::string>> fields,
                      std::string_view language = "fi")
    {
        auto read = read_people_query(net::Fields(std::move(fields)), event_, all_of_it, language);
        EXPECT_TRUE(read);
        return read.value_or(PeopleQuery());
    }

    Names names(PeopleQuery const& query)
    {
        EXPECT_TRUE(db_.write_now([&](db::Transaction& transaction) {
            return Result<std::int64_t>(store::fold_new_people(transaction, event_.event_id));
        }));
        Names names;
        for (auto const& person : db_.read_now(store::list_people, event_.event_id, query, true))
            names.push_back(person.name);
        return names;
    }

    Names names(std::vector<std::pair<std::string, std::string>> fields)
    {
        return names(query(std::move(fields)));
    }

    std::map<std::string, std::int64_t> counts(std::string_view facet, PeopleFilter const& filter)
    {
        std::map<std::string, std::int64_t> found;
        for (auto const& each : db_.read_now(store::count_facets, event_.event_id, filter,
                                             Names{"channel", "company"}, Names{"diet"}, true)) {
            if (each.facet == facet)
                found[each.value] = each.count;
        }
        return found;
    }

    void answer(int arrival, std::string const& key, std::string const& value)
    {
        outside_.exec_params(R"(
            insert into registration_answer (registration_id, key, value, form_version)
            select registration_id, $2, $3::jsonb, 1 from registration where arrival = $1::bigint)",
                             {std::to_string(arrival), key, value});
    }

    test::TestDatabase database_ = test::database();
    db::Connection outside_ = database_.connect();
    db::Database db_{database_.conninfo(), 2};
    events::Event event_ = samples::spring();
    int arrival_ = 0;
};

TEST_F(PeopleStore, NamesAreSortedByTheReadersAlphabet)
{
    for (auto const* name : {"Öhman", "Щукина", "Åkerlund", "Wirtanen", "Äikäs", "Virtanen", "Väisänen",
                             "Aalto", "Ёлкина", "Елкин", "Ежова", "Šubin", "Subin"})
        add(name);

    EXPECT_EQ(names(query({{"sort", "name"}}, "fi")),
              (Names{"Aalto", "Subin", "Šubin", "Virtanen", "Väisänen", "Wirtanen", "Åkerlund", "Äikäs",
                     "Öhman", "Ежова", "Елкин", "Ёлкина", "Щукина"}));
    auto const russian = names(query({{"sort", "name"}}, "ru"));
    EXPECT_EQ(Names(russian.begin(), russian.begin() + 5),
              (Names{"Ежова", "Елкин", "Ёлкина", "Щукина", "Aalto"}));
    auto backwards = names(query({{"sort", "-name"}}, "fi"));
    EXPECT_EQ(backwards.front(), "Щукина");
    EXPECT_EQ(backwards.back(), "Aalto");
}

TEST_F(PeopleStore, PagesTogetherAreTheWholeList)
{
    for (auto const* name : {"Bo", "Aino", "Aino", "Cecilia", "Ёлкин", "Dora", "Äijä"})
        add(name);

    for (auto const* sort : {"name", "-name", "arrival", "-arrival", "status", "changed", "-organisation"}) {
        auto const whole = names({{"sort", sort}});
        auto page = query({{"sort", sort}, {"limit", "2"}});
        Names together;
        for (bool more = true; more;) {
            auto people = db_.read_now(store::list_people, event_.event_id, page, true);
            more = people.size() > 2;
            if (more)
                people.pop_back();
            for (auto const& person : people)
                together.push_back(person.name);
            page = query({{"sort", sort}, {"limit", "2"}, {"cursor", cursor_after(page, people.back())}});
        }
        EXPECT_EQ(together, whole) << sort;
    }
}

TEST_F(PeopleStore, ASearchFindsNamesInAnyScriptAndFollowsTheirChanges)
{
    add("Щербинина Светлана");
    add("Anna Ivanova", R"({"organisation": "Белая степь"})");

    EXPECT_EQ(names({{"q", "shcherbinina"}}), Names{"Щербинина Светлана"});
    EXPECT_EQ(names({{"q", "belaja step"}}), Names{"Anna Ivanova"});
    EXPECT_EQ(names({{"q", "guest2@example.org"}}), Names{"Anna Ivanova"});
    auto const by_name_only = query({{"q", "belaja"}});
    EXPECT_TRUE(db_.read_now(store::list_people, event_.event_id, by_name_only, false).empty());

    outside_.exec("update registration set name = 'Erased' where arrival = 1");
    EXPECT_EQ(outside_.exec("select count(*) from registration_search").integer(0, 0), 1)
        << "forgotten at once";
    EXPECT_EQ(names({{"q", "shcherbinina"}}), Names{});
    EXPECT_EQ(names({{"q", "erased"}}), Names{"Erased"});
    outside_.exec("update registration set status = 'cancelled', cancelled_at = now(), version = version + 1 "
                  "where arrival = 2");
    EXPECT_EQ(outside_.exec("select count(*) from registration_search").integer(0, 0), 2);
}

TEST_F(PeopleStore, AFacetCountsWhatItWouldShowIfItAloneWereChanged)
{
    add("A", R"({"status": "confirmed", "language": "fi", "organisation": "Oy"})");
    add("B", R"({"status": "confirmed", "language": "ru"})");
    add("C", R"({"status": "pending", "language": "fi", "source": "import"})");
    add("D", R"({"status": "duplicate", "language": "fi"})");
    answer(1, "channel", R"("fi")");
    answer(1, "diet", R"("nuts")");
    answer(2, "company", "true");
    outside_.exec(
        "insert into registration_tag select registration_id, 'vip' from registration where arrival = 3");

    auto const filter = query({{"status", "confirmed"}, {"language", "fi"}}).filter;

    EXPECT_EQ(counts("status", filter),
              (std::map<std::string, std::int64_t>{{"confirmed", 1}, {"pending", 1}}));
    EXPECT_EQ(counts("language", filter), (std::map<std::string, std::int64_t>{{"fi", 1}, {"ru", 1}}));
    EXPECT_EQ(counts("total", filter), (std::map<std::string, std::int64_t>{{"", 1}}));
    EXPECT_EQ(counts("all", {}), (std::map<std::string, std::int64_t>{{"", 3}}));
    EXPECT_EQ(counts("tag", {}), (std::map<std::string, std::int64_t>{{"", 2}, {"vip", 1}}));
    EXPECT_EQ(counts("organisation", {}), (std::map<std::string, std::int64_t>{{"", 2}, {"Oy", 1}}));
    EXPECT_EQ(counts("answer.channel", {}), (std::map<std::string, std::int64_t>{{"", 2}, {"fi", 1}}));
    EXPECT_EQ(counts("answer.company", {}), (std::map<std::string, std::int64_t>{{"", 2}, {"true", 1}}));
    EXPECT_EQ(counts("answer.diet", {}), (std::map<std::string, std::int64_t>{{"", 2}}))
        << "never what was answered";
}

TEST_F(PeopleStore, AFilterMeansTheSameEverywhere)
{
    add("A", R"({"status": "confirmed"})");
    add("B", R"({"status": "confirmed"})");
    add("C", R"({"status": "waitlisted"})");
    answer(1, "diet", R"("nuts")");
    answer(2, "channel", R"("ru")");
    outside_.exec(
        "insert into registration_tag select registration_id, 'vip' from registration where arrival <> 2");

    EXPECT_EQ(names({{"status", "confirmed"}, {"answer.diet", ""}}), Names{"B"});
    EXPECT_EQ(names({{"answer.channel", "ru"}, {"answer.channel", ""}, {"sort", "arrival"}}),
              (Names{"A", "B", "C"}));
    EXPECT_EQ(names({{"tag", ""}}), Names{"B"});
    EXPECT_EQ(names({{"tag", "vip"}, {"status", "waitlisted"}}), Names{"C"});
    EXPECT_EQ(names({{"id", "reg-1"}, {"id", "reg-3"}, {"sort", "arrival"}}), (Names{"A", "C"}));
    EXPECT_EQ(names({{"attendance", "remote"}}), Names{});
    auto const filter = query({{"status", "confirmed"}, {"answer.diet", ""}}).filter;
    EXPECT_EQ(db_.read_now(store::matching_ids, event_.event_id, filter, true), Names{"reg-2"});
    EXPECT_EQ(db_.read_now(store::count_people, event_.event_id, filter, true), 1);
}

TEST_F(PeopleStore, TheQueueIsCounted)
{
    add("A", R"({"status": "waitlisted"})");
    add("B");
    add("C", R"({"status": "waitlisted"})");

    auto const people = db_.read_now(store::list_people, event_.event_id, query({{"sort", "arrival"}}), true);
    EXPECT_EQ(people[0].position, 1);
    EXPECT_EQ(people[1].position, std::nullopt);
    EXPECT_EQ(people[2].position, 2);
    EXPECT_EQ(db_.read_now(store::find_person, event_.event_id, std::string("reg-3"))->position, 2);
}

}
}
