// Bringing lists, for programs.
#include "base/messages.h"
#include "net/multipart.h"
#include "registration/people_api.h"
#include "registration/people_door.h"
#include "registration/people_import_commands.h"

#include <fmt/format.h>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t body_limit = 4UL * 1024 * 1024;

// "name,email,,answer.size"; nothing: guess.
std::vector<std::string> columns_in(std::optional<std::string> const& text)
{
    std::vector<std::string> columns;
    if (!text || text->empty())
        return columns;
    for (std::size_t at = 0; at <= text->size();) {
        auto const comma = std::min(text->find(',', at), text->size());
        columns.push_back(text->substr(at, comma - at));
        at = comma + 1;
    }
    return columns;
}

std::string bytes_in(net::Request const& request)
{
    if (!request.header("content-type").starts_with("multipart/form-data"))
        return request.body;
    auto form = net::parse_form(request);
    return form && !form->files.empty() ? std::move(form->files.front().content) : std::string();
}

json::object to_json(ImportRow const& row, std::string_view language)
{
    json::array errors;
    for (auto const& error : row.errors)
        errors.push_back(
            {{"field", error.field}, {"detail", message(language, error.message, error.arguments)}});
    json::object object{{"line", row.line}, {"fields", row.fields}, {"errors", std::move(errors)}};
    object["duplicate"] = row.duplicate.empty() ? json::value() : json::value(row.duplicate);
    return object;
}

json::object to_json(LookedOver const& looked, std::string_view language)
{
    auto const& preview = looked.preview;
    json::array columns;
    for (std::size_t i = 0; i < preview.heads.size(); ++i)
        columns.push_back(
            {{"head", preview.heads[i]},
             {"field", preview.columns[i].empty() ? json::value() : json::value(preview.columns[i])}});
    json::array rows;
    for (auto const& row : preview.rows)
        rows.push_back(to_json(row, language));
    return {{"import", looked.id.empty() ? json::value() : json::value(looked.id)},
            {"encoding", preview.encoding},
            {"delimiter", std::string(1, preview.delimiter)},
            {"columns", std::move(columns)},
            {"good", preview.good()},
            {"rows", std::move(rows)}};
}

json::object to_json(std::vector<ImportedRow> const& imported)
{
    json::array rows;
    std::int64_t registered = 0;
    for (auto const& row : imported) {
        bool const is_in = row.event_version > 0;
        registered += is_in ? 1 : 0;
        rows.push_back({{"line", row.line}, {"name", row.name}, {"outcome", row.outcome}});
    }
    return {
        {"registered", registered}, {"failed", std::ssize(imported) - registered}, {"rows", std::move(rows)}};
}

asio::awaitable<net::Response> preview(Services& services, Desked const& desked, net::Request const& request,
                                       std::string language)
{
    auto columns = columns_in(request.query.find("columns"));
    auto const looked = co_await look_over(services, desked, bytes_in(request), std::move(columns), language);
    co_return looked ? net::json_response(to_json(*looked, language))
                     : net::problem_response(looked.error(), language);
}

asio::awaitable<net::Response> commit(Services& services, Desked const& desked, net::Request const& request,
                                      std::string language)
{
    auto const body = parse_json(request.body);
    auto const* id = body && body->is_object() ? body->get_object().if_contains("import") : nullptr;
    if (!id || !id->is_string())
        co_return net::problem_response(refuse_fields({{"import", "field.missing", {}}}).error(), language);
    auto const imported = co_await import_list(services, desked, std::string(id->get_string()));
    co_return imported ? net::json_response(to_json(*imported))
                       : net::problem_response(imported.error(), language);
}

asio::awaitable<net::Response> import(Services& services, net::Request const& request)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto const desked = co_await desked_by_api(services, request, true);
    if (!desked)
        co_return net::problem_response(desked.error(), language);
    if (request.query.find("preview").value_or("") == "1")
        co_return co_await preview(services, *desked, request, language);
    co_return co_await commit(services, *desked, request, language);
}

}

std::vector<net::Route> people_import_api_routes(Services& services)
{
    return {{"POST", "/api/v1/events/{slug}/people/import",
             [&services](net::Request const& request) { return import(services, request); }, body_limit}};
}

}
