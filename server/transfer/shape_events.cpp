#include "transfer/shape_parts.h"

namespace kutsu::transfer
{
namespace
{

constexpr std::string_view event_types[] = {"SEMINAR", "PRESS_CONFERENCE", "STUDY_TRIP", "WORKSHOP"};
constexpr std::string_view event_statuses[] = {
    "IDEA",       "DRAFT",    "IN_REVIEW",  "PLANNED",     "PUBLISHED", "RUNNING",     "HELD",
    "REPORTED",   "ARCHIVED", "POSTPONED",  "RESCHEDULED", "CANCELLED", "HOSTS_ASKED", "PARTICIPANTS_NAMED",
    "VISA_PHASE", "BOOKED",   "TRAVELLING", "SETTLED"};
constexpr std::string_view visibilities[] = {"PUBLIC",   "INVITED",    "INVITED_MEDIA",
                                             "PARTNERS", "ORGANISERS", "CLOSED"};
constexpr std::string_view session_statuses[] = {"DRAFT", "CONFIRMED", "CANCELLED"};
constexpr std::string_view admissions[] = {"OPEN", "APPROVAL", "INVITATION"};
constexpr std::string_view group_policies[] = {"HOLD", "SKIP"};
constexpr std::string_view overlaps[] = {"REFUSE", "WARN"};
constexpr std::string_view pool_kinds[] = {"PARTICIPANT_TYPE", "ATTENDANCE"};
constexpr std::string_view question_types[] = {"TEXT",         "LONG_TEXT", "NUMBER", "CHOICE",
                                               "MULTI_CHOICE", "BOOLEAN",   "DATE",   "COUNTRY",
                                               "EMAIL",        "PHONE",     "FILE",   "CONSENT"};
constexpr std::string_view registration_statuses[] = {"PENDING",   "CONFIRMED", "WAITLISTED",  "OFFERED",
                                                      "CANCELLED", "DECLINED",  "DUPLICATE",   "WALK_IN",
                                                      "SPEAKER",   "STAFF",     "INTERPRETER", "FACILITATOR"};
constexpr std::string_view roles[] = {"ATTENDEE", "SPEAKER", "STAFF", "INTERPRETER", "FACILITATOR"};

ObjectShape event_shape()
{
    return {"events[]",
            {{"id", Shape::id, required, kind::event},
             {"slug", Shape::id},
             {"type", Shape::choice, required, kind::none, event_types},
             {"pair", Shape::reference, false, kind::event_pair},
             {"series", Shape::reference, false, kind::series},
             {"project", Shape::reference, false, kind::project},
             {"components", Shape::references, false, kind::component},
             {"work_package", Shape::reference, false, kind::work_package},
             {"budget_line", Shape::reference, false, kind::budget_line},
             {"venue", Shape::reference, false, kind::venue},
             {"room", Shape::reference, false, kind::room},
             {"status", Shape::choice, required, kind::none, event_statuses},
             {"visibility", Shape::choice, required, kind::none, visibilities},
             {"title", Shape::words, required},
             {"description", Shape::words},
             {"cancel_reason", Shape::words},
             {"starts_local", Shape::line, required},
             {"ends_local", Shape::line, required},
             {"also_local", Shape::object},
             {"registration", Shape::object},
             {"interpretation", Shape::object},
             {"accreditation", Shape::object},
             {"embargo", Shape::moment},
             {"reports", Shape::references, false, kind::report},
             {"hosts", Shape::references, false, kind::firm},
             {"staff", Shape::references, false, kind::person},
             {"interpreters", Shape::references, false, kind::person},
             {"agenda", Shape::objects},
             {"days", Shape::objects},
             {"accommodations", Shape::objects},
             {"rooming", Shape::objects},
             {"participants", Shape::objects}}};
}

std::vector<ObjectShape> agenda_shapes()
{
    return {{"events[].agenda[]",
             {{"id", Shape::id, required, kind::session},
              {"kind", Shape::token, required},
              {"status", Shape::choice, false, kind::none, session_statuses},
              {"title", Shape::words, required},
              {"room", Shape::reference, false, kind::room},
              {"speakers", Shape::references, false, kind::person},
              {"starts_local", Shape::line, required},
              {"ends_local", Shape::line, required},
              {"also_local", Shape::object},
              {"language", Shape::language},
              {"interpretation", Shape::languages},
              {"track", Shape::line},
              {"linked_city", Shape::line},
              {"sign_up", Shape::flag},
              {"capacity", Shape::positive}}},
            {"events[].interpretation",
             {{"floor_languages", Shape::languages},
              {"channels", Shape::objects},
              {"booths", Shape::objects},
              {"remote_from", Shape::reference, false, kind::venue},
              {"materials_due", Shape::day}}},
            {"events[].interpretation.channels[]", {{"lang", Shape::language, required}}},
            {"events[].interpretation.booths[]", {{"interpreters", Shape::references, false, kind::person}}}};
}

std::vector<ObjectShape> form_shapes()
{
    return {{"events[].registration",
             {{"opens", Shape::moment},
              {"closes", Shape::moment},
              {"admission", Shape::choice, false, kind::none, admissions},
              {"capacity", Shape::count},
              {"waitlist", Shape::flag},
              {"offer_hours", Shape::positive},
              {"offer_working_hours", Shape::flag},
              {"group_policy", Shape::choice, false, kind::none, group_policies},
              {"session_overlap", Shape::choice, false, kind::none, overlaps},
              {"hybrid", Shape::flag},
              {"no_reminders", Shape::flag},
              {"reapprove_on_edit", Shape::flag},
              {"pools", Shape::objects},
              {"languages", Shape::languages},
              {"questions", Shape::objects}}},
            {"events[].registration.pools[]",
             {{"key", Shape::line, required},
              {"by", Shape::choice, required, kind::none, pool_kinds},
              {"label", Shape::words, required},
              {"capacity", Shape::count}}},
            {"events[].registration.questions[]",
             {{"key", Shape::line, required},
              {"type", Shape::choice, required, kind::none, question_types},
              {"label", Shape::words, required},
              {"help", Shape::words},
              {"required", Shape::flag},
              {"min", Shape::any},
              {"max", Shape::any},
              {"second_step", Shape::flag},
              {"archived_in_version", Shape::positive},
              {"options", Shape::objects},
              {"visible_if", Shape::object},
              {"special_category", Shape::flag},
              {"purpose", Shape::line},
              {"retention_days", Shape::positive}}},
            {"events[].registration.questions[].options[]",
             {{"value", Shape::line, required}, {"label", Shape::words, required}}}};
}

std::vector<ObjectShape> accreditation_shapes()
{
    return {{"events[].accreditation",
             {{"opens", Shape::moment},
              {"closes", Shape::moment},
              {"capacity", Shape::count},
              {"requests", Shape::objects}}},
            {"events[].accreditation.requests[]",
             {{"id", Shape::id, required, kind::accreditation},
              {"person", Shape::reference, required, kind::person},
              {"outlet", Shape::reference, false, kind::media_outlet},
              {"status", Shape::token, required},
              {"embargo_accepted_at", Shape::stamp}}}};
}

ObjectShape registration_shape()
{
    return {"registrations[]",
            {{"id", Shape::id, required, kind::registration},
             {"event", Shape::reference, required, kind::event},
             {"person", Shape::reference, false, kind::person},
             {"status", Shape::choice, required, kind::none, registration_statuses},
             {"role", Shape::choice, false, kind::none, roles},
             {"language", Shape::language, required},
             {"name", Shape::line},
             {"name_other_script", Shape::line},
             {"email", Shape::email},
             {"organisation", Shape::line},
             {"remote", Shape::flag},
             {"answers", Shape::object},
             {"sessions", Shape::references, false, kind::session},
             {"participant_type", Shape::line},
             {"companions", Shape::objects},
             {"invitation", Shape::line},
             {"attendance", Shape::object},
             {"waitlist_position", Shape::positive},
             {"registered_at", Shape::stamp},
             {"cancelled_at", Shape::stamp},
             {"offer_expires_at", Shape::stamp},
             {"duplicate_of", Shape::reference, false, kind::registration},
             {"reminder_sent", Shape::stamp}}};
}

ObjectShape companion_shape()
{
    return {"registrations[].companions[]", {{"name", Shape::line, required}, {"email", Shape::email}}};
}

std::vector<ObjectShape> grouping_shapes()
{
    return {{"event_pairs[]",
             {{"id", Shape::id, required, kind::event_pair},
              {"title", Shape::words, required},
              {"events", Shape::references, required, kind::event}}},
            {"series[]",
             {{"id", Shape::id, required, kind::series},
              {"title", Shape::words, required},
              {"events", Shape::references, required, kind::event}}},
            {"reports[]",
             {{"id", Shape::id, required, kind::report},
              {"code", Shape::line},
              {"contractor", Shape::reference, false, kind::firm},
              {"work_package", Shape::reference, false, kind::work_package},
              {"title", Shape::words, required},
              {"abstract", Shape::words},
              {"embargo", Shape::moment},
              {"variants", Shape::objects}}},
            {"reports[].variants[]",
             {{"lang", Shape::language, required},
              {"role", Shape::token, required},
              {"status", Shape::token, required},
              {"version", Shape::line}}}};
}

}

std::vector<ObjectShape> event_shapes()
{
    std::vector<ObjectShape> all = {event_shape(), registration_shape(), companion_shape()};
    for (auto const part : {agenda_shapes, form_shapes, accreditation_shapes, grouping_shapes})
        std::ranges::move(part(), std::back_inserter(all));
    return all;
}

}
