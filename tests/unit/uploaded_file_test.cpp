#include "registration/uploaded_file.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

std::string zip(std::string const& first, std::string const& rest)
{
    std::string head("PK\x03\x04", 4);
    head.resize(30, '\0');
    return head + first + std::string(40, '\0') + rest;
}

TEST(UploadedFile, is_what_its_contents_say)
{
    auto const kind = [](std::string const& content) { return sniffed_media_type(content); };

    EXPECT_EQ(kind("%PDF-1.7\n"), "application/pdf");
    EXPECT_EQ(kind("\xff\xd8\xff\xe0 JFIF"), "image/jpeg");
    EXPECT_EQ(kind("\x89PNG\r\n\x1a\n...."), "image/png");
    EXPECT_EQ(kind("RIFF\x10...WEBPVP8 "), "image/webp");
    EXPECT_EQ(kind("nimi;maa\nАнна;KZ\n"), "text/plain");
    EXPECT_EQ(kind(zip("[Content_Types].xml", "word/document.xml")),
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document");
    EXPECT_EQ(kind(zip("mimetypeapplication/vnd.oasis.opendocument.textPK", "")),
              "application/vnd.oasis.opendocument.text");
}

TEST(UploadedFile, is_refused_when_it_is_nothing_known_or_runs)
{
    auto const kind = [](std::string const& content) { return sniffed_media_type(content); };

    EXPECT_EQ(kind(""), "");
    EXPECT_EQ(kind(std::string("MZ\x90\0\x03", 5)), "");
    EXPECT_EQ(kind("\x7f"
                   "ELF\x02\x01"),
              "");
    EXPECT_EQ(kind("GIF89a\x01\x02"), "");
    EXPECT_EQ(kind(zip("evil.exe", "")), "");
    EXPECT_EQ(kind(zip("[Content_Types].xml", "word/document.xml word/vbaProject.bin")), "");
    EXPECT_EQ(kind("caf\xe9 in another encoding"), "");
    EXPECT_EQ(kind("....WEBPVP8 \x01"), "");
}

TEST(UploadedFile, has_a_name_that_can_be_saved)
{
    EXPECT_EQ(stored_name("cv.pdf", "application/pdf"), "cv.pdf");
    EXPECT_EQ(stored_name("CV.PDF", "application/pdf"), "CV.PDF");
    EXPECT_EQ(stored_name("photo.jpeg", "image/jpeg"), "photo.jpeg");
    EXPECT_EQ(stored_name("C:\\Users\\anna\\резюме.exe", "application/pdf"), "резюме.exe.pdf");
    EXPECT_EQ(stored_name("../../etc/passwd", "text/plain"), "passwd.txt");
    EXPECT_EQ(stored_name("..", "text/plain"), "file.txt");
    EXPECT_EQ(stored_name("a\r\nSet-Cookie: x.pdf", "application/pdf"), "a Set-Cookie: x.pdf");
    EXPECT_EQ(stored_name("\xff", "application/pdf"), "file.pdf");
    std::string long_name;
    for (int i = 0; i < 300; ++i)
        long_name += "Щ";
    EXPECT_EQ(stored_name(long_name, "application/pdf").size(), 196U * 2 + 4);
}

TEST(UploadedFile, is_always_a_download)
{
    EXPECT_EQ(attachment_header("cv \"1\".pdf"),
              "attachment; filename=\"cv _1_.pdf\"; filename*=UTF-8''cv%20%221%22.pdf");
    EXPECT_EQ(attachment_header("Щ.pdf"), "attachment; filename=\"__.pdf\"; filename*=UTF-8''%D0%A9.pdf");
}

}
}
