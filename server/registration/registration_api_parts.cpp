#include "registration/registration_api_parts.h"

namespace kutsu::registration
{

std::string language_of(Services const& services, net::Request const& request)
{
    return net::language_of(request, services.site.default_language);
}

net::Response private_json(json::object const& body, int status)
{
    return net::with_header(net::json_response(body, status), "Cache-Control", "private, no-store");
}

// The body as an object; what is no JSON object is one mistake of the whole body.
std::optional<json::object> body_object(net::Request const& request)
{
    auto parsed = parse_json(request.body);
    if (!parsed || !parsed->is_object())
        return std::nullopt;
    return std::move(parsed->get_object());
}

net::Response not_an_object(std::string const& language)
{
    Problem const problem{ProblemName::validation, "problem.not-json.detail", {}, {}, {}, {}};
    auto response = net::problem_response(problem, language);
    response.status = 400;
    return response;
}

Result<std::string> token_of(json::object const& params)
{
    auto const* token = params.if_contains("token");
    if (!token || !token->is_string())
        return refuse_fields({{"token", token ? "field.expected_text" : "field.missing", {}}});
    return std::string(token->get_string());
}

}
