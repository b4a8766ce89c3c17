#include "registration/ways_api.h"

#include "accounts/accounts_guard.h"
#include "registration/admission_commands.h"
#include "registration/allotment_commands.h"
#include "registration/invitation_commands.h"
#include "registration/registration_api_parts.h"
#include "registration/ways_page_parts.h"

#include <fmt/format.h>

#include <charconv>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t list_body_limit = 512UL * 1024;
constexpr std::size_t most_ids = 10'000;

using Asked = net::Request const&;

std::string tag_of(std::int64_t version)
{
    return fmt::format("\"{}\"", version);
}

// The version a change is made on, by If-Match; a tag that is none of ours fits no version.
std::optional<std::int64_t> version_asked(Asked request)
{
    auto const tag = request.header("if-match");
    if (tag.empty() || tag == "*")
        return std::nullopt;
    std::int64_t number = -1;
    if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"')
        std::from_chars(tag.data() + 1, tag.data() + tag.size() - 1, number);
    return number;
}

net::Response refused(Services const& services, Asked request, Problem const& problem)
{
    return net::problem_response(problem, language_of(services, request));
}

// Who asks, and the body as an object where the method has one.
struct Entered
{
    Desked desked;
    json::object body;
};

asio::awaitable<Result<Entered>> entered(Services& services, Asked request)
{
    bool const changes = request.method != "GET";
    auto desked = co_await deciding_by_api(services, request, changes);
    if (!desked)
        co_return std::unexpected(desked.error());
    Entered in{std::move(*desked), {}};
    if (request.method != "POST" && request.method != "PATCH" && request.method != "PUT")
        co_return in;
    auto body = body_object(request);
    if (!body)
        co_return refuse(ProblemName::validation, "problem.not-json.detail");
    in.body = std::move(*body);
    co_return in;
}

// ── Approval ──

asio::awaitable<net::Response> post_decisions(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto verdicts = decode_verdicts(in->body);
    if (!verdicts)
        co_return refused(services, request, verdicts.error());
    auto const results = co_await decide_all(services, in->desked, std::move(*verdicts));
    co_return results ? private_json(to_json(*results)) : refused(services, request, results.error());
}

asio::awaitable<net::RpcResult> decide_by_socket(Services& services, std::shared_ptr<net::Session> session,
                                                 json::object params)
{
    auto const* event = params.if_contains("event");
    if (!event || !event->is_string())
        co_return refuse_fields({{"event", event ? "field.expected_text" : "field.missing", {}}});
    std::string const slug(event->get_string());
    auto actor = co_await accounts::actor_of(services, session->handshake);
    auto const desked = people_of(services, std::move(actor), slug);
    if (!desked)
        co_return std::unexpected(desked.error());
    params.erase("event");
    auto verdicts = decode_verdicts(params);
    if (!verdicts)
        co_return std::unexpected(verdicts.error());
    auto const results = co_await decide_all(services, *desked, std::move(*verdicts));
    if (!results)
        co_return std::unexpected(results.error());
    co_return to_json(*results);
}

// ── Invitations ──

json::object shown(Services const& services, Desked const& desked, Invitation const& invitation)
{
    return to_json(invitation, *desked.event, services.keys.registration, services.site.base_url);
}

net::Response list_of(Services const& services, Desked const& desked, std::vector<Invitation> const& list,
                      int status)
{
    json::array items;
    for (auto const& each : list)
        items.push_back(shown(services, desked, each));
    return private_json({{"items", std::move(items)}}, status);
}

net::Response one(Services const& services, Asked request, Desked const& desked,
                  Result<Invitation> const& invitation)
{
    if (!invitation)
        return refused(services, request, invitation.error());
    return net::with_header(private_json(shown(services, desked, *invitation)), "ETag",
                            tag_of(invitation->version));
}

