// What the page of invitations sends: inviting, mailing, withdrawing.
#include "base/messages.h"
#include "html/error_pages.h"
#include "registration/invitation_page_parts.h"

#include <fmt/format.h>

#include <map>

namespace kutsu::registration
{
namespace
{

struct Asked
{
    std::string action;
    net::Fields fields;
    std::string language;
};

// Why the page comes back.
struct Again
{
    int status = 422;
    std::vector<FieldError> errors;
    std::vector<std::string> failures; // what could not be done, the rest was
};

asio::awaitable<net::Response> page_again(PeopleRoom& room, Desked const& desked, net::Request const& request,
                                          Asked const& asked, Again again)
{
    std::string const all;
    auto const list = co_await invitations(room.services, desked, all);
    if (!list)
        co_return people_refused(room, request, list.error());
    html::FormState form{asked.language, html::Values(asked.fields.pairs()), std::move(again.errors)};
    InvitationsView const view{room,   asked.language,  desked,       *list,
                               {},     std::move(form), asked.action, std::move(again.failures),
                               request};
    co_return invitations_page(view, again.status);
}

// The fields of one form, without the name of the form before them.
json::object members_of(Asked const& asked)
{
    json::object members;
    auto const prefix = asked.action + ".";
    for (auto const& [name, value] : asked.fields.pairs()) {
        if (name.starts_with(prefix) && !value.empty())
            members[name.substr(prefix.size())] = value;
    }
    return members;
}

// The form's members as the API has them. A number that is none becomes a text, which the decoder refuses.
json::object inviting_of(Asked const& asked)
{
    auto members = members_of(asked);
    bool const send = members.contains("send");
    members.erase("send");
    if (asked.action == "paste") {
        members.erase("language");
        members["send"] = send;
        if (!members.contains("lines"))
            members["lines"] = "";
        return members;
    }
    if (auto* seats = members.if_contains("seats")) {
        auto const number = parse_json(std::string(seats->get_string()));
        if (number && number->is_int64())
            *seats = *number;
    }
    if (asked.action == "share" && !members.contains("label"))
        members["label"] = "";
    return {{"items", json::array{std::move(members)}}, {"send", send}};
}

// Errors of the one item at its fields; those of lines at the lines, with their number and what is wrong.
std::vector<FieldError> at_fields(std::vector<FieldError> errors, Asked const& asked)
{
    for (auto& error : errors) {
        if (error.field.starts_with("items.0."))
            error.field = asked.action + "." + error.field.substr(std::string_view("items.0.").size());
        else if (error.field.starts_with("lines.")) {
            auto const number = error.field.substr(6, error.field.find('.', 6) - 6);
            auto const why = message(asked.language, error.message, error.arguments);
            error = {asked.action + ".lines", "invitation.line_error", {{"line", number}, {"why", why}}};
        } else
            error.field = asked.action + "." + error.field;
    }
    return errors;
}

net::Response done(Desked const& desked, std::string_view what, std::size_t count)
{
    return net::redirect(
        table_url(desked, "invitations").with("done", what).with("n", std::to_string(count)).text());
}

asio::awaitable<net::Response> add_invitations(PeopleRoom& room, Desked const& desked,
                                               net::Request const& request, Asked const& asked)
{
    auto const fallback = asked.fields.find(asked.action + ".language").value_or(asked.language);
    auto inviting =
        decode_inviting(inviting_of(asked), *desked.event, is_language(fallback) ? fallback : asked.language);
    Result<std::vector<Invitation>> made;
    if (inviting)
        made = co_await invite(room.services, desked, std::move(*inviting));
    else
        made = std::unexpected(inviting.error());
    if (made)
        co_return done(desked, "invited", made->size());
    if (made.error().errors.empty())
        co_return people_refused(room, request, made.error());
    Again again{422, at_fields(made.error().errors, asked), {}};
    co_return co_await page_again(room, desked, request, asked, std::move(again));
}

asio::awaitable<net::Response> mail_chosen(PeopleRoom& room, Desked const& desked,
                                           net::Request const& request, Asked const& asked,
                                           std::vector<std::string> ids)
{
    auto const mailed =
        co_await mail_invitations(room.services, desked, std::move(ids), asked.action != "send");
    if (!mailed)
        co_return people_refused(room, request, mailed.error());
    std::map<Mailing, std::int64_t> counts;
    for (auto const& each : *mailed)
        ++counts[each.mailing];
    auto const sent = counts[Mailing::sent];
    counts.erase(Mailing::sent);
    if (counts.empty())
        co_return done(desked, asked.action == "send" ? "sent" : "reminded", static_cast<std::size_t>(sent));
    Again again{409, {}, {invitation_words(asked.language, "mailed", {{"count", sent}})}};
    for (auto const& [mailing, count] : counts)
        again.failures.push_back(invitation_words(asked.language, fmt::format("mailing.{}", name_of(mailing)),
                                                  {{"count", count}}));
    co_return co_await page_again(room, desked, request, asked, std::move(again));
}

asio::awaitable<net::Response> withdraw_chosen(PeopleRoom& room, Desked const& desked,
                                               std::vector<std::string> const& ids)
{
    std::size_t count = 0;
    for (auto const& id : ids) {
        auto const withdrawn = co_await withdraw_invitation(room.services, desked, id);
        count += withdrawn ? 1 : 0;
    }
    co_return done(desked, "withdrawn", count);
}

}

asio::awaitable<net::Response> take_invitations(PeopleRoom& room, net::Request const& request)
{
    auto const desked = co_await deciding_by_page(room.services, request);
    if (!desked)
        co_return people_refused(room, request, desked.error());
    Asked asked{{}, net::parse_fields(request.body).value_or(net::Fields()), page_language(room, request)};
    asked.action = asked.fields.find("action").value_or("");
    if (asked.action == "invite" || asked.action == "share" || asked.action == "paste")
        co_return co_await add_invitations(room, *desked, request, asked);
    auto ids = asked.fields.all("id");
    if (asked.action == "remind_all")
        ids.clear();
    bool const known = asked.action == "send" || asked.action == "remind" || asked.action == "withdraw";
    if (asked.action != "remind_all" && (!known || ids.empty() || ids.size() > most_guests)) {
        Again again;
        again.errors = {{"id", known ? "invitation.nobody_chosen" : "own.unknown_action", {}}};
        co_return co_await page_again(room, *desked, request, asked, std::move(again));
    }
    if (asked.action == "withdraw")
        co_return co_await withdraw_chosen(room, *desked, ids);
    co_return co_await mail_chosen(room, *desked, request, asked, std::move(ids));
}

}
