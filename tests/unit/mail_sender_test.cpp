#include "base/local_time.h"
#include "mail/sender.h"
#include "mail_servers.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace kutsu::mail
{
namespace
{

namespace fs = std::filesystem;

Parcel parcel(std::string key,
              std::string bytes = "Subject: a\r\nX-Dedupe-Key: k\r\n\r\nbody\r\n.\r\nend\r\n")
{
    return {"from@example.org", "to@example.org", std::move(key), *parse_instant("2027-05-03T06:00:00.120Z"),
            std::move(bytes)};
}

std::string contents(fs::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(MailSmtpUrl, PartsAndDefaults)
{
    EXPECT_EQ(parse_smtp_url("smtp://localhost", "kutsu.example"),
              (SmtpServer{"smtp://localhost:25/kutsu.example", "", "", false, true}));
    EXPECT_EQ(parse_smtp_url("smtp://anna%40x:p%3Aw@mail.example.org", "h"),
              (SmtpServer{"smtp://mail.example.org:587/h", "anna@x", "p:w", false, false}));
    EXPECT_EQ(parse_smtp_url("smtps://a:b@[::1]:1465/", "h"),
              (SmtpServer{"smtps://[::1]:1465/h", "a", "b", true, true}));
}

TEST(MailSmtpUrl, WhatIsNoSmtpAddressIsRefused)
{
    for (auto const* bad : {"", "mail.example.org", "http://mail.example.org", "smtp://", "smtp://a b",
                            "smtp://host/path", "file:///etc/passwd"})
        EXPECT_THROW(parse_smtp_url(bad, "h"), std::invalid_argument) << bad;
}

TEST(MailFolder, OneFileAMailNamedByTimeAndKey)
{
    test::TemporaryFolder const folder;
    auto const sender = make_folder_sender(folder.path() / "mail");

    EXPECT_EQ(sender->send(parcel("confirmed-1")).delivery, Delivery::sent);
    EXPECT_EQ(sender->send(parcel("confirmed:../../1")).delivery, Delivery::sent);
    EXPECT_EQ(sender->send(parcel("confirmed-1", "another text")).delivery, Delivery::sent);

    auto const file = folder.path() / "mail" / "20270503T060000.120Z-confirmed-1.eml";
    EXPECT_EQ(contents(file), parcel("").bytes);
    EXPECT_EQ(fs::status(file).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(fs::status(file.parent_path()).permissions(), fs::perms::owner_all);
    EXPECT_EQ(std::distance(fs::directory_iterator(file.parent_path()), fs::directory_iterator()), 2);
}

TEST(MailFolder, AFolderThatCannotBeMadeIsUnreachable)
{
    test::TemporaryFolder const folder;
    std::ofstream(folder.path() / "mail") << "a file where the folder should be";
    auto const sender = make_folder_sender(folder.path() / "mail");

    EXPECT_EQ(sender->send(parcel("a")).delivery, Delivery::unreachable);
}

TEST(MailSmtp, TheServerGetsExactlyTheBytes)
{
    test::MailServer server;
    auto const sender = make_sender(server.url(), "kutsu.example", "/nowhere");

    EXPECT_EQ(sender->send(parcel("a")).delivery, Delivery::sent);
    EXPECT_EQ(sender->send(parcel("b", "Subject: b\r\n\r\nb\r\n")).delivery, Delivery::sent);

    auto const mails = server.mails();
    ASSERT_EQ(mails.size(), 2U);
    EXPECT_NE(mails[0].find("body\n.\nend\n"), std::string::npos) << mails[0];
    EXPECT_NE(mails[0].find("X-RcptTo: to@example.org\n"), std::string::npos) << mails[0];
    EXPECT_NE(mails[0].find("X-MailFrom: from@example.org\n"), std::string::npos) << mails[0];
}

TEST(MailSmtp, AddressesOfOtherScripts)
{
    test::MailServer server;
    auto const sender = make_sender(server.url(), "kutsu.example", "/nowhere");
    auto cyrillic = parcel("a");
    cyrillic.to = "анна@example.org";

    EXPECT_EQ(sender->send(cyrillic).delivery, Delivery::sent);

    ASSERT_EQ(server.mails().size(), 1U);
}

TEST(MailSmtp, NobodyThere)
{
    auto const sender = make_sender(fmt::format("smtp://127.0.0.1:{}", test::free_port()), "h", "/nowhere");

    auto const outcome = sender->send(parcel("a"));

    EXPECT_EQ(outcome.delivery, Delivery::unreachable);
    EXPECT_FALSE(outcome.reason.empty());
}

TEST(MailSmtp, EachRefusalMeansWhatItSays)
{
    struct Case
    {
        std::map<std::string, std::string> answers;
        Delivery expected;
    };
    for (auto const& [answers, expected] :
         std::vector<Case>{{{{"greeting", "421 busy"}}, Delivery::unreachable},
                           {{{"greeting", "554 go away"}}, Delivery::unreachable},
                           {{{"MAIL", "550 who are you"}}, Delivery::postponed},
                           {{{"MAIL", "421 closing"}}, Delivery::unreachable},
                           {{{"MAIL", "hang up"}}, Delivery::unreachable},
                           {{{"RCPT", "421 closing"}}, Delivery::postponed},
                           {{{"RCPT", "450 grey"}}, Delivery::postponed},
                           {{{"RCPT", "550 no such user"}}, Delivery::refused},
                           {{{"DATA", "554 no"}}, Delivery::refused},
                           {{{"contents", "451 later"}}, Delivery::postponed},
                           {{{"contents", "554 spam"}}, Delivery::refused},
                           {{{"contents", "hang up"}}, Delivery::postponed},
                           {{}, Delivery::sent}}) {
        test::ScriptedServer const server(answers);
        auto const sender = make_sender(server.url(), "h", "/nowhere");

        auto const outcome = sender->send(parcel("a"));

        EXPECT_EQ(outcome.delivery, expected)
            << (answers.empty() ? "" : answers.begin()->second) << ": " << outcome.reason;
    }
}

TEST(MailSmtp, ALoopbackServerMayAskForAPassword)
{
    for (auto const& [answer, expected] : std::map<std::string, Delivery>{
             {"235 come in", Delivery::sent}, {"535 no", Delivery::unreachable}}) {
        test::ScriptedServer const server({{"AUTH", answer}});
        auto const url = "smtp://anna:secret@" + server.url().substr(7);
        auto const sender = make_sender(url, "h", "/nowhere");

        EXPECT_EQ(sender->send(parcel("a")).delivery, expected);
        EXPECT_NE(server.heard().find("AUTH PLAIN"), std::string::npos) << server.heard();
    }
}

TEST(MailSmtp, APasswordStaysHereWithoutEncryption)
{
    // Pretends to be far away: the same server under a name that is not loopback.
    test::ScriptedServer const server({});
    SmtpServer far{server.url() + "/h", "anna", "secret", false, false};
    auto const sender = make_smtp_sender(far);

    EXPECT_EQ(sender->send(parcel("a")).delivery, Delivery::unreachable);
    EXPECT_EQ(server.heard().find("AUTH"), std::string::npos) << server.heard();
}

}
}
