#include "registration/allotment.h"

#include "base/local_time.h"
#include "base/messages.h"
#include "base/unicode.h"
#include "html/url.h"
#include "registration/invitation.h"

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t name_limit = 200;

std::string line_in(ObjectReader& reader, std::string_view name)
{
    auto line = tidy_line(reader.required_text(name));
    if (reader.has(name) && (line.empty() || count_characters(line) > name_limit))
        reader.fail(name, "field.name");
    return line;
}

std::string email_in(ObjectReader& reader, std::string_view name)
{
    auto email = tidy_line(reader.text(name).value_or(""));
    if (!is_email(email))
        reader.fail(name, "field.email");
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

std::int64_t seats_in(ObjectReader& reader, std::int64_t least)
{
    auto const seats = reader.integer("seats");
    if (!seats || *seats < least || *seats > most_seats)
        reader.fail("seats", "field.out_of_range", {{"min", least}, {"max", most_seats}});
    return seats.value_or(0);
}

std::optional<events::Moment> until_in(ObjectReader& reader, events::Event const& event,
                                       std::vector<FieldError>& errors)
{
    auto until =
        read_deadline(reader.text("until").value_or(""), event.span.starts.time_zone, "until", errors);
    if (until && until->at > event.span.ends.at)
        reader.fail("until", "field.after_the_event");
    return until;
}

template <class T>
Result<T> all_or(std::vector<FieldError> errors, T value)
{
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return value;
}

}

std::string allotment_token(Key const& key, std::string_view id)
{
    return registration_token(key, std::string("allotment ").append(id));
}

std::string allotment_path(std::string_view language, std::string_view token)
{
    return html::Url::local({language, "allotments", token}).text();
}

events::Moment until_of(Allotment const& allotment)
{
    return {allotment.until_local, allotment.time_zone, allotment.until_at};
}

bool can_be_filled(Allotment const& allotment, events::Event const& event, Instant now)
{
    constexpr auto off =
        std::to_array<std::string_view>({"cancelled", "postponed", "held", "reported", "archived"});
    return allotment.state == "open" && allotment.until_at > now && event.span.ends.at > now &&
           std::ranges::find(off, event.status) == off.end();
}

json::object to_json(Allotment const& allotment, Key const& key, std::string_view base_url)
{
    auto const link =
        std::string(base_url) + allotment_path(allotment.language, allotment_token(key, allotment.id));
    return {{"id", allotment.id},
            {"organisation", allotment.organisation},
            {"contact_name", allotment.contact_name},
            {"contact_email", allotment.contact_email},
            {"language", allotment.language},
            {"seats", allotment.seats},
            {"named", allotment.named},
            {"state", allotment.state},
            {"until", format_local(allotment.until_local)},
            {"time_zone", allotment.time_zone},
            {"until_at", format_utc(allotment.until_at)},
            {"link", link},
            {"sent_at", allotment.sent_at ? json::value(format_utc(*allotment.sent_at)) : json::value()},
            {"version", allotment.version}};
}

json::object to_json(SeatedGuest const& guest)
{
    return {{"id", guest.id},
            {"name", guest.name},
            {"email", guest.email},
            {"language", guest.language},
            {"status", guest.status}};
}

Result<NewAllotment> decode_allotment(json::object const& object, events::Event const& event,
                                      std::string_view language)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    NewAllotment made;
    made.organisation = line_in(reader, "organisation");
    made.contact_name = line_in(reader, "contact_name");
    made.contact_email = email_in(reader, "contact_email");
    made.language = language_in(reader, language);
    made.seats = seats_in(reader, 1);
    if (auto until = until_in(reader, event, errors))
        made.until = std::move(*until);
    made.send = reader.boolean("send").value_or(false);
    reader.finish();
    return all_or(std::move(errors), std::move(made));
}

Result<AllotmentEdit> decode_allotment_edit(json::object const& object, events::Event const& event)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    AllotmentEdit edit;
    if (reader.has("organisation"))
        edit.organisation = line_in(reader, "organisation");
    if (reader.has("contact_name"))
        edit.contact_name = line_in(reader, "contact_name");
    if (reader.has("contact_email"))
        edit.contact_email = email_in(reader, "contact_email");
    if (reader.has("language"))
        edit.language = language_in(reader, "");
    if (reader.has("seats"))
        edit.seats = seats_in(reader, 0);
    if (reader.has("until"))
        edit.until = until_in(reader, event, errors);
    reader.value("version");
    reader.finish();
    return all_or(std::move(errors), std::move(edit));
}

Result<GuestName> decode_guest_name(json::object const& object, std::string_view language)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    GuestName guest;
    guest.name = line_in(reader, "name");
    guest.email = email_in(reader, "email");
    guest.language = language_in(reader, language);
    reader.finish();
    return all_or(std::move(errors), std::move(guest));
}

}
