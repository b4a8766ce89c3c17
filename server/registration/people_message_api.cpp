// Writing to people, for programs.
#include "base/messages.h"
#include "base/unicode.h"
#include "registration/people_api.h"
#include "registration/people_door.h"
#include "registration/people_message_commands.h"

namespace kutsu::registration
{
namespace
{

void read_words(ObjectReader& reader, std::string_view name,
                std::map<std::string, std::string, std::less<>>& words)
{
    auto const* object = reader.object(name);
    for (auto const& [language, text] : object ? *object : json::object()) {
        if (!is_language(language) || !text.is_string() || !is_clean_utf8(text.get_string()))
            reader.fail(name, "field.language");
        else if (auto tidy = tidy_text(text.get_string()); !tidy.empty())
            words[std::string(language)] = std::move(tidy);
    }
}

struct Asked
{
    std::string action;
    MessageDraft draft;
    std::optional<std::int64_t> count;
};

Result<Asked> decode(json::object const& object, Desked const& desked, std::string_view language)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    Asked asked;
    asked.action = reader.required_text("action");
    if (asked.action != "preview" && asked.action != "try" && asked.action != "send")
        reader.fail("action", "field.unknown_choice");
    read_words(reader, "subject", asked.draft.words.subject);
    read_words(reader, "body", asked.draft.words.body);
    asked.count = reader.integer("count");
    auto const* filter = reader.object("filter");
    if (!filter)
        reader.fail("filter", "field.missing");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    auto const fields = fields_of(*filter, "filter");
    if (!fields)
        return std::unexpected(fields.error());
    auto query = read_people_query(*fields, *desked.event, desked.sight, language);
    if (!query)
        return std::unexpected(query.error());
    asked.draft.filter = std::move(query->filter);
    return asked;
}

json::object to_json(MessageLook const& look)
{
    json::object by_language;
    for (auto const& [language, number] : look.by_language)
        by_language[language] = number;
    json::value sample;
    if (look.sample)
        sample = json::object{{"for", look.sample_for},
                              {"language", look.sample->language},
                              {"subject", look.sample->subject},
                              {"body", look.sample->body}};
    return {{"recipients", look.recipients},
            {"whom", look.whom},
            {"by_language", std::move(by_language)},
            {"missing", json::array(look.missing.begin(), look.missing.end())},
            {"sample", std::move(sample)}};
}

template <class T>
net::Response answered(Result<T> const& result, std::string_view language, int status, auto const& encode)
{
    return result ? net::json_response(encode(*result), status)
                  : net::problem_response(result.error(), language);
}

asio::awaitable<net::Response> write(Services& services, net::Request const& request)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto const desked = co_await desked_by_api(services, request, true);
    if (!desked)
        co_return net::problem_response(desked.error(), language);
    auto const body = parse_json(request.body);
    if (!body || !body->is_object())
        co_return net::problem_response(refuse(ProblemName::validation, "problem.not-json.detail").error(),
                                        language);
    auto const asked = decode(body->get_object(), *desked, language);
    if (!asked)
        co_return net::problem_response(asked.error(), language);
    if (asked->action == "preview") {
        auto const look = co_await look_at_message(services, *desked, asked->draft, language);
        co_return answered(look, language, 200, [](MessageLook const& seen) { return to_json(seen); });
    }
    if (asked->action == "try") {
        auto const tried = co_await try_message(services, *desked, asked->draft);
        co_return answered(tried, language, 200,
                           [](std::int64_t letters) { return json::object{{"letters", letters}}; });
    }
    auto const sent = co_await send_message(services, *desked, asked->draft, asked->count);
    co_return answered(sent, language, 201, [](SentMessage const& message) { return to_json(message); });
}

asio::awaitable<net::Response> list(Services& services, net::Request const& request)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto const desked = co_await desked_by_api(services, request, false);
    if (!desked)
        co_return net::problem_response(desked.error(), language);
    auto const messages = co_await list_messages(services, *desked);
    if (!messages)
        co_return net::problem_response(messages.error(), language);
    json::array items;
    for (auto const& message : *messages)
        items.push_back(to_json(message));
    co_return net::json_response(json::object{{"items", std::move(items)}});
}

asio::awaitable<net::Response> undo(Services& services, net::Request const& request)
{
    auto const language = net::language_of(request, services.site.default_language);
    auto const desked = co_await desked_by_api(services, request, true);
    if (!desked)
        co_return net::problem_response(desked.error(), language);
    auto const undone = co_await undo_message(services, *desked, request.capture("id"));
    co_return answered(undone, language, 200, [](SentMessage const& message) { return to_json(message); });
}

}

std::vector<net::Route> people_message_api_routes(Services& services)
{
    return {{"GET", "/api/v1/events/{slug}/messages",
             [&services](net::Request const& request) { return list(services, request); }},
            {"POST", "/api/v1/events/{slug}/messages",
             [&services](net::Request const& request) { return write(services, request); }},
            {"POST", "/api/v1/events/{slug}/messages/{id}/undo",
             [&services](net::Request const& request) { return undo(services, request); }}};
}

}