asio::awaitable<net::Response> get_invitations(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto const list = co_await invitations(services, in->desked, request.query.find("state").value_or(""));
    co_return list ? list_of(services, in->desked, *list, 200) : refused(services, request, list.error());
}

asio::awaitable<net::Response> post_invitations(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto inviting = decode_inviting(in->body, *in->desked.event, services.site.default_language);
    if (!inviting)
        co_return refused(services, request, inviting.error());
    auto const made = co_await invite(services, in->desked, std::move(*inviting));
    co_return made ? list_of(services, in->desked, *made, 201) : refused(services, request, made.error());
}

struct Mailings
{
    std::vector<std::string> ids;
    bool reminders = false;
};

Result<Mailings> decode_mailings(json::object const& object)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    Mailings asked;
    asked.reminders = reader.boolean("reminder").value_or(false);
    auto const* ids = reader.array("ids");
    if (ids && ids->size() > most_ids)
        reader.fail("ids", "field.too_many", {{"limit", static_cast<std::int64_t>(most_ids)}});
    for (auto const& id : ids&& errors.empty() ? *ids : json::array()) {
        if (id.is_string())
            asked.ids.emplace_back(id.get_string());
        else
            reader.fail("ids", "field.expected_text");
    }
    if (errors.empty() && asked.ids.empty() && !asked.reminders)
        reader.fail("ids", "field.missing");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return asked;
}

asio::awaitable<net::Response> post_mailings(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto asked = decode_mailings(in->body);
    if (!asked)
        co_return refused(services, request, asked.error());
    auto const mailed =
        co_await mail_invitations(services, in->desked, std::move(asked->ids), asked->reminders);
    if (!mailed)
        co_return refused(services, request, mailed.error());
    json::array items;
    for (auto const& each : *mailed)
        items.push_back({{"id", each.id}, {"outcome", name_of(each.mailing)}});
    co_return private_json({{"items", std::move(items)}});
}

asio::awaitable<net::Response> patch_invitation(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto edit = decode_invitation_edit(in->body, *in->desked.event);
    if (!edit)
        co_return refused(services, request, edit.error());
    auto const edited = co_await edit_invitation(services, in->desked, request.capture("id"),
                                                 std::move(*edit), version_asked(request));
    co_return one(services, request, in->desked, edited);
}

asio::awaitable<net::Response> delete_invitation(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto const withdrawn = co_await withdraw_invitation(services, in->desked, request.capture("id"));
    co_return one(services, request, in->desked, withdrawn);
}

// ── Allotments ──

json::object shown(Services const& services, Allotment const& allotment)
{
    return to_json(allotment, services.keys.registration, services.site.base_url);
}

net::Response one(Services const& services, Asked request, Result<Allotment> const& allotment,
                  int status = 200)
{
    if (!allotment)
        return refused(services, request, allotment.error());
    return net::with_header(private_json(shown(services, *allotment), status), "ETag",
                            tag_of(allotment->version));
}

asio::awaitable<net::Response> get_allotments(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto const list = co_await allotments(services, in->desked);
    if (!list)
        co_return refused(services, request, list.error());
    json::array items;
    for (auto const& each : *list)
        items.push_back(shown(services, each));
    co_return private_json({{"items", std::move(items)}});
}

asio::awaitable<net::Response> post_allotment(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto made = decode_allotment(in->body, *in->desked.event, services.site.default_language);
    if (!made)
        co_return refused(services, request, made.error());
    auto const added = co_await add_allotment(services, in->desked, std::move(*made));
    co_return one(services, request, added, 201);
}

asio::awaitable<net::Response> patch_allotment(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto edit = decode_allotment_edit(in->body, *in->desked.event);
    if (!edit)
        co_return refused(services, request, edit.error());
    auto const edited = co_await edit_allotment(services, in->desked, request.capture("id"), std::move(*edit),
                                                version_asked(request));
    co_return one(services, request, edited);
}

