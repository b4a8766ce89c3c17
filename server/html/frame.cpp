#include "html/frame.h"

#include "base/local_time.h"
#include "base/messages.h"
#include "html/drawings.h"

#include <fmt/format.h>

#include <array>

namespace kutsu::html
{
namespace
{

// Each language names itself.
std::string own_name(std::string_view language)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 3> names = {
        {{"fi", "Suomi"}, {"en", "English"}, {"ru", "Русский"}}};
    for (auto const& [code, name] : names) {
        if (code == language)
            return std::string(name);
    }
    return language_name(language, language);
}

void add_alternates(Html& html, Surroundings const& in, Head const& head)
{
    auto const link = [&](std::string_view rel, std::string_view hreflang, std::string_view language) {
        html.add(Tag::link, {attr::rel(rel), attr::hreflang(hreflang),
                             attr::href(Url::absolute(in.base_url, in_language(language, head.path)))});
    };
    link("canonical", {}, in.language);
    for (auto const& language : languages())
        link("alternate", language, language);
    link("alternate", "x-default", in.default_language);
    if (!head.calendar.empty())
        html.add(Tag::link, {attr::rel("alternate"), attr::type("text/calendar"), attr::href(head.calendar),
                             attr::title(head.calendar_title)});
}

void add_open_graph(Html& html, Surroundings const& in, Head const& head)
{
    auto const meta = [&](std::string_view property, std::string_view content) {
        if (!content.empty())
            html.add(Tag::meta, {attr::property(property), attr::content(content)});
    };
    meta("og:type", "website");
    meta("og:site_name", message(in.language, "site.name"));
    meta("og:title", head.title);
    meta("og:description", head.description);
    meta("og:url", Url::absolute(in.base_url, in_language(in.language, head.path)).text());
    meta("og:locale", in.language);
    html.add(Tag::meta, {attr::name("twitter:card"), attr::content("summary")});
}

std::string full_title(Surroundings const& in, Head const& head)
{
    auto const title = head.title.empty() ? message(in.language, "site.name")
                                          : message(in.language, "site.title", {{"page", head.title}});
    return head.is_error ? message(in.language, "site.title_error", {{"title", title}}) : title;
}

void add_head(Html& html, Surroundings const& in, Head const& head)
{
    html.add(Tag::head, [&] {
        html.add(Tag::meta, {attr::charset("utf-8")});
        html.add(Tag::title, full_title(in, head));
        html.add(Tag::meta, {attr::name("viewport"), attr::content("width=device-width, initial-scale=1")});
        html.add(Tag::meta, {attr::name("color-scheme"), attr::content("light dark")});
        if (!head.description.empty())
            html.add(Tag::meta, {attr::name("description"), attr::content(head.description)});
        if (head.is_listed && !in.base_url.empty()) {
            add_alternates(html, in, head);
            add_open_graph(html, in, head);
        } else {
            html.add(Tag::meta, {attr::name("robots"), attr::content("noindex")});
        }
        html.add(Tag::link, {attr::rel("stylesheet"), attr::href(Url::parse(in.assets.css))});
        if (head.loads_live)
            html.module(Url::parse(in.assets.live_js));
        if (head.loads_register)
            html.module(Url::parse(in.assets.register_js));
        if (head.loads_people)
            html.module(Url::parse(in.assets.people_js));
        if (head.json_ld)
            html.json_ld(*head.json_ld);
    });
}

// The query has been made by us from decoded fields (Url::with), so it is put behind the path as it is.
Url with_query(Url const& path, std::string_view query)
{
    return query.empty() ? path : Url::parse(path.text() + std::string(query));
}

void add_language_switch(Html& html, Surroundings const& in, Head const& head)
{
    html.add(Tag::nav, {attr::cls("languages"), attr::aria("label", message(in.language, "site.languages"))},
             [&] {
                 html.add(Tag::ul, [&] {
                     for (auto const& language : languages()) {
                         bool const current = language == in.language;
                         html.add(Tag::li, [&] {
                             html.add(Tag::a,
                                      {attr::href(with_query(in_language(language, head.path), head.query)),
                                       attr::lang(language), attr::hreflang(language),
                                       attr::when(current, attr::aria("current", "true"))},
                                      own_name(language));
                         });
                     }
                 });
             });
}

void add_header(Html& html, Surroundings const& in, Head const& head)
{
    html.add(Tag::header, {attr::cls("site-header")}, [&] {
        html.add(Tag::div, {attr::cls("wrap")}, [&] {
            html.add(Tag::a,
                     {attr::cls("site-name"), attr::href(in_language(in.language, {})), attr::rel("home")},
                     [&] {
                         add_logo(html);
                         html.text(message(in.language, "site.name"));
                     });
            add_language_switch(html, in, head);
        });
    });
}

void add_footer(Html& html, Surroundings const& in, Head const& head)
{
    html.add(Tag::footer, {attr::cls("site-footer")}, [&] {
        html.add(Tag::div, {attr::cls("wrap")}, [&] {
            for (auto const& funding : head.funding)
                add_funding(html, funding, in.language);
            html.add(Tag::p, message(in.language, "site.footer"));
        });
    });
}

}

Url in_language(std::string_view language, Url const& path)
{
    if (path.empty())
        return Url::local({language}).as_folder();
    return Url::parse("/" + std::string(language) + path.text());
}

std::string page(Surroundings const& in, Head const& head, std::vector<Attr> const& main,
                 std::function<void(Html&)> const& body)
{
    Html html(48 * 1024);
    html.doctype();
    html.add(Tag::html, {attr::lang(in.language)}, [&] {
        add_head(html, in, head);
        html.add(Tag::body, [&] {
            html.add(Tag::a, {attr::cls("skip-link"), attr::href(Url::fragment("main"))},
                     message(in.language, "site.skip"));
            add_header(html, in, head);
            std::vector<Attr> attributes = {attr::id("main"), attr::cls("wrap"), attr::tabindex(-1)};
            attributes.insert(attributes.end(), main.begin(), main.end());
            html.add(Tag::main, attributes, [&] { body(html); });
            add_footer(html, in, head);
        });
    });
    return std::move(html).bytes();
}

void add_age_notice(Html& html, Surroundings const& in)
{
    if (!in.as_of)
        return;
    auto const minutes = std::chrono::duration_cast<std::chrono::minutes>(in.now - *in.as_of).count();
    html.add(Tag::p, {attr::cls("notice notice-warning"), attr::role("status")},
             message(in.language, "site.stale",
                     {{"minutes", static_cast<std::int64_t>(std::max<std::int64_t>(minutes, 0))}}));
}

void add_funding(Html& html, Funding const& funding, std::string_view language)
{
    html.add(Tag::figure, {attr::cls("funding")}, [&] {
        add_eu_emblem(html, message(language, "funding.emblem"));
        html.add(Tag::figcaption, [&] {
            if (!funding.statement.empty())
                add_words(html, Tag::strong, funding.statement, language);
            if (!funding.programme.empty())
                add_words(html, Tag::span, funding.programme, language);
        });
    });
}

}
