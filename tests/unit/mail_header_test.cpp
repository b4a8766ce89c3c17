#include "mail/header.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace kutsu::mail
{
namespace
{

std::vector<std::string> lines_of(std::string const& header)
{
    std::vector<std::string> lines;
    for (std::size_t from = 0; from < header.size();) {
        auto const to = header.find("\r\n", from);
        lines.push_back(header.substr(from, to - from));
        from = to + 2;
    }
    return lines;
}

TEST(MailHeader, PlainWordsStayAsTheyAre)
{
    EXPECT_EQ(text_header("Subject", "Your seat is confirmed"), "Subject: Your seat is confirmed\r\n");
}

TEST(MailHeader, CyrillicBecomesEncodedWords)
{
    EXPECT_EQ(text_header("Subject", "Йоэнсуу"), "Subject: =?UTF-8?B?0JnQvtGN0L3RgdGD0YM=?=\r\n");
}

TEST(MailHeader, WhatLooksEncodedIsEncoded)
{
    EXPECT_EQ(text_header("Subject", "=?UTF-8?Q?x?="), "Subject: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=\r\n");
}

TEST(MailHeader, LongTextIsFoldedWithinLimits)
{
    std::string cyrillic;
    for (int i = 0; i < 60; ++i)
        cyrillic += "Ж𝄞ä ";
    std::string const english(200, 'x');
    std::string words;
    for (int i = 0; i < 60; ++i)
        words += "seminar ";
    words.pop_back();
    for (auto const& text : {cyrillic, english, words}) {
        auto const lines = lines_of(text_header("Subject", text));

        EXPECT_GT(lines.size(), 1U);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            EXPECT_LE(lines[i].size(), 76U);
            EXPECT_EQ(i > 0, lines[i].starts_with(" ")) << lines[i];
        }
    }
}

TEST(MailHeader, EveryEncodedWordHoldsWholeCharacters)
{
    std::string text;
    for (int i = 0; i < 40; ++i)
        text += i % 3 == 0 ? "ж" : i % 3 == 1 ? "x" : "𝄞";

    auto const lines = lines_of(text_header("Subject", text));

    // The first character of each decoded word begins a character: "=?UTF-8?B?" and the top bits of its first
    // byte.
    for (auto const& line : lines) {
        auto const at = line.find("?B?") + 3;
        EXPECT_FALSE(line[at] >= 'g' && line[at] <= 'v') << line; // 10xxxxxx: a continuation byte
    }
}

TEST(MailHeader, AddressesWithNames)
{
    EXPECT_EQ(mailbox_header("From", {"SILTA II", "a@example.org"}), "From: SILTA II <a@example.org>\r\n");
    EXPECT_EQ(mailbox_header("From", {"Силта", "a@example.org"}),
              "From: =?UTF-8?B?0KHQuNC70YLQsA==?= <a@example.org>\r\n");
    EXPECT_EQ(mailbox_header("From", {"a@b, <c>", "a@example.org"}),
              "From: =?UTF-8?B?YUBiLCA8Yz4=?= <a@example.org>\r\n");
    EXPECT_EQ(mailbox_header("To", {"", "kutsu@localhost"}), "To: kutsu@localhost\r\n");
}

TEST(MailHeader, DomainsOfOtherScriptsBecomeAscii)
{
    EXPECT_EQ(wire_address("anna@пример.рф"), "anna@xn--e1afmkfd.xn--p1ai");
    EXPECT_EQ(wire_address("анна@example.org"), "анна@example.org");
}

TEST(MailHeader, NothingCanBeSmuggledIn)
{
    for (std::string const bad : {"x\r\nBcc: b@example.org", "x\nBcc: b@example.org", "x\ry", "x\ty",
                                  "x\u0085y", "x\u2028y", "x\u202ey", "\xff"}) {
        EXPECT_THROW(text_header("Subject", bad), std::invalid_argument) << bad;
        EXPECT_THROW(mailbox_header("From", {bad, "a@example.org"}), std::invalid_argument) << bad;
        EXPECT_THROW(token_header("X-Dedupe-Key", bad), std::invalid_argument) << bad;
    }
    EXPECT_THROW(text_header("Subject", std::string("x\0y", 3)), std::invalid_argument);
}

TEST(MailHeader, OneRecipientStaysOne)
{
    for (auto const* bad :
         {"a@example.org,b@example.org", "a,b@example.org", "a@example.org\r\nTo: b@example.org",
          "a b@example.org", "<a@example.org>", "\"a\"@example.org", "a;b@example.org", "(c)a@example.org",
          "a@b@example.org", "a@", "@example.org", "a", "a@exa mple.org", "a@example.org>",
          "a..b@example.org", ".a@example.org", "a\xe2\x80\xae@example.org"})
        EXPECT_THROW(wire_address(bad), std::invalid_argument) << bad;
}

TEST(MailHeader, DateOfRfc5322)
{
    EXPECT_EQ(date_header(Instant(std::chrono::milliseconds(1809324000000))),
              "Date: Mon, 03 May 2027 06:00:00 +0000\r\n");
}

}
}
