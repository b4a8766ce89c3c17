#include "net/rpc_text.h"

#include "net/problem_json.h"
#include "net/rpc.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::net
{
namespace
{

std::string_view words_of(int code)
{
    switch (code) {
    case -32700:
        return "Parse error";
    case -32600:
        return "Invalid request";
    case -32601:
        return "Method not found";
    case -32602:
        return "Invalid params";
    default:
        return "Internal error";
    }
}

// Walks JSON that is known to be well-formed.
class Walk
{
public:
    explicit Walk(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    char front() const { return rest_.front(); }
    void step() { rest_.remove_prefix(1); }

    // The string at the front with its quotes, which is then behind.
    std::string_view take_string()
    {
        std::size_t end = 1;
        while (end < rest_.size() && rest_[end] != '"')
            end += rest_[end] == '\\' ? 2 : 1;
        auto const taken = rest_.substr(0, end + 1);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    std::string_view take_number()
    {
        auto const taken = rest_.substr(0, rest_.find_first_not_of("+-.0123456789eE"));
        rest_.remove_prefix(taken.size());
        return taken;
    }

    void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

private:
    std::string_view rest_;
};

// The number that the member "id" of the outermost object is.
std::string id_number(std::string_view text)
{
    int depth = 0;
    for (Walk walk(text); !walk.at_end();) {
        if (walk.front() != '"') {
            depth += walk.front() == '{' || walk.front() == '[' ? 1 : 0;
            depth -= walk.front() == '}' || walk.front() == ']' ? 1 : 0;
            walk.step();
            continue;
        }
        auto const name = walk.take_string();
        walk.skip_blanks();
        if (depth != 1 || walk.at_end() || walk.front() != ':' || name != "\"id\"")
            continue;
        walk.step();
        walk.skip_blanks();
        return std::string(walk.take_number());
    }
    return {};
}

std::size_t count_members(boost::json::value const& value)
{
    std::size_t count = 0;
    if (auto const* array = value.if_array()) {
        for (auto const& each : *array)
            count += count_members(each);
    }
    if (auto const* object = value.if_object()) {
        count += object->size();
        for (auto const& each : *object)
            count += count_members(each.value());
    }
    return count;
}

}

std::string result_text(std::string_view id, boost::json::value const& result)
{
    return fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{}}})", id, boost::json::serialize(result));
}

std::string problem_text(std::string_view id, Problem const& problem, std::string_view language)
{
    auto data = problem_json(problem, language);
    boost::json::object const error{
        {"code", rpc_code(problem.name)}, {"message", data["title"]}, {"data", data}};
    return fmt::format(R"({{"jsonrpc":"2.0","id":{},"error":{}}})", id, boost::json::serialize(error));
}

std::string protocol_error_text(std::string_view id, int code, std::string_view detail)
{
    boost::json::object error{{"code", code}, {"message", words_of(code)}};
    if (!detail.empty())
        error["data"] = boost::json::object{{"detail", detail}};
    return fmt::format(R"({{"jsonrpc":"2.0","id":{},"error":{}}})", id, boost::json::serialize(error));
}

std::optional<std::string> id_text(std::string_view text, boost::json::value const& id)
{
    if (id.is_string() || id.is_null() || id.is_int64() || id.is_uint64())
        return boost::json::serialize(id);
    if (!id.is_double())
        return std::nullopt;
    auto written = id_number(text);
    return written.empty() ? boost::json::serialize(id) : written;
}

bool repeats_a_member(std::string_view text, boost::json::value const& parsed)
{
    // Outside strings every colon belongs to a member.
    std::size_t written = 0;
    for (Walk walk(text); !walk.at_end();) {
        if (walk.front() == '"') {
            walk.take_string();
            continue;
        }
        written += walk.front() == ':' ? 1 : 0;
        walk.step();
    }
    return written != count_members(parsed);
}

std::string misfit(boost::json::object const& params, std::vector<Parameter> const& parameters)
{
    if (parameters.empty())
        return {};
    for (auto const& parameter : parameters) {
        auto const* value = params.if_contains(parameter.name);
        if (!value && parameter.is_required)
            return fmt::format("\"params.{}\" is missing.", parameter.name);
        bool const is_text = parameter.kind == Parameter::Kind::text;
        if (value && (is_text ? !value->is_string() : !value->is_int64()))
            return fmt::format("\"params.{}\" must be a {}.", parameter.name,
                               is_text ? "text" : "whole number");
    }
    for (auto const& member : params) {
        if (std::ranges::find(parameters, std::string_view(member.key()), &Parameter::name) ==
            parameters.end())
            return fmt::format("\"params.{}\" is unknown.", std::string_view(member.key()));
    }
    return {};
}

}
