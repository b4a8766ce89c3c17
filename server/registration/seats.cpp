#include "registration/seats.h"

#include "base/local_time.h"

namespace kutsu::registration
{
namespace
{

constexpr std::int64_t capacity_limit = 1'000'000;

}

Result<CapacityChange> decode_capacity_change(json::object const& object)
{
    std::vector<FieldError> errors;
    ObjectReader reader(object, errors);
    CapacityChange change;
    change.session = reader.text("session").value_or("");
    change.pool = reader.text("pool").value_or("");
    auto const* capacity = reader.value("capacity");
    if (!capacity)
        reader.fail("capacity", "field.missing");
    else if (!capacity->is_null() && !capacity->is_int64())
        reader.fail("capacity", "field.expected_number");
    else if (capacity->is_int64())
        change.capacity = capacity->get_int64();
    // A session without seats is no session to choose: it is taken out of the programme instead.
    auto const least = change.session.empty() ? 0 : 1;
    if (change.capacity && (*change.capacity < least || *change.capacity > capacity_limit))
        reader.fail("capacity", "field.out_of_range",
                    {{"min", std::int64_t{least}}, {"max", capacity_limit}});
    if (!change.session.empty() && !change.pool.empty())
        reader.fail("pool", "field.session_or_pool");
    reader.finish();
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return change;
}

json::object to_deed(CapacityChange const& change, json::object deed)
{
    deed["capacity"] = change.capacity ? json::value(*change.capacity) : json::value();
    if (!change.session.empty())
        deed["session"] = change.session;
    if (!change.pool.empty())
        deed["pool"] = change.pool;
    if (change.if_version)
        deed["if_version"] = *change.if_version;
    return deed;
}

json::object to_deed(Decision const& decision, json::object deed)
{
    deed["registration"] = decision.registration;
    deed["to"] = decision.to;
    deed["reason"] = to_stored(decision.reason);
    deed["notify"] = decision.notify;
    return deed;
}

json::object to_json(Promotion const& promotion)
{
    json::object object{{"id", promotion.promotion_id},   {"registration", promotion.registration},
                        {"name", promotion.name},         {"session", nullptr},
                        {"at", format_utc(promotion.at)}, {"why", promotion.why},
                        {"from", promotion.from_status},  {"to", promotion.to_status},
                        {"offer_expires_at", nullptr}};
    if (promotion.session)
        object["session"] = *promotion.session;
    if (promotion.offer_expires_at)
        object["offer_expires_at"] = format_utc(*promotion.offer_expires_at);
    return object;
}

}
