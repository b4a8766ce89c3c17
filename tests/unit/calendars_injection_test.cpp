#include "calendars_samples.h"

namespace kutsu::calendars
{
namespace
{

using namespace samples;

std::vector<std::string> const nasty = {"\r\nX-INJ:1",
                                        "\rX-INJ:1",
                                        "\nX-INJ:1",
                                        "\u0085X-INJ:1",
                                        "\u2028X-INJ:1",
                                        "\u2029X-INJ:1",
                                        std::string("\0X-INJ:1", 8),
                                        "\x01X-INJ:1",
                                        "\x0BX-INJ:1",
                                        "\x0CX-INJ:1",
                                        "\x7FX-INJ:1",
                                        "\uFEFFX-INJ:1",
                                        "\xFFX-INJ:1",
                                        "\xD0X-INJ:1",
                                        "\xC0\x8DX-INJ:1",
                                        "\r\n X-INJ:1",
                                        "\r\n\r\nEND:VEVENT\r\nX-INJ:1"};

// A feed whose every text says `words`; URIs keep their last good value when `words` makes them impossible.
std::string feed_saying(std::string const& words)
{
    auto said = event();
    auto about = head();
    auto const one = Line::from("a" + words + "b").value_or(line("refused"));
    auto const many = Text::from("a" + words + "b").value_or(text("refused"));
    said.summary.words = one;
    said.description = {many, language("ru")};
    said.location = {one, language("ru")};
    said.categories = {one, one};
    said.reference = one;
    said.url = Uri::from("https://kutsu.example/" + words).value_or(*Uri::from("https://kutsu.example/"));
    said.kind = said.url;
    about.name.words = one;
    about.description = {many, language("ru")};
    about.source = said.url;
    return write_calendar(Calendar{about, {said}});
}

TEST(CalendarInjection, NoTextStartsALine)
{
    auto const lines = unfolded(feed_saying("plain")).size();

    for (auto const& each : nasty) {
        auto const bytes = feed_saying(each);
        EXPECT_EQ(unfolded(bytes).size(), lines) << each;
        EXPECT_EQ(after("X-INJ", bytes), "(none)") << each;
        EXPECT_EQ(lint(bytes), std::vector<Violation>()) << each;
    }
}

TEST(CalendarInjection, NoNameCarriesAnythingAlong)
{
    for (auto const& each : nasty) {
        EXPECT_FALSE(Uri::from("https://kutsu.example/" + each)) << each;
        EXPECT_FALSE(Uri::from("https://kutsu" + each + ".example/")) << each;
        EXPECT_FALSE(Uri::from("https" + each)) << each;
        EXPECT_FALSE(LanguageTag::from("fi" + each)) << each;
        EXPECT_FALSE(ZoneName::from("Europe/Helsinki" + each)) << each;
        EXPECT_FALSE(Color::from("teal" + each)) << each;
        EXPECT_FALSE(Uid::from("ev-1@kutsu.example" + each)) << each;
        EXPECT_FALSE(Uid::from("ev-1" + each, "kutsu.example")) << each;
    }
}

}
}
