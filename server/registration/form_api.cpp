#include "registration/form_api.h"

#include "accounts/accounts_guard.h"
#include "events/catalogue.h"
#include "events/form_json.h"
#include "registration/registration_api_parts.h"

#include <fmt/format.h>

#include <charconv>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t definition_limit = 512UL * 1024;

net::Response refused(Services const& services, net::Request const& request, Problem const& problem)
{
    return net::problem_response(problem, language_of(services, request));
}

net::Response definition_response(json::object const& definition)
{
    auto response = private_json(definition);
    response.headers.emplace_back("ETag", fmt::format("\"{}\"", definition.at("version").as_int64()));
    return response;
}

std::optional<std::int64_t> whole_number(std::string_view text)
{
    std::int64_t number = 0;
    auto const [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc() && end == text.data() + text.size() && !text.empty() ? std::optional(number)
                                                                                      : std::nullopt;
}

// The version a change is made on: "7" in quotes, or the member of the body that came from us.
std::optional<std::int64_t> version_of(net::Request const& request, json::object const& sent)
{
    auto tag = request.header("if-match");
    if (tag.starts_with("W/"))
        tag.remove_prefix(2);
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"')
        return whole_number(tag.substr(1, tag.size() - 2)).value_or(-1);
    if (!tag.empty())
        return -1;
    auto const* version = sent.if_contains("version");
    return version && version->is_int64() ? std::optional(version->get_int64()) : std::nullopt;
}

asio::awaitable<net::Response> get_form(Services& services, net::Request const& request)
{
    auto const actor = co_await accounts::actor_of(services, request);
    auto const& slug = request.capture("slug");
    auto const editor = event_of_editor(services, actor, slug);
    auto const event = editor ? *editor : services.catalogue.find_public(slug);
    if (!event || !event->form)
        co_return refused(services, request, {ProblemName::not_found, {}, {}, {}, {}, {}});
    co_return definition_response(
        form_definition(*event->form, editor ? events::Reader::organiser : events::Reader::anyone));
}

// The editor with the proof that a change comes from our own pages or a program.
asio::awaitable<Result<accounts::Actor>> changing_editor(Services& services, net::Request const& request)
{
    auto actor = co_await accounts::actor_of(services, request);
    if (actor &&
        (accounts::is_foreign_browser(request, services.site) || !accounts::has_csrf_token(request, *actor)))
        co_return refuse(ProblemName::not_allowed, "people.csrf.detail");
    if (auto const event = event_of_editor(services, actor, request.capture("slug")); !event)
        co_return std::unexpected(event.error());
    co_return std::move(*actor);
}

asio::awaitable<net::Response> put_form(Services& services, net::Request const& request)
{
    auto const actor = co_await changing_editor(services, request);
    if (!actor)
        co_return refused(services, request, actor.error());
    auto sent = body_object(request);
    if (!sent)
        co_return not_an_object(language_of(services, request));
    auto const version = version_of(request, *sent);
    if (!version) {
        auto response =
            refused(services, request, {ProblemName::validation, "form.version_needed", {}, {}, {}, {}});
        response.status = 428;
        co_return response;
    }
    FormDesire desire{request.capture("slug"), std::move(*sent), version, actor->id};
    auto const done = co_await edit_form(services, std::move(desire));
    co_return done ? definition_response(done->definition) : refused(services, request, done.error());
}

asio::awaitable<net::Response> get_versions(Services& services, net::Request const& request)
{
    auto const actor = co_await accounts::actor_of(services, request);
    auto const event = event_of_editor(services, actor, request.capture("slug"));
    if (!event)
        co_return refused(services, request, event.error());
    auto const event_id = (*event)->event_id;
    json::array items;
    for (auto const& version : co_await form_versions(services, event_id))
        items.push_back(
            {{"version", version.version}, {"by", version.actor}, {"at", format_utc(version.at)}});
    co_return private_json({{"items", std::move(items)}});
}

asio::awaitable<net::Response> get_version(Services& services, net::Request const& request)
{
    auto const actor = co_await accounts::actor_of(services, request);
    auto const event = event_of_editor(services, actor, request.capture("slug"));
    if (!event)
        co_return refused(services, request, event.error());
    auto const event_id = (*event)->event_id;
    auto const number = whole_number(request.capture("version")).value_or(0);
    auto const definition = co_await form_of_version(services, event_id, number);
    co_return definition ? definition_response(*definition) : refused(services, request, definition.error());
}

asio::awaitable<net::Response> post_file(Services& services, Uploads& uploads, net::Request const& request)
{
    Upload upload{request.capture("slug"), request.query.find("name").value_or(""), request.body,
                  request.peer};
    auto const file = co_await upload_file(services, uploads, std::move(upload));
    if (!file)
        co_return refused(services, request, file.error());
    co_return private_json(
        {{"id", file->id}, {"name", file->name}, {"media_type", file->media_type}, {"size", file->size}},
        201);
}

// Never shown on our own origin: saved, whatever it is.
asio::awaitable<net::Response> get_file(Services& services, net::Request const& request)
{
    auto actor = co_await accounts::actor_of(services, request);
    auto found =
        co_await file_content(services, std::move(actor), request.capture("slug"), request.capture("id"));
    if (!found)
        co_return refused(services, request, found.error());
    net::Response response;
    response.headers = {{"Content-Type", found->file.media_type},
                        {"Content-Disposition", attachment_header(found->file.name)},
                        {"Content-Security-Policy", "sandbox"},
                        {"X-Content-Type-Options", "nosniff"},
                        {"Cache-Control", "private, no-store"}};
    response.body = std::make_shared<std::string const>(std::move(found->content));
    co_return response;
}

}

std::vector<net::Route> form_api_routes(Services& services, Uploads& uploads)
{
    auto const route = [&services](std::string method, std::string pattern, auto handler, std::size_t limit) {
        return net::Route{
            std::move(method), std::move(pattern),
            [&services, handler](net::Request const& request) { return handler(services, request); }, limit};
    };
    auto const take_file = [&services, &uploads](net::Request const& request) {
        return post_file(services, uploads, request);
    };
    return {
        route("GET", "/api/v1/events/{slug}/form", get_form, definition_limit),
        route("PUT", "/api/v1/events/{slug}/form", put_form, definition_limit),
        route("GET", "/api/v1/events/{slug}/form/versions", get_versions, definition_limit),
        route("GET", "/api/v1/events/{slug}/form/versions/{version}", get_version, definition_limit),
        route("GET", "/api/v1/events/{slug}/files/{id}", get_file, definition_limit),
        {"POST", "/api/v1/events/{slug}/files", take_file, uploads.limit()},
    };
}

}
