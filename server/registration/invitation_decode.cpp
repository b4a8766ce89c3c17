// Reading invitations: from JSON, and from lines that somebody pasted.
#include "base/local_time.h"
#include "base/messages.h"
#include "base/unicode.h"
#include "registration/invitation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t name_limit = 200;
constexpr std::size_t lines_limit = 200'000;
constexpr std::size_t personal_seats = 10; // themselves and nine companions

std::string line_in(ObjectReader& reader, std::string_view name, bool required)
{
    auto line = tidy_line(reader.text(name).value_or(""));
    if (required && line.empty())
        reader.fail(name, "field.missing");
    else if (count_characters(line) > name_limit)
        reader.fail(name, "field.too_long", {{"limit", static_cast<std::int64_t>(name_limit)}});
    return line;
}

std::string email_in(ObjectReader& reader)
{
    auto email = tidy_line(reader.text("email").value_or(""));
    if (!is_email(email))
        reader.fail("email", "field.email");
    return email;
}

std::string language_in(ObjectReader& reader, std::string_view fallback)
{
    auto language = reader.text("language").value_or("");
    if (language.empty())
        return std::string(fallback);
    if (!is_language(language))
        reader.fail("language", "field.language");
    return language;
}

std::int64_t seats_in(ObjectReader& reader, std::int64_t most)
{
    auto const seats = reader.integer("seats").value_or(1);
    if (seats < 1 || seats > most)
        reader.fail("seats", "field.out_of_range", {{"min", std::int64_t{1}}, {"max", most}});
    return seats;
}

std::optional<events::Moment> expires_in(ObjectReader& reader, events::Event const& event,
                                         std::vector<FieldError>& errors)
{
    auto const* value = reader.value("expires");
    if (!value || value->is_null() || (value->is_string() && value->get_string().empty()))
        return std::nullopt;
    if (!value->is_string()) {
        reader.fail("expires", "field.expected_text");
        return std::nullopt;
    }
    return read_deadline(value->get_string(), event.span.starts.time_zone, reader.path_of("expires"), errors);
}

NewInvitation read_item(json::object const& object, events::Event const& event, std::string_view language,
                        std::vector<FieldError>& errors, std::string path)
{
    ObjectReader reader(object, errors, path);
    NewInvitation made;
    made.path = std::move(path);
    made.is_personal = !reader.has("label") || reader.has("email");
    if (made.is_personal) {
        made.name = line_in(reader, "name", true);
        made.email = email_in(reader);
        made.language = language_in(reader, language);
    }
    if (reader.has("label"))
        made.label = line_in(reader, "label", !made.is_personal);
    made.seats = seats_in(reader, made.is_personal ? static_cast<std::int64_t>(personal_seats) : most_guests);
    made.expires = expires_in(reader, event, errors);
    reader.finish();
    return made;
}

void read_items(ObjectReader& reader, events::Event const& event, std::string_view language,
                std::vector<FieldError>& errors, std::vector<NewInvitation>& into)
{
    auto const* items = reader.array("items");
    if (!items)
        return;
    if (items->empty() || items->size() > most_invitations)
        return reader.fail("items", items->empty() ? "field.missing" : "field.too_many",
                           {{"limit", static_cast<std::int64_t>(most_invitations)}});
    for (std::size_t i = 0; i < items->size(); ++i) {
        auto path = fmt::format("items.{}", i);
        if (auto const* item = (*items)[i].if_object())
            into.push_back(read_item(*item, event, language, errors, std::move(path)));
        else
            errors.push_back({std::move(path), "field.expected_object", {}});
    }
}

// As the database compares addresses that differ in nothing but case.
std::string mailbox_key(std::string_view email)
{
    std::string key(email);
    std::ranges::transform(key, key.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return key;
}

// The same address twice among what was sent.
void refuse_doubles(std::vector<NewInvitation> const& invitations, std::vector<FieldError>& errors)
{
    std::set<std::string> seen;
    for (auto const& each : invitations) {
        if (!each.email.empty() && !seen.insert(mailbox_key(each.email)).second)
            errors.push_back({each.path + ".email", "field.email_twice", {}});
    }
}

// ── Lines ──

std::vector<std::string> cells_of(std::string_view line)
{
    auto separator = ',';
    for (char const candidate : {';', '\t'}) {
        if (line.find(candidate) != std::string_view::npos)
            separator = candidate;
    }
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (char const c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == separator && !quoted)
            cells.emplace_back();
        else
            cells.back() += c;
    }
    for (auto& cell : cells)
        cell = tidy_line(cell);
    return cells;
}

