// Registration forms and their questions.
#include "db/rows.h"
#include "events/events_store_parts.h"

#include <boost/describe.hpp>

#include <algorithm>

namespace kutsu::events::store
{
namespace
{

struct FormRow
{
    std::int64_t event_id = 0;
    std::int64_t version = 1;
    std::string time_zone;
    std::optional<LocalTime> opens_local;
    std::optional<Instant> opens_at;
    std::optional<LocalTime> closes_local;
    std::optional<Instant> closes_at;
    std::string admission;
    bool waitlist = false;
    std::optional<std::int64_t> offer_hours;
    boost::json::object columns;
};
BOOST_DESCRIBE_STRUCT(FormRow, (),
                      (event_id, version, time_zone, opens_local, opens_at, closes_local, closes_at,
                       admission, waitlist, offer_hours, columns))

struct QuestionRow
{
    std::int64_t event_id = 0;
    std::string key;
    std::string type;
    Text label;
    bool required = false;
    boost::json::array options;
    std::optional<boost::json::object> visible_if;
    bool special_category = false;
    Text help;
    std::optional<std::string> purpose;
    std::optional<std::int64_t> retention_days;
    boost::json::object bounds;
    std::int64_t step = 1;
    std::int64_t added_in_version = 1;
    std::optional<std::int64_t> archived_in_version;
};
BOOST_DESCRIBE_STRUCT(QuestionRow, (),
                      (event_id, key, type, label, required, options, visible_if, special_category, help,
                       purpose, retention_days, bounds, step, added_in_version, archived_in_version))

Question question_of(QuestionRow const& row)
{
    Question question;
    question.key = row.key;
    question.type = row.type;
    question.label = row.label;
    question.required = row.required;
    question.special_category = row.special_category;
    question.help = row.help;
    question.purpose = row.purpose.value_or("");
    question.retention_days = row.retention_days;
    question.step = row.step;
    question.added_in_version = row.added_in_version;
    question.archived_in_version = row.archived_in_version;
    if (auto const* min = row.bounds.if_contains("min"))
        question.min = *min;
    if (auto const* max = row.bounds.if_contains("max"))
        question.max = *max;
    for (auto const& option : row.options)
        question.options.push_back(
            {std::string(option.at("value").as_string()), text_from_stored(option.at("label"))});
    if (row.visible_if) {
        question.visible_if_question = std::string(row.visible_if->at("question").as_string());
        auto const& in = row.visible_if->at("in").as_array();
        question.visible_if_in.assign(in.begin(), in.end());
    }
    return question;
}

struct PoolRow
{
    std::int64_t event_id = 0;
    std::string key;
    std::string by;
    Text label;
    std::optional<std::int64_t> capacity;
    std::int64_t taken = 0;
};
BOOST_DESCRIBE_STRUCT(PoolRow, (), (event_id, key, by, label, capacity, taken))

SeatPool pool_of(PoolRow const& row)
{
    SeatPool pool{row.key, row.by, row.label, row.capacity, {}};
    if (row.capacity)
        pool.free = std::max<std::int64_t>(*row.capacity - row.taken, 0);
    return pool;
}

RegistrationForm form_of(FormRow const& row)
{
    RegistrationForm form;
    form.version = row.version;
    form.admission = row.admission;
    form.waitlist = row.waitlist;
    form.offer_hours = row.offer_hours;
    form.time_zone = row.time_zone;
    auto const word = [&](char const* name, std::string& into) {
        if (auto const* value = row.columns.if_contains(name); value && value->is_string())
            into = value->get_string();
    };
    auto const flag = [&](char const* name, bool& into) {
        if (auto const* value = row.columns.if_contains(name); value && value->is_bool())
            into = value->get_bool();
    };
    word("group_policy", form.group_policy);
    word("session_overlap", form.session_overlap);
    flag("hybrid", form.hybrid);
    flag("offer_working_hours", form.offer_working_hours);
    flag("reminders", form.reminders);
    flag("reapprove_on_edit", form.reapprove_on_edit);
    if (row.opens_local && row.opens_at)
        form.opens = Moment{*row.opens_local, row.time_zone, *row.opens_at};
    if (row.closes_local && row.closes_at)
        form.closes = Moment{*row.closes_local, row.time_zone, *row.closes_at};
    return form;
}

}

std::map<std::int64_t, RegistrationForm> forms(db::Reader& reader, Ids const& ids)
{
    std::map<std::int64_t, RegistrationForm> found;
    for (auto& row : db::list<FormRow>(reader, R"(
            select event_id, version, time_zone, to_char(opens_local, 'YYYY-MM-DD"T"HH24:MI:SS') as opens_local,
                   ms(opens_at) as opens_at, to_char(closes_local, 'YYYY-MM-DD"T"HH24:MI:SS') as closes_local,
                   ms(closes_at) as closes_at, admission, waitlist, offer_hours,
                   to_jsonb(registration_form) as columns
              from registration_form where event_id = any(:ids))",
                                       ids))
        found[row.event_id] = form_of(row);
    for (auto& row : db::list<QuestionRow>(reader, R"(
            select event_id, key, type, label, required, options, visible_if, special_category, help, purpose,
                   retention_days, bounds, step, added_in_version, archived_in_version
              from question where event_id = any(:ids) order by event_id, ordinal)",
                                           ids)) {
        auto& form = found[row.event_id];
        (row.archived_in_version ? form.archived : form.questions).push_back(question_of(row));
    }
    for (auto& row : db::list<PoolRow>(reader, R"(
            select event_id, key, by, label, capacity, taken from seat_pool
             where event_id = any(:ids) order by event_id, ordinal)",
                                       ids))
        found[row.event_id].pools.push_back(pool_of(row));
    return found;
}

}
