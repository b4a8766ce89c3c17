#include "db/database.h"
#include "db/rows.h"
#include "test_database.h"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace kutsu::test
{

enum class Mood
{
    calm = 1,
    festive
};
BOOST_DESCRIBE_ENUM(Mood, calm, festive)

struct Everything
{
    std::int64_t whole = 0;
    int small = 0;
    std::int64_t summed = 0;
    double real = 0;
    bool flag = false;
    bool opposite = true;
    std::string words;
    std::optional<std::string> absent;
    std::optional<int> present;
    Mood mood{};
    Instant at;
    LocalTime starts_local;
    Day day;
    Text title;
    boost::json::value details;
    std::vector<std::string> tags;
    std::vector<std::int64_t> ids;
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (whole, small, summed, real, flag, opposite, words, absent, present, mood, at,
                       starts_local, day, title, details, tags, ids))

struct Pair
{
    int left = 0;
    std::string right;

    friend bool operator==(Pair const&, Pair const&) = default;
};
BOOST_DESCRIBE_STRUCT(Pair, (), (left, right))

namespace
{

constexpr char everything[] = R"(
    select 9007199254740993::bigint as whole, 7 as small, sum(x)::numeric as summed, 0.25::float8 as real,
           true as flag, false as opposite, 'it''s "quoted"' as words, null::text as absent, 5 as present,
           'festive' as mood, ms(timestamptz '2027-05-03T06:00:00.123Z') as at,
           to_char(timestamp '2027-03-28 03:30:00', 'YYYY-MM-DD"T"HH24:MI:SS') as starts_local,
           date '2027-03-28'::text as day, jsonb '{"fi": {"text": "Hei", "status": "approved"}}' as title,
           jsonb '{"a": [1]}' as details, to_jsonb(array['x', 'y "z"']) as tags, to_jsonb(array[1, 2]) as ids
      from generate_series(1, 3) as x)";

class RowsTest : public testing::Test
{
protected:
    template <class Question>
    auto ask(Question question)
    {
        return base.read_now(question);
    }

    TestDatabase fresh = database();
    db::Database base{fresh.conninfo(), 1};
};

TEST_F(RowsTest, ADescribedStructIsReadByColumnName)
{
    auto const row = ask([](db::Reader& r) { return db::get<Everything>(r, everything); });

    EXPECT_EQ(row.whole, 9007199254740993);
    EXPECT_EQ(row.small, 7);
    EXPECT_EQ(row.summed, 6);
    EXPECT_EQ(row.real, 0.25);
    EXPECT_TRUE(row.flag);
    EXPECT_FALSE(row.opposite);
    EXPECT_EQ(row.words, "it's \"quoted\"");
    EXPECT_EQ(row.absent, std::nullopt);
    EXPECT_EQ(row.present, 5);
    EXPECT_EQ(row.mood, Mood::festive);
    EXPECT_EQ(row.at, from_ms(1809324000123));
    // Does not exist on the clocks of Helsinki; stays what it is whatever zone the server's machine is in.
    EXPECT_EQ(format_local(row.starts_local), "2027-03-28T03:30");
    EXPECT_EQ(format_day(row.day), "2027-03-28");
    EXPECT_EQ(row.title.in("fi"), "Hei");
    EXPECT_EQ(row.details, boost::json::parse(R"({"a": [1]})"));
    EXPECT_EQ(row.tags, (std::vector<std::string>{"x", "y \"z\""}));
    EXPECT_EQ(row.ids, (std::vector<std::int64_t>{1, 2}));
}

TEST_F(RowsTest, TheSameReadingServesSocisOwnInto)
{
    auto const row = ask([](db::Reader& r) {
        Pair pair;
        r.sql << "select 1 as left, 'x' as right", soci::into(pair);
        return pair;
    });

    EXPECT_EQ(row, (Pair{1, "x"}));
}

TEST_F(RowsTest, ListsKeepTheirOrder)
{
    auto const list = [](db::Reader& r, int upto) {
        return db::list<Pair>(
            r, "select x as left, 'n' || x as right from generate_series(1, :n) as x order by x desc", upto);
    };

    EXPECT_EQ(base.read_now(list, 0), std::vector<Pair>{});
    EXPECT_EQ(base.read_now(list, 1), (std::vector<Pair>{{1, "n1"}}));
    EXPECT_EQ(base.read_now(list, 3), (std::vector<Pair>{{3, "n3"}, {2, "n2"}, {1, "n1"}}));
}

TEST_F(RowsTest, FindMayBeAbsentAndGetMayNot)
{
    EXPECT_EQ(ask([](db::Reader& r) { return db::find<int>(r, "select 1 where false"); }), std::nullopt);
    EXPECT_EQ(ask([](db::Reader& r) { return db::find<int>(r, "select 1"); }), 1);
    EXPECT_THROW(ask([](db::Reader& r) { return db::get<int>(r, "select 1 where false"); }),
                 std::logic_error);
}

TEST_F(RowsTest, ArgumentsOfEveryTypeComeBack)
{
    auto const echo = [](db::Reader& r) {
        return db::get<std::string>(
            r,
            R"(select concat_ws('|', cast(:a as bigint), cast(:b as boolean), cast(:c as text), cast(:d as text) is null,
                         at_ms(cast(:e as bigint)), cast(:f as timestamp), cast(:g as date), cast(:h as jsonb),
                         2 = any(cast(:i as bigint[])), cast(:j as text[]), cast(:k as text), cast(:l as float8)))",
            std::int64_t(5), true, "x", std::optional<std::string>(), from_ms(1500),
            *parse_local("2027-05-27T08:30"), *parse_day("2027-05-27"), boost::json::value{{"a", 1}},
            std::vector<std::int64_t>{1, 2}, std::vector<std::string>{"p q", "r\"s\\"}, Mood::calm, 0.1);
    };

    EXPECT_EQ(base.read_now(echo),
              "5|t|x|t|1970-01-01 00:00:01.5+00|2027-05-27 08:30:00|2027-05-27|{\"a\": 1}|t|"
              "{\"p q\",\"r\\\"s\\\\\"}|calm|0.1");
}

