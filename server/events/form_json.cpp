#include "events/form_json.h"

#include <boost/json.hpp>

namespace kutsu::events
{
namespace
{

namespace json = boost::json;

// What decides about answers.
json::object rules_of(Question const& question)
{
    json::object object{{"key", question.key}, {"type", question.type}, {"required", question.required}};
    if (!question.options.empty()) {
        auto& options = object["options"].emplace_array();
        for (auto const& option : question.options)
            options.push_back({{"value", option.value}});
    }
    if (!question.visible_if_question.empty())
        object["visible_if"] = {
            {"question", question.visible_if_question},
            {"in", json::array(question.visible_if_in.begin(), question.visible_if_in.end())}};
    if (!question.min.is_null())
        object["min"] = question.min;
    if (!question.max.is_null())
        object["max"] = question.max;
    object["step"] = question.step;
    return object;
}

json::object pool_json(SeatPool const& pool)
{
    json::object object{{"key", pool.key},
                        {"by", pool.by},
                        {"label", to_plain(pool.label)},
                        {"capacity", nullptr},
                        {"free", nullptr}};
    if (pool.capacity)
        object["capacity"] = *pool.capacity;
    if (pool.free)
        object["free"] = *pool.free;
    return object;
}

json::array questions_json(std::vector<Question> const& questions, Reader reader)
{
    json::array list;
    for (auto const& question : questions)
        list.push_back(question_json(question, reader));
    return list;
}

// The wall time, as it is edited, and the instant it is.
void put_moment(json::object& object, std::string const& name, std::optional<Moment> const& moment)
{
    object[name] = nullptr;
    object[name + "_at"] = nullptr;
    if (!moment)
        return;
    object[name] = format_local(moment->local);
    object[name + "_at"] = format_rfc3339(moment->at, moment->time_zone);
}

}

json::object question_json(Question const& question, Reader reader)
{
    auto object = rules_of(question);
    object["label"] = to_plain(question.label);
    for (std::size_t i = 0; i < question.options.size(); ++i)
        object["options"].as_array()[i].as_object()["label"] = to_plain(question.options[i].label);
    if (!question.help.empty())
        object["help"] = to_plain(question.help);
    object["special_category"] = question.special_category;
    object["retention_days"] = nullptr;
    if (question.retention_days)
        object["retention_days"] = *question.retention_days;
    if (reader == Reader::anyone)
        return object;
    object["purpose"] = question.purpose;
    object["added_in_version"] = question.added_in_version;
    if (question.archived_in_version)
        object["archived_in_version"] = *question.archived_in_version;
    return object;
}

json::object form_definition(RegistrationForm const& form, Reader reader)
{
    json::object object{{"version", form.version},
                        {"time_zone", form.time_zone},
                        {"admission", form.admission},
                        {"waitlist", form.waitlist},
                        {"offer_hours", nullptr},
                        {"offer_working_hours", form.offer_working_hours},
                        {"group_policy", form.group_policy},
                        {"session_overlap", form.session_overlap},
                        {"hybrid", form.hybrid},
                        {"reminders", form.reminders},
                        {"reapprove_on_edit", form.reapprove_on_edit}};
    if (form.offer_hours)
        object["offer_hours"] = *form.offer_hours;
    put_moment(object, "opens", form.opens);
    put_moment(object, "closes", form.closes);
    auto& pools = object["pools"].emplace_array();
    for (auto const& pool : form.pools)
        pools.push_back(pool_json(pool));
    object["questions"] = questions_json(form.questions, reader);
    if (reader == Reader::organiser)
        object["archived"] = questions_json(form.archived, reader);
    return object;
}

json::array rules_json(RegistrationForm const& form)
{
    json::array list;
    for (auto const& question : form.questions)
        list.push_back(rules_of(question));
    return list;
}

}
