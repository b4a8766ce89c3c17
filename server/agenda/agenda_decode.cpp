#include "agenda/agenda.h"
#include "base/messages.h"
#include "base/unicode.h"

#include <fmt/format.h>

#include <array>

namespace kutsu::agenda
{
namespace
{

constexpr std::array<std::pair<std::string_view, Verb>, 6> verbs = {{{"add", Verb::add},
                                                                     {"move", Verb::move},
                                                                     {"change", Verb::change},
                                                                     {"remove", Verb::remove},
                                                                     {"swap", Verb::swap},
                                                                     {"shift", Verb::shift}}};
constexpr std::int64_t most_minutes = 24 * 60;

Given read_time(ObjectReader& reader, std::string_view name, bool required)
{
    auto const at_name = fmt::format("{}_at", name);
    auto const local_name = fmt::format("{}_local", name);
    auto const at = reader.text(at_name);
    auto const local = reader.text(local_name);
    Given given;
    given.at = at ? parse_instant(*at) : std::nullopt;
    given.local = local ? parse_local(*local) : std::nullopt;
    if (at && !given.at)
        reader.fail(at_name, "field.time");
    if (local && !given.local)
        reader.fail(local_name, "field.time");
    if (required && !at && !local)
        reader.fail(at_name, "field.missing");
    return given;
}

std::optional<Text> read_title(ObjectReader& reader, std::string const& path, std::vector<FieldError>& errors)
{
    auto const* object = reader.object("title");
    if (!object)
        return std::nullopt;
    Text title;
    for (auto const& [language, words] : *object) {
        auto const* text = words.if_string();
        auto line = text ? tidy_line(*text) : std::string();
        if (!is_language(language) || line.empty() || count_characters(line) > 300)
            errors.push_back(
                {fmt::format("{}.title.{}", path, std::string_view(language)), "field.expected_text", {}});
        else
            title.set(language, std::move(line));
    }
    return title;
}

void read_target(ObjectReader& reader, Operation& operation)
{
    operation.session = reader.required_text("session");
    auto const version = reader.integer("version");
    if (!version)
        reader.fail("version", "field.missing");
    operation.version = version.value_or(0);
}

void read_members(ObjectReader& reader, Operation& operation, std::string const& path,
                  std::vector<FieldError>& errors)
{
    if (operation.verb == Verb::shift) {
        auto const minutes = reader.integer("minutes");
        if (!minutes || *minutes == 0 || *minutes > most_minutes || *minutes < -most_minutes)
            reader.fail("minutes", "field.expected_number");
        operation.minutes = minutes.value_or(0);
        auto const after = reader.text("after");
        operation.after = after ? parse_instant(*after) : std::nullopt;
        if (after && !operation.after)
            reader.fail("after", "field.time");
        operation.room = reader.text("room");
        return;
    }
    if (operation.verb != Verb::add)
        read_target(reader, operation);
    if (operation.verb == Verb::swap) {
        operation.with = reader.required_text("with");
        operation.with_version = reader.integer("with_version").value_or(0);
    }
    if (operation.verb == Verb::move || operation.verb == Verb::add) {
        operation.starts = read_time(reader, "starts", operation.verb == Verb::add);
        operation.ends = read_time(reader, "ends", operation.verb == Verb::add);
    }
    if (operation.verb == Verb::add)
        operation.kind = reader.required_text("kind");
    if (operation.verb == Verb::add || operation.verb == Verb::change) {
        operation.title = read_title(reader, path, errors);
        operation.status = reader.text("status");
        operation.language = reader.text("language");
        if (operation.status && *operation.status != "confirmed" && *operation.status != "cancelled" &&
            *operation.status != "draft")
            reader.fail("status", "field.unknown_choice");
    }
    if (operation.verb != Verb::remove && operation.verb != Verb::swap)
        operation.room = reader.text("room");
}

}

Result<std::vector<Operation>> decode_operations(json::object const& params)
{
    std::vector<FieldError> errors;
    std::vector<Operation> operations;
    auto const* ops = params.if_contains("ops");
    if (!ops || !ops->is_array() || ops->get_array().empty())
        return refuse_fields({{"ops", "field.expected_list", {}}});
    if (ops->get_array().size() > operation_limit)
        return refuse_fields(
            {{"ops", "field.too_many", {{"limit", static_cast<std::int64_t>(operation_limit)}}}});
    for (std::size_t i = 0; auto const& each : ops->get_array()) {
        auto const path = fmt::format("ops.{}", i++);
        if (!each.is_object()) {
            errors.push_back({path, "field.expected_object", {}});
            continue;
        }
        ObjectReader reader(each.get_object(), errors, path);
        auto const name = reader.required_text("op");
        auto const verb =
            std::ranges::find(verbs, std::string_view(name), &std::pair<std::string_view, Verb>::first);
        if (verb == verbs.end()) {
            reader.fail("op", "field.unknown_choice");
            continue;
        }
        Operation operation;
        operation.verb = verb->second;
        read_members(reader, operation, path, errors);
        reader.finish();
        operations.push_back(std::move(operation));
    }
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return operations;
}

}
