#include "html/drawings.h"
#include "html/error_pages.h"
#include "html/forms.h"
#include "html/frame.h"
#include "html/html.h"
#include "pages_samples.h"

#include <gtest/gtest.h>

#include <concepts>

namespace kutsu::html
{
namespace
{

template <class Build>
std::string built(Build build)
{
    Html html;
    build(html);
    return std::move(html).bytes();
}

// A wrong context must not compile.
static_assert(!std::constructible_from<Attr, std::string_view, std::string>);
static_assert(!std::convertible_to<std::string, SafeHtml>);
static_assert(!std::constructible_from<SafeHtml, std::string>);
static_assert(!std::constructible_from<Url, std::string>);
template <class Value>
concept Address = requires(Value value) { attr::href(value); };
static_assert(Address<Url> && !Address<std::string>);

TEST(Html, EscapesTextAndAttributes)
{
    auto const page = built([](Html& html) {
        html.add(Tag::p, {attr::title("a\"b'c<d>&"), attr::data("x", "</p>")},
                 "<script>alert('1')</script> & co");
    });

    EXPECT_EQ(
        page,
        "<p title=\"a&quot;b&#39;c&lt;d&gt;&amp;\" data-x=\"&lt;/p&gt;\">&lt;script&gt;alert(&#39;1&#39;)"
        "&lt;/script&gt; &amp; co</p>");
}

TEST(Html, LeavesOutAttributesThatAreNothing)
{
    auto const page = built([](Html& html) {
        html.add(Tag::a,
                 {attr::href(Url::parse("javascript:alert(1)")), attr::lang(""), attr::hidden(false),
                  attr::aria("label", "")},
                 "x");
        html.add(Tag::input, {attr::required(true), attr::checked(false)});
    });

    EXPECT_EQ(page, "<a>x</a><input required>");
}

TEST(Html, PutsElementsIntoSentences)
{
    auto const page = built([](Html& html) {
        html.sentence("fi", "register.closes", {{"moment", [&] { html.add(Tag::time, {}, "<nyt>"); }}});
    });

    EXPECT_EQ(page, "Ilmoittautuminen päättyy <time>&lt;nyt&gt;</time>.");
}

TEST(Html, DataForSearchEnginesCannotEndItsScript)
{
    boost::json::object const data{
        {"name", "</script><script>alert(1)</script> & \xE2\x80\xA8 \xE2\x80\xA9 ä"}};

    auto const text = json_for_script(data);

    EXPECT_EQ(
        text,
        R"({"name":"\u003c/script\u003e\u003cscript\u003ealert(1)\u003c/script\u003e \u0026 \u2028 \u2029 ä"})");
    EXPECT_EQ(boost::json::parse(text), boost::json::value(data));
}

TEST(Html, MarksWordsInAnotherLanguage)
{
    Text const english({{"en", "Only here", TextStatus::approved}});

    auto const page = built([&](Html& html) {
        add_words(html, Tag::h1, english, "fi");
        add_note(html, shown(english, "fi"), "fi");
    });

    EXPECT_EQ(page,
              "<h1 lang=\"en\">Only here</h1><p class=\"translation-note\">Saatavilla vain englanniksi.</p>");
    EXPECT_TRUE(shown(Text(), "fi").is_missing);
    EXPECT_EQ(only_in(shown(english, "en"), "en"), "");
}

TEST(Url, RefusesWhatIsNotPlainlyAnAddress)
{
    for (auto const* bad :
         {"javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)",
          "data:text/html,x", "vbscript:x", "//evil.example", "\\\\evil.example", "/\\evil.example", "",
          "blob:x", "file:///etc/passwd", "http://a b"})
        EXPECT_TRUE(Url::parse(bad).empty()) << bad;
    for (auto const* good : {"https://example.org/a?b=c#d", "HTTP://example.org", "mailto:a@example.org",
                             "tel:+358401234567", "/fi/", "?kind=seminar", "#main", "a/b:c"})
        EXPECT_EQ(Url::parse(good).text(), good);
}

TEST(Url, EncodesSegmentsAndParameters)
{
    auto const url = Url::local({"fi", "events", "a/b ?"}).with("q", "ä&b=c").with("x", "1");

    EXPECT_EQ(url.text(), "/fi/events/a%2Fb%20%3F?q=%C3%A4%26b%3Dc&x=1");
    EXPECT_EQ(Url::webcal("https://example.org", Url::local({"a.ics"})).text(), "webcal://example.org/a.ics");
    EXPECT_TRUE(Url::webcal("nonsense", Url::local({"a.ics"})).empty());
    EXPECT_EQ(Url::absolute("https://example.org", Url::local({"a"})).text(), "https://example.org/a");
}

TEST(Forms, TellErrorsToAssistivePrograms)
{
    FormState form{"fi", Values({{"email", "<b>@x"}}), {{"email", "field.email", {}}}};
    Field field;
    field.name = "email";
    field.label = "Sähköposti";
    field.hint = "Vihje";
    field.required = true;

    auto const page = built([&](Html& html) { add_input(html, form, field); });

    EXPECT_NE(page.find("aria-invalid=\"true\""), std::string::npos);
    EXPECT_NE(page.find("aria-describedby=\"hint-email error-email\""), std::string::npos);
    EXPECT_NE(page.find("value=\"&lt;b&gt;@x\""), std::string::npos);
    EXPECT_NE(page.find("id=\"error-email\">Kirjoita sähköpostiosoite"), std::string::npos);
}

TEST(Forms, SumUpErrorsAsLinksToTheirFields)
{
    FormState const form{"fi", {}, {{"answers.size", "field.missing", {}}}};

    auto const page = built([&](Html& html) {
        add_error_summary(html, form, [](std::string_view) { return std::string("Koko"); });
    });

    EXPECT_NE(page.find("<a href=\"#field-answers-size\">Koko: Tämä tieto puuttuu.</a>"), std::string::npos);
    EXPECT_EQ(page.find("hidden"), std::string::npos);
    EXPECT_NE(page.find("role=\"alert\""), std::string::npos);
}

TEST(Drawings, AQrCodeIsOnePathWithAnAlternative)
{
    auto const page = built([](Html& html) { add_qr(html, "https://example.org/x", "<koodi>"); });

    EXPECT_NE(page.find("aria-label=\"&lt;koodi&gt;\""), std::string::npos);
    EXPECT_NE(page.find("<path fill=\"#000\" d=\"M4 4h7v1h-7z"), std::string::npos);
}

TEST(Drawings, TheEmblemHasTwelveStars)
{
    auto const page = built([](Html& html) { add_eu_emblem(html, "EU"); });

    std::size_t stars = 0;
    for (auto at = page.find("<polygon"); at != std::string::npos; at = page.find("<polygon", at + 1))
        ++stars;
    EXPECT_EQ(stars, 12U);
}

TEST(Frame, KeepsPageAndQueryWhenTheLanguageChanges)
{
    Head head;
    head.title = "Otsikko";
    head.path = Url::local({"events", "x"});
    head.query = "?kind=seminar";

    auto const document =
        page(samples::around("fi"), head, {}, [](Html& html) { html.add(Tag::h1, "Otsikko"); });

    EXPECT_NE(document.find("href=\"/ru/events/x?kind=seminar\""), std::string::npos);
    EXPECT_NE(document.find("<title>Otsikko – Kutsu</title>"), std::string::npos);
    for (auto const* hreflang :
         {"hreflang=\"fi\"", "hreflang=\"en\"", "hreflang=\"ru\"", "hreflang=\"x-default\""})
        EXPECT_NE(document.find(hreflang), std::string::npos) << hreflang;
    EXPECT_NE(document.find("rel=\"canonical\" href=\"https://kutsu.example.org/fi/events/x\""),
              std::string::npos);
}

TEST(ErrorPages, HaveTheirStatusAndNoAddressToShare)
{
    auto const assets = samples::around("fi").assets;

    EXPECT_EQ(not_found_page("fi", assets).status, 404);
    EXPECT_EQ(gone_page("en", assets).status, 410);
    EXPECT_EQ(unavailable_page("ru", assets, 1500).status, 503);
    EXPECT_EQ(broken_page("fi", assets, "7f3a").status, 500);
    EXPECT_NE(not_found_page("fi", assets).body->find("name=\"robots\" content=\"noindex\""),
              std::string::npos);
    EXPECT_NE(broken_page("fi", assets, "<7f3a>").body->find("&lt;7f3a&gt;"), std::string::npos);
}

TEST(ErrorPages, NameTheWaitInWholeSeconds)
{
    auto const response = too_many_requests_page("fi", {}, 1500);

    EXPECT_EQ(response.status, 429);
    EXPECT_NE(std::ranges::find(response.headers, std::pair<std::string, std::string>("Retry-After", "2")),
              response.headers.end());
}

TEST(ErrorPages, AnEmbargoedThingIsNotFound)
{
    Problem problem;
    problem.name = ProblemName::embargoed;

    auto const response = problem_page(problem, "fi", {});

    EXPECT_EQ(response.status, 404);
    EXPECT_EQ(*response.body, *not_found_page("fi", {}).body);
}

}
}