// "Anna Ivanova <anna@example.org>" as two cells.
std::vector<std::string> with_address_apart(std::vector<std::string> cells)
{
    auto const& first = cells.front();
    auto const open = first.find('<');
    if (open == std::string::npos || !first.ends_with('>'))
        return cells;
    std::vector<std::string> apart{tidy_line(first.substr(0, open)),
                                   tidy_line(first.substr(open + 1, first.size() - open - 2))};
    apart.insert(apart.end(), cells.begin() + 1, cells.end());
    return apart;
}

NewInvitation read_line(std::vector<std::string> const& cells, std::string_view language,
                        std::vector<FieldError>& errors, std::string const& path)
{
    auto const cell = [&](std::size_t i) { return i < cells.size() ? cells[i] : std::string(); };
    NewInvitation made;
    made.path = path;
    made.name = cell(0);
    made.email = cell(1);
    made.language = cell(2).empty() ? std::string(language) : cell(2);
    if (made.name.empty() || count_characters(made.name) > name_limit)
        errors.push_back({path + ".name", "field.name", {}});
    if (!is_email(made.email))
        errors.push_back({path + ".email", "field.email", {}});
    if (!is_language(made.language))
        errors.push_back({path + ".language", "field.language", {}});
    auto const seats = cell(3).empty() ? std::string("1") : cell(3);
    auto const [end, failed] = std::from_chars(seats.data(), seats.data() + seats.size(), made.seats);
    auto const most = static_cast<std::int64_t>(personal_seats);
    if (failed != std::errc() || end != seats.data() + seats.size() || made.seats < 1 || made.seats > most)
        errors.push_back({path + ".seats", "field.out_of_range", {{"min", std::int64_t{1}}, {"max", most}}});
    return made;
}

void read_pasted(ObjectReader& reader, events::Event const& event, std::string_view language,
                 std::vector<FieldError>& errors, std::vector<NewInvitation>& into)
{
    auto const lines = reader.text("lines").value_or("");
    auto const expires = expires_in(reader, event, errors);
    if (lines.size() > lines_limit)
        return reader.fail("lines", "field.too_long", {{"limit", static_cast<std::int64_t>(lines_limit)}});
    into = read_lines(lines, language, errors);
    if (into.empty() && errors.empty())
        reader.fail("lines", "field.missing");
    if (into.size() > most_invitations)
        reader.fail("lines", "field.too_many", {{"limit", static_cast<std::int64_t>(most_invitations)}});
    for (auto& each : into)
        each.expires = expires;
}

}

std::vector<NewInvitation> read_lines(std::string_view text, std::string_view language,
                                      std::vector<FieldError>& errors)
{
    std::vector<NewInvitation> invitations;
    std::size_t number = 0;
    while (!text.empty()) {
        auto const end = std::min(text.find('\n'), text.size());
        auto const line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (tidy_line(line).empty() || (number == 1 && line.find('@') == std::string_view::npos))
            continue;
        auto const path = fmt::format("lines.{}", number);
        invitations.push_back(read_line(with_address_apart(cells_of(line)), language, errors, path));
    }
    return invitations;
}

Result<Inviting> decode_inviting(json::object const& object, events::Event const& event,
                                 std::string_view language)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    Inviting inviting;
    inviting.send = reader.boolean("send").value_or(false);
    if (reader.has("lines")) {
        read_pasted(reader, event, language, errors, inviting.invitations);
    } else if (reader.has("items")) {
        read_items(reader, event, language, errors, inviting.invitations);
    } else {
        reader.fail("items", "field.missing");
    }
    refuse_doubles(inviting.invitations, errors);
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return inviting;
}

Result<InvitationEdit> decode_invitation_edit(json::object const& object, events::Event const& event)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    InvitationEdit edit;
    if (reader.has("label"))
        edit.label = line_in(reader, "label", false);
    if (reader.has("name"))
        edit.name = line_in(reader, "name", true);
    if (reader.has("email"))
        edit.email = email_in(reader);
    if (reader.has("language"))
        edit.language = language_in(reader, "");
    if (reader.has("seats"))
        edit.seats = seats_in(reader, most_guests);
    if (reader.has("expires"))
        edit.expires = expires_in(reader, event, errors);
    reader.value("version");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return edit;
}

}
