// Bringing a list by page: choose a file or paste rows, look them over, register them.
#include "base/messages.h"
#include "net/multipart.h"
#include "registration/people_import_commands.h"
#include "registration/people_page_parts.h"
#include "registration/people_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace kutsu::registration
{
namespace
{

using html::attr;
using html::Html;
using html::Tag;

constexpr std::size_t body_limit = 4UL * 1024 * 1024;
constexpr std::size_t shown_rows = 200;

std::string words(std::string_view language, std::string_view key, Arguments const& arguments = {})
{
    return message(language, fmt::format("people.{}", key), arguments);
}

std::string column_words(std::string_view language, events::Event const& event, std::string_view field)
{
    if (field.empty())
        return words(language, "import.unused");
    if (field.starts_with("answer."))
        return facet_words(language, event, field);
    return words(language, fmt::format("column.{}", field == "participant_type" ? "type" : field));
}

void add_form(Html& html, std::string const& language, Desked const& desked, std::string_view pasted)
{
    add_post_form(
        html, table_url(desked, "import"), {attr::cls("form"), attr::enctype("multipart/form-data")}, [&] {
            html.add(Tag::div, {attr::cls("field")}, [&] {
                html.add(Tag::label, {attr::for_field("import-file")}, words(language, "import.file"));
                html.add(Tag::p, {attr::cls("hint"), attr::id("import-hint")},
                         words(language, "import.file_hint"));
                html.add(Tag::input,
                         {attr::type("file"), attr::id("import-file"), attr::name("file"),
                          attr::accept(".csv,.txt,text/csv"), attr::aria("describedby", "import-hint")});
            });
            html.add(Tag::div, {attr::cls("field")}, [&] {
                html.add(Tag::label, {attr::for_field("import-text")}, words(language, "import.paste"));
                html.add(Tag::textarea, {attr::id("import-text"), attr::name("text"), attr::rows(10)},
                         "\n" + std::string(pasted));
            });
            add_button(html, words(language, "import.preview"));
        });
}

net::Response show_form(PeopleRoom const& room, std::string const& language, Desked const& desked,
                        std::string_view pasted, std::vector<FieldError> const& errors, int status)
{
    return people_page(room, language, desked, {words(language, "import"), status}, [&](Html& html) {
        html.add(Tag::p, {attr::cls("lead")}, words(language, "import.lead"));
        if (!errors.empty())
            html.add(Tag::div, {attr::cls("error-summary"), attr::role("alert")}, [&] {
                for (auto const& error : errors)
                    html.add(Tag::p, message(language, error.message, error.arguments));
            });
        add_form(html, language, desked, pasted);
    });
}

// ── What would be registered ──

void add_columns(Html& html, std::string const& language, Desked const& desked, ImportPreview const& preview)
{
    auto const fields = import_fields(*desked.event);
    html.add(Tag::h2, words(language, "import.columns"));
    for (std::size_t i = 0; i < preview.heads.size(); ++i) {
        auto const id = fmt::format("column-{}", i);
        html.add(Tag::div, {attr::cls("people-inline")}, [&] {
            html.add(Tag::label, {attr::for_field(id)},
                     preview.heads[i].empty() ? std::to_string(i + 1) : preview.heads[i]);
            html.add(Tag::select, {attr::id(id), attr::name("column")}, [&] {
                auto const option = [&](std::string const& field) {
                    html.add(Tag::option, {attr::value(field), attr::selected(field == preview.columns[i])},
                             column_words(language, *desked.event, field));
                };
                option("");
                for (auto const& field : fields)
                    option(field);
            });
        });
    }
}

std::string row_words(std::string const& language, Desked const& desked, ImportRow const& row)
{
    if (!row.duplicate.empty())
        return words(language, "import.duplicate_" + row.duplicate);
    std::vector<std::string> parts;
    for (auto const& error : row.errors)
        parts.push_back(message(
            language, "form.error_at",
            {{"label", column_words(language, *desked.event, error.field.empty() ? "name" : error.field)},
             {"error", message(language, error.message, error.arguments)}}));
    return parts.empty() ? words(language, "import.fine") : fmt::format("{}", fmt::join(parts, " "));
}

std::string field_text(ImportRow const& row, std::string_view field)
{
    auto const* value = row.fields.if_contains(field);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

void add_rows(Html& html, std::string const& language, Desked const& desked, ImportPreview const& preview)
{
    auto const is_fine = [](ImportRow const& row) { return row.errors.empty() && row.duplicate.empty(); };
    // What needs somebody's eye comes first.
    std::vector<ImportRow> rows;
    std::ranges::remove_copy_if(preview.rows, std::back_inserter(rows), is_fine);
    std::ranges::copy_if(preview.rows, std::back_inserter(rows), is_fine);
    html.add(Tag::div,
             {attr::cls("people-scroll"), attr::role("region"), attr::tabindex(0),
              attr::aria("label", words(language, "import.rows"))},
             [&] {
                 html.add(Tag::table, {attr::cls("people-table")}, [&] {
                     html.add(Tag::thead, [&] {
                         html.add(Tag::tr, [&] {
                             for (auto const* head :
                                  {"import.line", "column.name", "column.email", "import.verdict"})
                                 html.add(Tag::th, {attr::scope("col")}, words(language, head));
                         });
                     });
                     html.add(Tag::tbody, [&] {
                         for (std::size_t i = 0; i < std::min(rows.size(), shown_rows); ++i)
                             html.add(Tag::tr, [&] {
                                 html.add(Tag::td, std::to_string(rows[i].line));
                                 html.add(Tag::th, {attr::scope("row")}, field_text(rows[i], "name"));
                                 html.add(Tag::td, field_text(rows[i], "email"));
                                 html.add(Tag::td, row_words(language, desked, rows[i]));
                             });
                     });
                 });
             });
    if (rows.size() > shown_rows)
        html.add(Tag::p, words(language, "and_others",
                               {{"count", static_cast<std::int64_t>(rows.size() - shown_rows)}}));
}

net::Response show_preview(PeopleRoom const& room, std::string const& language, Desked const& desked,
                           LookedOver const& looked, std::string_view text)
{
    auto const good = static_cast<std::int64_t>(looked.preview.good());
    auto const all = static_cast<std::int64_t>(looked.preview.rows.size());
    return people_page(room, language, desked, {words(language, "import.check")}, [&](Html& html) {
        html.add(Tag::p, {attr::cls("lead"), attr::role("status")},
                 words(language, "import.found",
                       {{"all", all}, {"good", good}, {"encoding", looked.preview.encoding}}));
        if (!looked.id.empty())
            add_post_form(html, table_url(desked, "import"), {attr::cls("people-inline")}, [&] {
                html::add_hidden(html, "import", looked.id);
                add_button(html, words(language, "import.commit", {{"count", good}}));
            });
        add_rows(html, language, desked, looked.preview);
        add_post_form(
            html, table_url(desked, "import"), {attr::cls("form"), attr::enctype("multipart/form-data")},
            [&] {
                add_columns(html, language, desked, looked.preview);
                html.add(Tag::label, {attr::for_field("import-text")}, words(language, "import.correct"));
                html.add(Tag::textarea, {attr::id("import-text"), attr::name("text"), attr::rows(10)},
                         "\n" + std::string(text));
                add_button(html, words(language, "import.again"), "button-quiet");
            });
    });
}

net::Response show_result(PeopleRoom const& room, std::string const& language, Desked const& desked,
                          std::vector<ImportedRow> const& imported)
{
    auto const failed = std::ranges::count(imported, 0, &ImportedRow::event_version);
    auto const done = std::ssize(imported) - failed;
    if (failed == 0)
        return net::redirect(table_url(desked).with("done", "bulk").with("n", std::to_string(done)).text());
    return people_page(room, language, desked, {words(language, "bulk_partly")}, [&](Html& html) {
        html.add(Tag::p, {attr::cls("lead"), attr::role("status")},
                 words(language, "bulk_failures",
                       {{"done", static_cast<std::int64_t>(done)},
                        {"failed", static_cast<std::int64_t>(failed)}}));
        html.add(Tag::ul, [&] {
            for (auto const& row : imported) {
                if (row.event_version > 0)
                    continue;
                auto const key = fmt::format("problem.{}.title", row.outcome);
                html.add(Tag::li,
                         words(language, "import.failure",
                               {{"line", row.line},
                                {"name", row.name},
                                {"why", has_message(language, key) ? message(language, key) : row.outcome}}));
            }
        });
    });
}

asio::awaitable<net::Response> form(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked || !desked->sight.manage)
        co_return people_refused(room, request,
                                 desked ? refuse(ProblemName::not_allowed).error() : desked.error());
    co_return show_form(room, page_language(room, request), *desked, {}, {}, 200);
}

asio::awaitable<net::Response> register_list(PeopleRoom& room, net::Request const& request,
                                             Desked const& desked, std::string id)
{
    auto const imported = co_await import_list(room.services, desked, std::move(id));
    if (!imported)
        co_return people_refused(room, request, imported.error());
    co_return show_result(room, page_language(room, request), desked, *imported);
}

asio::awaitable<net::Response> take(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await desked_by_page(room.services, request);
    if (!desked || !desked->sight.manage)
        co_return people_refused(room, request,
                                 desked ? refuse(ProblemName::not_allowed).error() : desked.error());
    auto const language = page_language(room, request);
    auto sent = net::parse_form(request).value_or(net::SentForm());
    if (auto id = sent.fields.find("import"))
        co_return co_await register_list(room, request, *desked, std::move(*id));
    auto const bytes =
        sent.files.empty() ? sent.fields.find("text").value_or("") : sent.files.front().content;
    auto columns = sent.files.empty() ? sent.fields.all("column") : std::vector<std::string>();
    auto const text = decode_text(bytes);
    auto const looked = co_await look_over(room.services, *desked, bytes, std::move(columns), language);
    if (!looked)
        co_return show_form(room, language, *desked, text ? text->text : "", looked.error().errors, 422);
    co_return show_preview(room, language, *desked, *looked, text->text);
}

}

std::vector<net::Route> people_import_routes(PeopleRoomPtr const& room)
{
    return {people_route(room, "GET", "/import", form),
            people_route(room, "POST", "/import", take, body_limit)};
}

}