TEST_F(RowsTest, ArgumentsMayBeBoundByName)
{
    auto const twice = [](db::Reader& r, std::string const& word) {
        return db::get<std::string>(r, "select cast(:word as text) || cast(:word as text)",
                                    soci::use(word, "word"));
    };

    EXPECT_EQ(base.read_now(twice, "ha"), "haha");
}

TEST_F(RowsTest, AColumnThatDoesNotFitIsNamedWithoutItsValue)
{
    auto const complaint = [&](auto question) -> std::string {
        try {
            ask(question);
        } catch (std::domain_error const& error) {
            return error.what();
        }
        return "none";
    };

    EXPECT_EQ(complaint([](db::Reader& r) { return db::get<Pair>(r, "select 1 as left"); }),
              "column right is not selected");
    EXPECT_EQ(
        complaint([](db::Reader& r) { return db::get<Pair>(r, "select null::int as left, '' as right"); }),
        "column left is null");
    EXPECT_EQ(complaint([](db::Reader& r) { return db::get<Mood>(r, "select 'grim' as mood"); }),
              "column mood holds an unknown choice");
    EXPECT_EQ(complaint([](db::Reader& r) { return db::get<LocalTime>(r, "select now() as at"); }),
              "column at is a date or time: select it as text or with ms()");
    EXPECT_EQ(complaint([](db::Reader& r) { return db::get<int>(r, "select 3000000000 as big"); }),
              "column big is out of range");
}

TEST_F(RowsTest, TextWithNulIsRefusedInsteadOfCut)
{
    auto const ask_with = [](db::Reader& r, std::string const& text) {
        return db::get<std::string>(r, "select cast(:t as text)", text);
    };

    EXPECT_THROW(base.read_now(ask_with, std::string("a\0b", 3)), std::domain_error);
}

TEST_F(RowsTest, AMissingArgumentIsAnErrorOfTheProgram)
{
    EXPECT_ANY_THROW(
        ask([](db::Reader& r) { return db::list<int>(r, "select cast(:a as int) + cast(:b as int)", 1); }));
}

TEST_F(RowsTest, ExecuteCountsRows)
{
    auto const changed = base.write_now([](db::Transaction& t) -> Result<std::vector<std::int64_t>> {
        db::execute(t, "create table n (x int)");
        auto const inserted = db::execute(t, "insert into n select generate_series(1, 5)");
        auto const updated = db::execute(t, "update n set x = 0 where x > :x", 3);
        return std::vector{inserted, updated, db::execute(t, "delete from n where x = 9")};
    });

    ASSERT_TRUE(changed);
    EXPECT_EQ(*changed, (std::vector<std::int64_t>{5, 2, 0}));
}

}
}
