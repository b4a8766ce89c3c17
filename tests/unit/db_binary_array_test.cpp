// What is written in PostgreSQL's binary format is what the server reads.
#include "db/binary_array.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::db
{
namespace
{

using Element = BinaryArray::Element;

class BinaryArrayTest : public ::testing::Test
{
protected:
    Rows ask(char const* sql, BinaryArray& array)
    {
        auto const bytes = array.bytes();
        char const* const values[] = {bytes.data()};
        int const lengths[] = {static_cast<int>(bytes.size())};
        int const formats[] = {1};
        Rows rows(PQexecParams(connection.handle(), sql, 1, nullptr, values, lengths, formats, 0));
        check(connection.handle(), rows.handle());
        return rows;
    }

    std::string json_of(char const* type, BinaryArray& array)
    {
        return std::string(ask(fmt::format("select to_json($1::{}[])", type).c_str(), array).text(0, 0));
    }

    test::TestDatabase database = test::database();
    Connection connection = database.connect();
};

TEST_F(BinaryArrayTest, texts_need_no_quoting)
{
    std::vector<std::string> const texts = {
        "",    "NULL",       "null",      "\"",           "\\",    "\\\"", "{a}",     ",",
        " a ", "a\nb\tc\rd", "Щербинина", "Jyväskylä 🎓", "'; --", "$1",   "\\x4142", "{\"a\",\"b\"}"};
    BinaryArray array(Element::text);
    for (auto const& text : texts)
        array.add(text);
    array.add_null();

    auto const rows =
        ask("select value from unnest($1::text[]) with ordinality u (value, n) order by n", array);

    ASSERT_EQ(rows.rows(), static_cast<int>(texts.size()) + 1);
    for (int row = 0; auto const& text : texts)
        EXPECT_EQ(rows.text(row++, 0), text);
    EXPECT_TRUE(rows.is_null(rows.rows() - 1, 0));
    EXPECT_FALSE(rows.is_null(1, 0)) << "the word NULL is a word";
}

TEST_F(BinaryArrayTest, an_empty_array_is_an_array)
{
    BinaryArray array(Element::text);
    EXPECT_EQ(json_of("text", array), "[]");
}

TEST_F(BinaryArrayTest, numbers_keep_their_sign_and_size)
{
    BinaryArray small(Element::int4);
    BinaryArray large(Element::int8);
    for (auto const number : {0, 1, -1, 2147483647, -2147483647 - 1})
        small.add_int4(number);
    large.add_int8(9223372036854775807);
    large.add_int8(-9223372036854775807 - 1);
    EXPECT_EQ(json_of("int", small), "[0,1,-1,2147483647,-2147483648]");
    EXPECT_EQ(json_of("bigint", large), "[9223372036854775807,-9223372036854775808]");
}

TEST_F(BinaryArrayTest, uuids_are_read_in_either_case_and_nothing_else_is_one)
{
    BinaryArray array(Element::uuid);
    array.add_uuid("3f2504e0-4f89-11d3-9a0c-0305e82c3301");
    array.add_uuid("3F2504E0-4F89-11D3-9A0C-0305E82C3302");
    EXPECT_EQ(json_of("uuid", array),
              R"(["3f2504e0-4f89-11d3-9a0c-0305e82c3301","3f2504e0-4f89-11d3-9a0c-0305e82c3302"])");
    for (auto const* wrong :
         {"", "3f2504e0", "3f2504e0-4f89-11d3-9a0c-0305e82c330g", "3f2504e04f8911d39a0c0305e82c33010000",
          "3f2504e0-4f89-11d3-9a0c-0305e82c33011"}) {
        BinaryArray refusing(Element::uuid);
        EXPECT_THROW(refusing.add_uuid(wrong), std::invalid_argument) << wrong;
    }
}

TEST_F(BinaryArrayTest, bytes_and_json_arrive_whole)
{
    BinaryArray bytes(Element::bytes);
    bytes.add(std::string_view("\0\xff'\\", 4));
    EXPECT_EQ(ask("select encode(($1::bytea[])[1], 'hex')", bytes).text(0, 0), "00ff275c");
    BinaryArray values(Element::jsonb);
    for (auto const* value : {R"({"a":"\"\\"})", "[1,2.5]", "null", "\"x\""})
        values.add_json(value);
    EXPECT_EQ(json_of("jsonb", values), R"([{"a": "\"\\"},[1, 2.5],null,"x"])");
}

TEST_F(BinaryArrayTest, what_the_server_cannot_store_is_refused_by_it)
{
    for (auto const wrong :
         {std::string_view("a\0b", 3), std::string_view("\xff\xfe"), std::string_view("\xc3")}) {
        BinaryArray array(Element::text);
        array.add("fine");
        array.add(wrong);
        try {
            ask("select $1::text[]", array);
            ADD_FAILURE();
        } catch (SqlError const& error) {
            EXPECT_EQ(error.sqlstate, "22021");
        }
    }
}

}
}
