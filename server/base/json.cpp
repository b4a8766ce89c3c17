#include "base/json.h"

#include "base/unicode.h"

namespace kutsu
{

namespace
{

constexpr std::size_t deepest = 32;

}

std::optional<json::value> parse_json(std::string_view text)
{
    json::parse_options options;
    options.max_depth = deepest;
    boost::system::error_code failed;
    auto value = json::parse(text, failed, {}, options);
    if (failed)
        return std::nullopt;
    return value;
}

ObjectReader::ObjectReader(json::object const& object, std::vector<FieldError>& errors, std::string path)
    : object_(object), errors_(errors), path_(std::move(path))
{}

std::optional<std::string> ObjectReader::text(std::string_view name)
{
    auto const* found = take(name);
    if (!found || found->is_null())
        return std::nullopt;
    if (!found->is_string()) {
        fail(name, "field.expected_text");
        return std::nullopt;
    }
    if (!is_clean_utf8(found->get_string())) {
        fail(name, "field.bad_characters");
        return std::nullopt;
    }
    return std::string(found->get_string());
}

std::optional<std::int64_t> ObjectReader::integer(std::string_view name)
{
    auto const* found = take(name);
    if (!found || found->is_null())
        return std::nullopt;
    boost::system::error_code wrong;
    auto const number = found->to_number<std::int64_t>(wrong);
    if (wrong) {
        fail(name, "field.expected_number");
        return std::nullopt;
    }
    return number;
}

std::optional<bool> ObjectReader::boolean(std::string_view name)
{
    auto const* found = take(name);
    if (!found || found->is_null())
        return std::nullopt;
    if (!found->is_bool()) {
        fail(name, "field.expected_boolean");
        return std::nullopt;
    }
    return found->get_bool();
}

json::object const* ObjectReader::object(std::string_view name)
{
    auto const* found = take(name);
    if (!found || found->is_null())
        return nullptr;
    if (!found->is_object()) {
        fail(name, "field.expected_object");
        return nullptr;
    }
    return &found->get_object();
}

json::array const* ObjectReader::array(std::string_view name)
{
    auto const* found = take(name);
    if (!found || found->is_null())
        return nullptr;
    if (!found->is_array()) {
        fail(name, "field.expected_list");
        return nullptr;
    }
    return &found->get_array();
}

json::value const* ObjectReader::value(std::string_view name)
{
    return take(name);
}

bool ObjectReader::has(std::string_view name) const
{
    return object_.contains(name);
}

std::string ObjectReader::required_text(std::string_view name)
{
    auto const before = errors_.size();
    auto found = text(name);
    if (!found && errors_.size() == before)
        fail(name, "field.missing");
    return found.value_or("");
}

void ObjectReader::fail(std::string_view name, std::string message, Arguments arguments)
{
    errors_.push_back({path_of(name), std::move(message), std::move(arguments)});
}

std::string ObjectReader::path_of(std::string_view name) const
{
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

void ObjectReader::finish()
{
    for (auto const& each : object_) {
        if (std::ranges::find(seen_, each.key()) == seen_.end())
            fail(each.key(), "field.unknown");
    }
}

json::value const* ObjectReader::take(std::string_view name)
{
    seen_.emplace_back(name);
    return object_.if_contains(name);
}

}
