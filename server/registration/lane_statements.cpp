#include "registration/lane_statements.h"

#include "base/json.h"
#include "base/local_time.h"
#include "base/secret.h"

#include <algorithm>
#include <map>

namespace kutsu::registration
{
namespace
{

using Element = db::BinaryArray::Element;

// The order of schema: desk_submit_fast() after p_now.
enum Parameter : std::size_t
{
    event_ids = 0,
    event_parties,
    event_seats,
    of,
    nth,
    form_versions,
    submission_ids,
    contents_hashes,
    token_hashes,
    public_ids,
    names,
    names_other,
    emails,
    languages,
    organisations,
    attendances,
    companions,
    answer_of,
    answer_keys,
    answers
};

constexpr std::array elements = {Element::int8,  Element::int4, Element::int4, Element::int4,
                                 Element::int4,  Element::int4, Element::uuid, Element::bytes,
                                 Element::bytes, Element::text, Element::text, Element::text,
                                 Element::text,  Element::text, Element::text, Element::text,
                                 Element::jsonb, Element::int4, Element::text, Element::jsonb};
static_assert(elements.size() + 1 == FastCall::parameter_count);

json::value optional_text(std::optional<std::string> const& text)
{
    return text ? json::value(*text) : json::value();
}

json::array companions_json(Submission const& submission)
{
    json::array people;
    for (auto const& companion : submission.companions) {
        json::object person{{"name", companion.name}};
        if (companion.email)
            person["email"] = *companion.email;
        people.push_back(std::move(person));
    }
    return people;
}

void add(db::BinaryArray& array, std::optional<std::string> const& text)
{
    if (text)
        array.add(*text);
    else
        array.add_null();
}

bool names_a_file(json::value const& answer)
{
    return answer.is_string() && answer.get_string().starts_with("file-");
}

}

bool is_ordinary(Submission const& submission)
{
    return submission.sessions.empty() && !submission.invitation && !submission.participant_type &&
           submission.source == "form" && std::ranges::none_of(submission.answers, [](auto const& answer) {
               return names_a_file(answer.value());
           });
}

json::object exact_row(Party const& party)
{
    auto const& submission = party.submission;
    return {{"event_id", party.event_id},
            {"submission_id", submission.submission_id},
            {"contents_hash", to_hex(party.contents_hash)},
            {"token_hash", to_hex(party.token_hash)},
            {"public_id", party.public_id},
            {"name", submission.name},
            {"email", submission.email},
            {"language", submission.language},
            {"organisation", optional_text(submission.organisation)},
            {"name_other_script", optional_text(submission.name_other_script)},
            {"attendance", optional_text(submission.attendance)},
            {"participant_type", optional_text(submission.participant_type)},
            {"invitation", optional_text(submission.invitation)},
            {"source", submission.source},
            {"companions", companions_json(submission)},
            {"sessions", json::array(submission.sessions.begin(), submission.sessions.end())},
            {"answers", submission.answers},
            {"form_version", party.form_version},
            {"offer_expires_at",
             party.offer_expires_at ? json::value(format_utc(*party.offer_expires_at)) : json::value()}};
}

FastCall::FastCall(Instant now, std::vector<Party const*> const& given)
{
    for (auto const element : elements)
        arrays_.emplace_back(element);
    divide(given);
    write(given);
    point(now);
}

// Events by id, and within each its parties as they came.
void FastCall::divide(std::vector<Party const*> const& given)
{
    std::map<std::int64_t, std::vector<std::size_t>> by_event;
    for (std::size_t i = 0; i < given.size(); ++i)
        by_event[given[i]->event_id].push_back(i);
    parts_.reserve(given.size());
    for (auto const& [event_id, members] : by_event) {
        EventPart event{event_id, 0, 0};
        for (auto const member : members) {
            event.seats += static_cast<std::int32_t>(given[member]->submission.seats());
            parts_.push_back({member, events_.size(), ++event.parties, event.seats});
        }
        events_.push_back(event);
    }
}

void FastCall::write(std::vector<Party const*> const& given)
{
    for (auto const& event : events_) {
        arrays_[event_ids].add_int8(event.event_id);
        arrays_[event_parties].add_int4(event.parties);
        arrays_[event_seats].add_int4(event.seats);
    }
    for (std::int32_t number = 0; auto const& part : parts_) {
        auto const& party = *given[part.party];
        auto const& submission = party.submission;
        ++number;
        arrays_[of].add_int4(static_cast<std::int32_t>(part.event) + 1);
        arrays_[nth].add_int4(part.nth);
        arrays_[form_versions].add_int4(static_cast<std::int32_t>(party.form_version));
        arrays_[submission_ids].add_uuid(submission.submission_id);
        arrays_[contents_hashes].add(party.contents_hash);
        arrays_[token_hashes].add(party.token_hash);
        arrays_[public_ids].add(party.public_id);
        arrays_[names].add(submission.name);
        add(arrays_[names_other], submission.name_other_script);
        arrays_[emails].add(submission.email);
        arrays_[languages].add(submission.language);
        add(arrays_[organisations], submission.organisation);
        add(arrays_[attendances], submission.attendance);
        arrays_[companions].add_json(
            submission.companions.empty() ? "[]" : json::serialize(companions_json(submission)));
        for (auto const& [key, value] : submission.answers) {
            arrays_[answer_of].add_int4(number);
            arrays_[answer_keys].add(key);
            arrays_[answers].add_json(json::serialize(value));
        }
    }
}

void FastCall::point(Instant now)
{
    now_ = format_utc(now);
    values_[0] = now_.c_str();
    for (std::size_t i = 0; i < arrays_.size(); ++i) {
        auto const bytes = arrays_[i].bytes();
        values_[i + 1] = bytes.data();
        lengths_[i + 1] = static_cast<int>(bytes.size());
        formats_[i + 1] = 1;
    }
}

}