asio::awaitable<net::Response> delete_allotment(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto const withdrawn = co_await withdraw_allotment(services, in->desked, request.capture("id"));
    co_return one(services, request, withdrawn);
}

asio::awaitable<net::Response> send_link(Services& services, Asked request)
{
    auto const in = co_await entered(services, request);
    if (!in)
        co_return refused(services, request, in.error());
    auto const sent = co_await send_allotment(services, in->desked, request.capture("id"));
    co_return one(services, request, sent);
}

// ── Whoever holds an allotment's link ──

net::Response seats_of(Services const& services, Asked request, Result<AllotmentView> const& view)
{
    if (!view)
        return refused(services, request, view.error());
    json::array guests;
    for (auto const& guest : view->guests)
        guests.push_back(to_json(guest));
    auto const& allotment = view->allotment;
    return private_json({{"event", view->event->slug},
                         {"organisation", allotment.organisation},
                         {"seats", allotment.seats},
                         {"named", allotment.named},
                         {"state", allotment.state},
                         {"until", format_local(allotment.until_local)},
                         {"time_zone", allotment.time_zone},
                         {"guests", std::move(guests)}});
}

asio::awaitable<net::Response> get_seats_of(Services& services, Asked request)
{
    auto const view = co_await allotment_behind(services, request.capture("token"));
    co_return seats_of(services, request, view);
}

asio::awaitable<net::Response> name_seat(Services& services, Asked request)
{
    auto const body = body_object(request);
    if (!body)
        co_return not_an_object(language_of(services, request));
    auto name = decode_guest_name(*body, language_of(services, request));
    if (!name)
        co_return refused(services, request, name.error());
    auto const guest = request.captures.find("id");
    SeatChange change{request.capture("token"),
                      guest == request.captures.end() ? std::string() : guest->second, std::move(*name)};
    auto const view = co_await change_seat(services, std::move(change), request.peer);
    co_return seats_of(services, request, view);
}

asio::awaitable<net::Response> empty_seat(Services& services, Asked request)
{
    SeatChange change{request.capture("token"), request.capture("id"), {}};
    auto const view = co_await change_seat(services, std::move(change), request.peer);
    co_return seats_of(services, request, view);
}

}

std::vector<net::Route> ways_api_routes(Services& services)
{
    auto const route = [&services](std::string method, std::string_view pattern, auto handler,
                                   std::size_t limit = 64UL * 1024) {
        return net::Route{std::move(method), std::string("/api/v1/").append(pattern),
                          [&services, handler](Asked request) { return handler(services, request); }, limit};
    };
    return {
        route("POST", "events/{slug}/decisions", post_decisions, list_body_limit),
        route("GET", "events/{slug}/invitations", get_invitations),
        route("POST", "events/{slug}/invitations", post_invitations, list_body_limit),
        route("POST", "events/{slug}/invitations/send", post_mailings, list_body_limit),
        route("PATCH", "events/{slug}/invitations/{id}", patch_invitation),
        route("DELETE", "events/{slug}/invitations/{id}", delete_invitation),
        route("GET", "events/{slug}/allotments", get_allotments),
        route("POST", "events/{slug}/allotments", post_allotment),
        route("PATCH", "events/{slug}/allotments/{id}", patch_allotment),
        route("DELETE", "events/{slug}/allotments/{id}", delete_allotment),
        route("POST", "events/{slug}/allotments/{id}/send", send_link),
        route("GET", "allotments/{token}", get_seats_of),
        route("POST", "allotments/{token}/guests", name_seat),
        route("PUT", "allotments/{token}/guests/{id}", name_seat),
        route("DELETE", "allotments/{token}/guests/{id}", empty_seat),
    };
}

std::vector<net::Method> ways_methods(Services& services)
{
    return {{"registration.decide",
             [&services](std::shared_ptr<net::Session> session, json::object const& params) {
                 return decide_by_socket(services, std::move(session), params);
             }}};
}

}
