// Registration forms and their questions.
#include "db/rows.h"
#include "events/events_store_parts.h"

#include <boost/describe.hpp>

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
};
BOOST_DESCRIBE_STRUCT(FormRow, (),
                      (event_id, version, time_zone, opens_local, opens_at, closes_local, closes_at,
                       admission, waitlist, offer_hours))

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
};
BOOST_DESCRIBE_STRUCT(QuestionRow, (),
                      (event_id, key, type, label, required, options, visible_if, special_category))

Question question_of(QuestionRow const& row)
{
    Question question{row.key, row.type, row.label, row.required, {}, {}, {}, row.special_category};
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

}

std::map<std::int64_t, RegistrationForm> forms(db::Reader& reader, Ids const& ids)
{
    std::map<std::int64_t, RegistrationForm> found;
    for (auto& row : db::list<FormRow>(reader, R"(
            select event_id, version, time_zone, to_char(opens_local, 'YYYY-MM-DD"T"HH24:MI:SS') as opens_local,
                   ms(opens_at) as opens_at, to_char(closes_local, 'YYYY-MM-DD"T"HH24:MI:SS') as closes_local,
                   ms(closes_at) as closes_at, admission, waitlist, offer_hours
              from registration_form where event_id = any(:ids))",
                                       ids)) {
        RegistrationForm form{row.version, {}, {}, row.admission, row.waitlist, row.offer_hours, {}};
        if (row.opens_local && row.opens_at)
            form.opens = Moment{*row.opens_local, row.time_zone, *row.opens_at};
        if (row.closes_local && row.closes_at)
            form.closes = Moment{*row.closes_local, row.time_zone, *row.closes_at};
        found[row.event_id] = std::move(form);
    }
    for (auto& row : db::list<QuestionRow>(reader, R"(
            select event_id, key, type, label, required, options, visible_if, special_category
              from question where event_id = any(:ids) order by event_id, ordinal)",
                                           ids))
        found[row.event_id].questions.push_back(question_of(row));
    return found;
}

}
