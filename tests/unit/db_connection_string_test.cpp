#include "db/connection_string.h"
#include "db/error.h"

#include <gtest/gtest.h>

namespace kutsu::test
{
namespace
{

constexpr char address[] = "postgresql://anna:p%20w'%26@db.example.org:5433/kutsu?connect_timeout=7";

TEST(ConnectionStringTest, KeepsWhatIsSaidAndAddsDefaults)
{
    EXPECT_EQ(
        db::complete_connection_string(address),
        "user='anna' password='p w\\'&' connect_timeout='7' dbname='kutsu' host='db.example.org' port='5433' "
        "client_encoding='UTF8' application_name='kutsu' tcp_user_timeout='10000' ");
}

TEST(ConnectionStringTest, TheUriMeansTheSame)
{
    auto const uri = db::connection_uri(address);

    EXPECT_EQ(uri.find_first_of(" '\""), std::string::npos);
    EXPECT_EQ(db::complete_connection_string(uri), db::complete_connection_string(address));
}

TEST(ConnectionStringTest, NonsenseIsRefusedWithoutQuotingIt)
{
    try {
        db::complete_connection_string("password = 'secret");
        FAIL() << "the quote is open";
    } catch (db::DatabaseAway const& error) {
        EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
    }
}

}
}
