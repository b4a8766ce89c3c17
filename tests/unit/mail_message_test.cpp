#include "base/local_time.h"
#include "mail/message.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <unistd.h>

namespace kutsu::mail
{
namespace
{

Mail small(std::string language, std::string subject, std::string text)
{
    Mail mail;
    mail.from = {"SILTA II", "seminars@kutsu.example"};
    mail.to = {"", "anna@example.org"};
    mail.subject = std::move(subject);
    mail.text = std::move(text);
    mail.html = "<p>x</p>\n";
    mail.language = std::move(language);
    mail.dedupe_key = "confirmed:1";
    mail.message_id = message_id_of(mail.dedupe_key, "kutsu.example");
    mail.date = *parse_instant("2027-05-03T06:00:00Z");
    return mail;
}

// The parts that differ by language are put in; the rest is what every mail is made of.
std::string golden(std::string_view subject, std::string_view language, std::string_view text_base64)
{
    auto const replaced = [&](std::string text, std::string_view what, std::string_view with) {
        for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
            text.replace(at, what.size(), with);
        return text;
    };
    std::string const bytes = R"(Date: Mon, 03 May 2027 06:00:00 +0000
From: SILTA II <seminars@kutsu.example>
To: anna@example.org
Subject: SUBJECT
Message-ID: <ff0ef04743cff2ae049e1c506ee9863f47cfe8cf@kutsu.example>
X-Dedupe-Key: confirmed:1
Auto-Submitted: auto-generated
Content-Language: LANGUAGE
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary="BOUNDARY"

--BOUNDARY
Content-Type: text/plain; charset=utf-8
Content-Language: LANGUAGE
Content-Transfer-Encoding: base64

TEXT
--BOUNDARY
Content-Type: text/html; charset=utf-8
Content-Language: LANGUAGE
Content-Transfer-Encoding: base64

PHA+eDwvcD4NCg==
--BOUNDARY--
)";
    auto filled =
        replaced(replaced(replaced(bytes, "SUBJECT", subject), "LANGUAGE", language), "TEXT", text_base64);
    filled = replaced(filled, "BOUNDARY", "kutsu-a5ed2e8c53eabf8c2c9a7fbf8801b969");
    return replaced(filled, "\n", "\r\n");
}

// What Python's own parser understands: an independent reading of the bytes.
std::string parsed_by_python(std::string const& bytes, std::string const& expression)
{
    auto const path =
        (std::filesystem::temp_directory_path() / ("kutsu-mail-" + std::to_string(::getpid()) + ".eml"))
            .string();
    std::ofstream(path, std::ios::binary) << bytes;
    auto const command =
        "python3 -c \"import sys, email, email.policy, email.header\n"
        "m = email.message_from_bytes(open(sys.argv[1], 'rb').read(), policy=email.policy.default)\n"
        "sys.stdout.buffer.write(str(" +
        expression + ").encode())\" " + path;
    std::unique_ptr<FILE, int (*)(FILE*)> const pipe(::popen(command.c_str(), "r"), &::pclose);
    std::string answer;
    std::array<char, 4096> buffer{};
    while (auto const length = std::fread(buffer.data(), 1, buffer.size(), pipe.get()))
        answer.append(buffer.data(), length);
    std::remove(path.c_str());
    return answer;
}

TEST(MailMessage, BytesInEachLanguage)
{
    EXPECT_EQ(to_bytes(small("en", "Your seat is confirmed", "Hello\n")),
              golden("Your seat is confirmed", "en", "SGVsbG8NCg=="));
    EXPECT_EQ(to_bytes(small("fi", "Pääsylippu", "Hyvää päivää\n")),
              golden("=?UTF-8?B?UMOkw6RzeWxpcHB1?=", "fi", "SHl2w6TDpCBww6RpdsOkw6QNCg=="));
    EXPECT_EQ(to_bytes(small("ru", "Место подтверждено", "Да\n")),
              golden("=?UTF-8?B?0JzQtdGB0YLQviDQv9C+0LTRgtCy0LXRgNC20LTQtdC90L4=?=", "ru", "0JTQsA0K"));
}

TEST(MailMessage, AnotherParserReadsTheSame)
{
    auto const bytes = to_bytes(
        small("ru", "Место подтверждено: Весенний семинар проекта «СИЛТА II», Йоэнсуу и Петропавловск",
              "Да, конечно\n"));

    EXPECT_EQ(parsed_by_python(bytes, "m['subject']"),
              "Место подтверждено: Весенний семинар проекта «СИЛТА II», Йоэнсуу и Петропавловск");
    EXPECT_EQ(parsed_by_python(bytes, "m.get_body(('plain',)).get_content()"), "Да, конечно\r\n");
    EXPECT_EQ(parsed_by_python(bytes, "m.get_body(('html',)).get_content()"), "<p>x</p>\r\n");
    EXPECT_EQ(parsed_by_python(bytes, "[len(m.defects), len(m['to'].addresses), m.get_content_type()]"),
              "[0, 1, 'multipart/alternative']");
}

TEST(MailMessage, LinesAreShortAndEndWithCrlf)
{
    std::string text;
    for (int i = 0; i < 5000; ++i)
        text += "ж";
    auto mail = small("ru", std::string(300, 'x'), text);
    mail.reply_to = Mailbox{"Ещё одно очень длинное имя организатора семинара", "organiser@example.org"};

    auto const bytes = to_bytes(mail);

    std::size_t from = 0;
    for (auto to = bytes.find('\n'); to != std::string::npos; to = bytes.find('\n', from)) {
        ASSERT_EQ(bytes[to - 1], '\r');
        EXPECT_LE(to - 1 - from, 78U);
        from = to + 1;
    }
    EXPECT_EQ(from, bytes.size());
    // Its reader of address lists forgets that blanks between encoded words vanish (RFC 2047, section 6.2).
    EXPECT_EQ(parsed_by_python(bytes,
                               "email.header.make_header(email.header.decode_header(email.message_from_bytes("
                               "open(sys.argv[1], 'rb').read())['reply-to']))"),
              mail.reply_to->name + " <organiser@example.org>");
}

TEST(MailMessage, SameMailSameBytes)
{
    EXPECT_EQ(to_bytes(small("fi", "a", "b")), to_bytes(small("fi", "a", "b")));
    EXPECT_NE(message_id_of("a", "h"), message_id_of("b", "h"));
}

TEST(MailMessage, HeadersFromOutsideCannotAddHeaders)
{
    auto const refused = [](auto change) {
        auto mail = small("fi", "a", "b");
        change(mail);
        EXPECT_THROW(to_bytes(mail), std::invalid_argument);
    };
    refused([](Mail& m) { m.subject = "a\r\nBcc: b@example.org"; });
    refused([](Mail& m) { m.to.address = "a@example.org\r\nBcc: b@example.org"; });
    refused([](Mail& m) { m.to.address = "a@example.org, b@example.org"; });
    refused([](Mail& m) { m.from.name = "a\nX: y"; });
    refused([](Mail& m) { m.reply_to = Mailbox{"", "a@example.org\nX: y"}; });
    refused([](Mail& m) { m.dedupe_key = "a\r\nX: y"; });
    refused([](Mail& m) { m.dedupe_key = "a b"; });
    refused([](Mail& m) { m.language = "fi\r\nX: y"; });
}

TEST(MailMessage, ABodyCannotEndItsPart)
{
    auto const bytes = to_bytes(small("en", "a", "\n.\n--kutsu\n\nFrom me\n"));

    EXPECT_EQ(parsed_by_python(bytes, "m.get_body(('plain',)).get_content()"),
              "\r\n.\r\n--kutsu\r\n\r\nFrom me\r\n");
}

}
}
