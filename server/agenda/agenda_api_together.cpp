// The doors of what organisers do together on one agenda: undoing, publishing, the history, who is there.
#include "accounts/accounts_guard.h"
#include "agenda/agenda_api.h"
#include "agenda/agenda_commands.h"
#include "agenda/presence.h"
#include "base/unicode.h"
#include "events/catalogue.h"
#include "live/live.h"

namespace kutsu::agenda
{
namespace
{

constexpr std::size_t op_id_limit = 100;
constexpr std::size_t name_limit = 200;

Result<UndoInput> decode_undo(json::object const& params, std::string event)
{
    std::vector<FieldError> errors;
    ObjectReader reader(params, errors);
    UndoInput input{std::move(event), reader.text("op_id").value_or(""), reader.integer("version")};
    if (input.op_id.size() > op_id_limit)
        reader.fail("op_id", "field.too_long");
    reader.value("event");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return input;
}

std::vector<std::string> ids_in(ObjectReader& reader)
{
    std::vector<std::string> ids;
    auto const* sessions = reader.array("sessions");
    for (auto const& each : sessions ? *sessions : json::array{}) {
        if (each.is_string() && ids.size() < operation_limit)
            ids.emplace_back(each.get_string());
        else
            reader.fail("sessions", "field.expected_text");
    }
    return ids;
}

Result<PublishInput> decode_publish(json::object const& params, std::string event)
{
    std::vector<FieldError> errors;
    ObjectReader reader(params, errors);
    PublishInput input{std::move(event), reader.text("op_id").value_or(""), ids_in(reader), {}, {}};
    input.name = reader.text("name");
    if (input.op_id.size() > op_id_limit)
        reader.fail("op_id", "field.too_long");
    if (input.name && count_characters(*input.name) > name_limit)
        reader.fail("name", "field.too_long");
    if (auto const* note = reader.object("note"))
        input.note = text_from_plain(*note);
    reader.value("event");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return input;
}

json::object answer_of(EditDone done)
{
    return {{"version", done.version}, {"sessions", std::move(done.sessions)}};
}

using Actor = std::optional<accounts::Actor>;
using Outcome = Result<json::object>;

asio::awaitable<Outcome> undo_it(Services& services, json::object const& params, std::string event,
                                 accounts::Actor const& actor)
{
    auto input = decode_undo(params, std::move(event));
    if (!input)
        co_return std::unexpected(input.error());
    auto done = co_await undo_edit(services, std::move(*input), actor);
    if (!done)
        co_return std::unexpected(done.error());
    co_return answer_of(std::move(*done));
}

asio::awaitable<Outcome> publish_it(Services& services, json::object const& params, std::string event,
                                    accounts::Actor const& actor)
{
    auto input = decode_publish(params, std::move(event));
    if (!input)
        co_return std::unexpected(input.error());
    auto done = co_await publish_agenda(services, std::move(*input), actor);
    if (!done)
        co_return std::unexpected(done.error());
    co_return answer_of(std::move(*done));
}

using Deed = asio::awaitable<Outcome> (*)(Services&, json::object const&, std::string,
                                          accounts::Actor const&);

asio::awaitable<net::RpcResult> by_socket(Services& services, std::shared_ptr<net::Session> session,
                                          json::object const& params, Deed deed)
{
    auto const* event = params.if_contains("event");
    if (!event || !event->is_string())
        co_return refuse_fields({{"event", "field.missing", {}}});
    std::string slug(event->get_string());
    auto const actor = co_await accounts::actor_of(services, session->handshake);
    if (!actor)
        co_return refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    auto done = co_await deed(services, params, std::move(slug), *actor);
    if (!done)
        co_return std::unexpected(done.error());
    co_return std::move(*done);
}

asio::awaitable<net::Response> by_http(Services& services, net::Request const& request, Deed deed)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto const body = parse_json(request.body);
    auto actor = co_await accounts::actor_of(services, request);
    if (actor &&
        (accounts::is_foreign_browser(request, services.site) || !accounts::has_csrf_token(request, *actor)))
        actor.reset();
    Outcome done = refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    if (actor && (!body || !body->is_object()))
        done = refuse_fields({{"", "field.expected_object", {}}});
    else if (actor)
        done = co_await deed(services, body->get_object(), request.capture("slug"), *actor);
    co_return done ? net::json_response(*done) : net::problem_response(done.error(), language);
}

asio::awaitable<net::Response> history_by_http(Services& services, net::Request const& request)
{
    auto const actor = co_await accounts::actor_of(services, request);
    Outcome done = refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    if (actor)
        done = co_await agenda_history(services, request.capture("slug"), *actor);
    auto response =
        done ? net::json_response(*done)
             : net::problem_response(done.error(), net::language_of(request, services.site.default_language));
    co_return net::with_header(std::move(response), "Cache-Control", "no-store");
}

void tell_presence(Services& services, std::string const& event, json::array people)
{
    services.live.tell_organisers(
        event,
        net::notification("presence.changed", json::object{{"event", event}, {"people", std::move(people)}}));
}

Result<Present> decode_presence(json::object const& params, accounts::Actor const& actor)
{
    std::vector<FieldError> errors;
    ObjectReader reader(params, errors);
    Present present{actor.id, actor.name, reader.text("session"), reader.boolean("holding").value_or(false)};
    if (present.session && present.session->size() > op_id_limit)
        reader.fail("session", "field.too_long");
    reader.value("event");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return present;
}

// Until the socket closes or says something else. One socket is at one event at a time.
asio::awaitable<net::RpcResult> set_presence(Services& services, std::shared_ptr<Presence> presence,
                                             std::shared_ptr<net::Session> session,
                                             json::object const& params)
{
    auto const* named = params.if_contains("event");
    if (!named || !named->is_string())
        co_return refuse_fields({{"event", "field.missing", {}}});
    std::string const slug(named->get_string());
    auto const actor = co_await accounts::actor_of(services, session->handshake);
    auto const event = services.catalogue.find(slug);
    if (!actor)
        co_return refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    if (!event)
        co_return refuse(ProblemName::not_found);
    if (auto allowed = accounts::require(*actor, accounts::Right::edit_agenda, accounts::scope_of(*event));
        !allowed)
        co_return std::unexpected(allowed.error());
    auto present = decode_presence(params, *actor);
    if (!present)
        co_return std::unexpected(present.error());
    auto const socket = reinterpret_cast<std::uintptr_t>(session.get());
    auto const key = "presence:" + slug;
    if (!session->state.contains(key)) {
        session->state[key] = true;
        session->on_closed.emplace_back([&services, presence, socket, slug] {
            tell_presence(services, slug, presence->remove(slug, socket));
        });
    }
    services.live.mark_organiser(*session, slug);
    auto people = presence->set(slug, socket, std::move(*present));
    tell_presence(services, slug, people);
    co_return json::object{{"people", std::move(people)}};
}

}

std::vector<net::Route> together_routes(Services& services)
{
    return {
        {"POST", "/api/v1/events/{slug}/agenda/undo",
         [&services](net::Request const& request) { return by_http(services, request, undo_it); }},
        {"POST", "/api/v1/events/{slug}/agenda/publish",
         [&services](net::Request const& request) { return by_http(services, request, publish_it); }},
        {"GET", "/api/v1/events/{slug}/agenda/history",
         [&services](net::Request const& request) { return history_by_http(services, request); }},
    };
}

std::vector<net::Method> together_methods(Services& services)
{
    auto const presence = std::make_shared<Presence>();
    return {
        {"agenda.undo",
         [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return by_socket(services, std::move(session), params, undo_it);
         }},
        {"agenda.publish",
         [&services](std::shared_ptr<net::Session> session, json::object const& params) {
             return by_socket(services, std::move(session), params, publish_it);
         }},
        {"presence.set",
         [&services, presence](std::shared_ptr<net::Session> session, json::object const& params) {
             return set_presence(services, presence, std::move(session), params);
         }},
    };
}

}
