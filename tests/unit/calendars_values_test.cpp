#include "calendars_samples.h"

#include <cmath>

namespace kutsu::calendars
{
namespace
{

using namespace samples;

std::string tidy(std::string_view input)
{
    auto const made = Text::from(input);
    return made ? made->str() : "(refused)";
}

std::string uri(std::string_view input)
{
    auto const made = Uri::from(input);
    return made ? made->str() : "(refused)";
}

TEST(CalendarText, IsComposed)
{
    EXPECT_EQ(tidy("Joensuun yliopisto, Ita\u0308-Suomi"), "Joensuun yliopisto, Itä-Suomi");
    EXPECT_EQ(tidy("и\u0306"), "й");
}

TEST(CalendarText, LosesControlCharactersButKeepsLineBreaks)
{
    EXPECT_EQ(tidy("a\x01\x02"
                   "b\x7F\x0B"
                   "c"),
              "abc");
    EXPECT_EQ(tidy(std::string_view("a\0b", 3)), "ab");
    EXPECT_EQ(tidy("\uFEFFa"), "a");
    EXPECT_EQ(tidy("a\r\nb\rc\nd\u0085e\u2028f\u2029g"), "a\nb\nc\nd\ne\nf\ng");
}

TEST(CalendarText, HasNoMarkWithoutALetter)
{
    EXPECT_EQ(tidy("\u0301a\n\u0301b \u0301c\n\x01\u0301d"), "a\nb c\nd");
    EXPECT_EQ(tidy("x" + std::string("\u030C\u030C\u030C\u030C\u030C\u030C\u030C\u030C") + "\u030C\u030C"),
              "x\u030C\u030C\u030C\u030C\u030C\u030C\u030C\u030C");
}

TEST(CalendarText, HasNoIdleBlanks)
{
    EXPECT_EQ(tidy("  a \t b  "), "a b");
    EXPECT_EQ(tidy("a  \n  b\n\n\n\nc\n"), "a\nb\n\nc");
    EXPECT_EQ(tidy(" \n\t"), "");
}

TEST(CalendarText, OfOneLineTurnsBreaksIntoBlanks)
{
    EXPECT_EQ(Line::from("Room 1\r\nMain street\n\nJoensuu")->str(), "Room 1 Main street Joensuu");
}

TEST(CalendarText, ThatIsNotUtf8IsRefused)
{
    EXPECT_EQ(tidy("a\xFF"), "(refused)");
    EXPECT_EQ(tidy("\xD0"), "(refused)");
    EXPECT_EQ(tidy("\xC0\x8A"), "(refused)");
    EXPECT_EQ(tidy("\xED\xA0\x80"), "(refused)");
}

TEST(CalendarText, IsUnchangedByMakingItAgain)
{
    std::string letters, towers;
    for (int i = 0; i < 100; ++i) {
        letters += "Ы ";
        towers += "x\u030C\u030C ";
    }
    for (auto const& input :
         {std::string("a\u0301  \r\n b"), letters, towers, "e" + std::string(200, ' ') + "\u0301"}) {
        auto const once = tidy(input);
        EXPECT_EQ(tidy(once), once);
    }
}

TEST(CalendarUri, OfRfc3986IsKeptAsItIs)
{
    for (auto const* each : {"https://kutsu.example/fi/events/x?a=1&b=(2)#c", "mailto:a@b.example",
                             "urn:uuid:1-2", "https://[2001:db8::1]:8443/", "http://user:pw@host:80/%C3%A4"})
        EXPECT_EQ(uri(each), each);
}

TEST(CalendarUri, EncodesWhatAnIriMaySay)
{
    EXPECT_EQ(uri("https://itä.example/ä ö?q=\"й\"#a#b"),
              "https://xn--it-wia.example/%C3%A4%20%C3%B6?q=%22%D0%B9%22#a%23b");
    EXPECT_EQ(uri("https://президент.рф"), "https://xn--d1abbgf6aiiy.xn--p1ai");
    EXPECT_EQ(uri("https://a.example/100%/[x]"), "https://a.example/100%25/%5Bx%5D");
}

TEST(CalendarUri, ThatIsNoneIsRefused)
{
    for (auto const* each :
         {"", "kutsu.example", "https:", "https://", "https:///x", "https://a b/", "http://a:b@/",
          "https://a.example:port/", "1a:x", "http:x", "https://a.example/\r\nX-INJ:1",
          "https://a.example/\u2028", "https://a.example/\xFF", "https://a.example/\x7F"})
        EXPECT_EQ(uri(each), "(refused)") << each;
}

TEST(CalendarNames, AreShapedAsTheirStandardsWant)
{
    for (auto const* each : {"fi", "en-GB", "sr-Latn-RS", "de-1996"})
        EXPECT_TRUE(LanguageTag::from(each)) << each;
    for (auto const* each : {"", "f", "f1", "en_GB", "fi-", "-fi", "fi;X=1", "abcdefghi", "fi\r\n"})
        EXPECT_FALSE(LanguageTag::from(each)) << each;
    for (auto const* each : {"/x/Europe/Moscow", "", "Europe/Mos cow", "Europe/Moscow:", "\"A\""})
        EXPECT_FALSE(ZoneName::from(each)) << each;
    for (auto const* each : {"", "@", "a@", "@b", "a@b@c", "a b@c", "a@b\r\n", "ä@b"})
        EXPECT_FALSE(Uid::from(each)) << each;
    EXPECT_EQ(Uid::from("ev-sem-spring", "kutsu.example"), Uid::from("ev-sem-spring@kutsu.example"));
    EXPECT_TRUE(Color::from("teal") && !Color::from("Teal") && !Color::from("") &&
                !Color::from("teal thistle") && !Color::from("#008080"));
}

TEST(CalendarGeo, IsOnThisPlanet)
{
    EXPECT_TRUE(Geo::from(62.6, 29.76) && Geo::from(-90, 180));
    EXPECT_FALSE(Geo::from(90.1, 0) || Geo::from(0, -180.5) || Geo::from(std::nan(""), 0));
}

TEST(CalendarSpan, EndsAfterItStarts)
{
    auto const nine = Moment{utc(2027, 5, 27, 9), zone("Europe/Helsinki")};
    auto const monday = date::year(2027) / 3 / 1, tuesday = date::year(2027) / 3 / 2;

    EXPECT_FALSE(Span::timed(nine, nine));
    EXPECT_FALSE(Span::all_day(tuesday, monday));
    EXPECT_FALSE(Span::all_day(date::year(2027) / 2 / 29, monday));
    EXPECT_FALSE(Span::all_day(date::year(10000) / 1 / 1, date::year(10000) / 1 / 1));
    EXPECT_FALSE(Span::timed(nine, {utc(9999, 1, 1), zone("UTC")}));
    EXPECT_FALSE(Span::timed(nine, {Utc::max(), zone("UTC")}));
    EXPECT_TRUE(Span::all_day(monday, monday));
}

}
}
