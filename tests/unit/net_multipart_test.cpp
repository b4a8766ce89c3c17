#include "net/multipart.h"

#include <gtest/gtest.h>

#include <random>

namespace kutsu::net
{
namespace
{

constexpr char const* type = "multipart/form-data; boundary=----X";

std::string body_of(std::string_view parts)
{
    return std::string(parts) + "------X--\r\n";
}

std::string field(std::string_view name, std::string_view value)
{
    return "------X\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" +
           std::string(value) + "\r\n";
}

std::string file(std::string_view head, std::string_view content)
{
    return "------X\r\nContent-Disposition: form-data; " + std::string(head) +
           "\r\nContent-Type: application/pdf\r\n\r\n" + std::string(content) + "\r\n";
}

TEST(Multipart, reads_fields_and_files_in_order)
{
    auto const sent = parse_multipart(
        type,
        body_of(field("name", "Светлана") + field("answers.topics", "a") + field("answers.topics", "b") +
                file(R"(name="answers.cv"; filename="C:\own\cv \"1\".pdf")", "%PDF-1.7\r\n--\r\n\0x")));

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->fields.find("name"), "Светлана");
    EXPECT_EQ(sent->fields.all("answers.topics"), (std::vector<std::string>{"a", "b"}));
    ASSERT_EQ(sent->files.size(), 1U);
    EXPECT_EQ(sent->files[0].field, "answers.cv");
    EXPECT_EQ(sent->files[0].name, "cv \"1\".pdf");
    EXPECT_TRUE(sent->files[0].content.starts_with("%PDF-1.7\r\n--"));
}

TEST(Multipart, keeps_the_bytes_of_a_file)
{
    std::string bytes;
    for (int i = 0; i < 1024; ++i)
        bytes += static_cast<char>(i % 256);
    auto const sent = parse_multipart(type, body_of(file(R"(name="f"; filename="a.bin")", bytes)));

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->files[0].content, bytes);
}

TEST(Multipart, leaves_out_a_file_that_was_not_chosen)
{
    auto const sent =
        parse_multipart(type, body_of(field("name", "A") + file(R"(name="f"; filename="")", "")));

    ASSERT_TRUE(sent);
    EXPECT_TRUE(sent->files.empty());
}

TEST(Multipart, unescapes_what_browsers_escape)
{
    auto const sent = parse_multipart(type, body_of(file(R"(name="f"; filename="a%22b%0D%0Ac.pdf")", "x")));

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->files[0].name, "a\"b  c.pdf");
}

TEST(Multipart, refuses_what_is_not_well_formed)
{
    auto const good = body_of(field("name", "A"));
    EXPECT_TRUE(parse_multipart(type, good));
    EXPECT_FALSE(parse_multipart("multipart/form-data", good));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=", good));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=" + std::string(71, 'x'), good));
    EXPECT_FALSE(parse_multipart("multipart/mixed; boundary=----X", good));
    EXPECT_FALSE(parse_multipart("multipart/form-data; boundary=other", good));
    EXPECT_FALSE(parse_multipart(type, ""));
    EXPECT_FALSE(parse_multipart(type, good.substr(0, good.size() - 4))); // no end
    EXPECT_FALSE(parse_multipart(type, "preamble\r\n" + good));
    EXPECT_FALSE(parse_multipart(type, body_of("------X\r\nContent-Type: text/plain\r\n\r\nA\r\n")));
    EXPECT_FALSE(parse_multipart(type, body_of("------X\r\nno header\r\n\r\nA\r\n")));
    EXPECT_FALSE(parse_multipart(type, body_of(file(R"(name="f; filename="a)", "x"))));
    EXPECT_FALSE(parse_multipart(type, body_of(file(R"(name="f"; name="g"; filename="a")", "x"))));
}

TEST(Multipart, names_fields_whose_text_is_none)
{
    auto const sent =
        parse_multipart(type, body_of(field("name", "\xff") + field("diet", std::string_view("a\0b", 3)) +
                                      field("city", "Joensuu")));

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->unclean, (std::vector<std::string>{"name", "diet"}));
    EXPECT_EQ(sent->fields.find("name"), "");
    EXPECT_EQ(sent->fields.find("city"), "Joensuu");
    EXPECT_FALSE(parse_multipart(type, body_of(field("na\xffme", "A"))));
}

TEST(Form, names_fields_whose_text_is_none)
{
    auto const of = [](std::string body) {
        Request request;
        request.headers["content-type"] = "application/x-www-form-urlencoded";
        request.body = std::move(body);
        return parse_form(request);
    };
    auto const sent = of("name=%FF&diet=a%00b&city=Joensuu&city=&x");

    ASSERT_TRUE(sent);
    EXPECT_EQ(sent->unclean, (std::vector<std::string>{"name", "diet"}));
    EXPECT_EQ(sent->fields.find("diet"), "");
    EXPECT_EQ(sent->fields.all("city"), (std::vector<std::string>{"Joensuu", ""}));
    EXPECT_TRUE(of("name=A")->unclean.empty());
    EXPECT_FALSE(of("na%FFme=A"));
    EXPECT_FALSE(of("%FF"));
}

TEST(Multipart, takes_no_more_parts_than_it_says)
{
    auto const of = [](std::size_t count) {
        std::string parts;
        for (std::size_t i = 0; i < count; ++i)
            parts += field("a", "b");
        return parse_multipart(type, body_of(parts)).has_value();
    };

    EXPECT_TRUE(of(part_limit));
    EXPECT_FALSE(of(part_limit + 1));
}

// Damaged bodies are refused or read, and never read beyond (the sanitizers would tell).
TEST(Multipart, survives_damage)
{
    auto const good =
        body_of(field("name", "A") + file(R"(name="f"; filename="a.pdf")", "%PDF") + field("b", "c"));
    std::mt19937 random(7); // NOLINT: the same damage each time
    for (int round = 0; round < 20'000; ++round) {
        auto damaged = good;
        for (int i = 0; i < 3; ++i) {
            auto const at = random() % damaged.size();
            if (random() % 2)
                damaged[at] = static_cast<char>(random());
            else
                damaged.erase(at, random() % 5);
            if (damaged.empty())
                break;
        }
        auto const sent = parse_multipart(type, damaged);
        if (sent)
            EXPECT_LE(sent->fields.pairs().size() + sent->files.size(), 4U);
    }
    for (std::size_t length = 0; length < good.size() - 4; ++length)
        EXPECT_FALSE(parse_multipart(type, good.substr(0, length)));
}

}
}
