#include "transfer/shape_parts.h"

namespace kutsu::transfer
{
namespace
{

constexpr std::string_view network_statuses[] = {"FORMING", "ACTIVE", "DORMANT", "ENDED"};

std::vector<Field> organisation_fields(Kinds kind)
{
    return {{"id", Shape::id, required, kind},
            {"kind", Shape::token, required},
            {"name", Shape::words, required},
            {"country", Shape::country},
            {"city", Shape::line},
            {"business_id", Shape::line},
            {"email", Shape::email},
            {"url", Shape::text}};
}

ObjectShape frame_shape()
{
    return {"",
            {{"languages", Shape::languages},
             {"meta", Shape::object},
             {"programme", Shape::object, required},
             {"project", Shape::object, required},
             {"organisations", Shape::objects},
             {"companies", Shape::objects},
             {"media_outlets", Shape::objects},
             {"networks", Shape::objects},
             {"people", Shape::objects},
             {"venues", Shape::objects},
             {"events", Shape::objects},
             {"event_pairs", Shape::objects},
             {"series", Shape::objects},
             {"reports", Shape::objects},
             {"registrations", Shape::objects},
             {"press_kits", Shape::objects},
             {"visa_cases", Shape::objects},
             {"workshop_results", Shape::objects},
             {"news_items", Shape::objects},
             {"news_schedule", Shape::object},
             {"news_digests", Shape::objects},
             {"partner_requests", Shape::objects},
             {"distribution_lists", Shape::objects},
             {"delivery_log", Shape::objects},
             {"brochures", Shape::objects}}};
}

std::vector<ObjectShape> funding_shapes()
{
    return {{"meta", {{"label", Shape::words}, {"demo_now", Shape::stamp}}},
            {"programme",
             {{"id", Shape::id, required, kind::programme},
              {"code", Shape::line, required},
              {"period", Shape::line},
              {"name", Shape::words, required},
              {"funding_statement", Shape::words, required},
              {"funds", Shape::objects},
              {"working_languages", Shape::languages},
              {"reporting_language", Shape::language}}},
            {"programme.funds[]", {{"applies_to", Shape::reference, false, kind::component}}}};
}

std::vector<ObjectShape> partnership_shapes()
{
    return {{"project",
             {{"id", Shape::id, required, kind::project},
              {"programme", Shape::reference, required, kind::programme},
              {"acronym", Shape::line, required},
              {"number", Shape::line},
              {"starts", Shape::day},
              {"ends", Shape::day},
              {"title", Shape::words, required},
              {"summary", Shape::words},
              {"lead_partner", Shape::reference, false, kind::firm},
              {"components", Shape::objects},
              {"partners", Shape::objects},
              {"work_packages", Shape::objects},
              {"budget_lines", Shape::objects},
              {"indicator_targets", Shape::objects}}},
            {"project.components[]",
             {{"id", Shape::id, required, kind::component},
              {"kind", Shape::token, required},
              {"fund", Shape::line},
              {"responsible", Shape::reference, false, kind::firm},
              {"starts", Shape::day},
              {"ends", Shape::day},
              {"name", Shape::words, required},
              {"goal", Shape::words}}},
            {"project.partners[]",
             {{"org", Shape::reference, required, kind::firm},
              {"component", Shape::reference, false, kind::component}}},
            {"project.work_packages[]",
             {{"id", Shape::id, required, kind::work_package},
              {"component", Shape::reference, false, kind::component},
              {"title", Shape::words}}},
            {"project.budget_lines[]",
             {{"id", Shape::id, required, kind::budget_line},
              {"component", Shape::reference, false, kind::component}}}};
}

std::vector<ObjectShape> people_shapes()
{
    return {{"organisations[]", organisation_fields(kind::organisation)},
            {"companies[]", organisation_fields(kind::company)},
            {"media_outlets[]",
             {{"id", Shape::id, required, kind::media_outlet},
              {"country", Shape::country},
              {"languages", Shape::languages},
              {"email", Shape::email}}},
            {"networks[]",
             {{"id", Shape::id, required, kind::network},
              {"name", Shape::words, required},
              {"members", Shape::references, false, kind::firm},
              {"status", Shape::choice, required, kind::none, network_statuses},
              {"founded", Shape::day}}},
            {"people[]",
             {{"id", Shape::id, required, kind::person},
              {"org", Shape::reference, false, kind::firm | kind::media_outlet},
              {"role", Shape::token},
              {"name", Shape::object, required},
              {"languages", Shape::languages},
              {"citizenship", Shape::country},
              {"email", Shape::email}}},
            {"people[].name",
             {{"latin", Shape::object},
              {"cyrillic", Shape::object},
              {"patronymic_cyrillic", Shape::line},
              {"passport_latin", Shape::line}}}};
}

std::vector<ObjectShape> place_shapes()
{
    return {{"venues[]",
             {{"id", Shape::id, required, kind::venue},
              {"name", Shape::words, required},
              {"city", Shape::line, required},
              {"country", Shape::country},
              {"lat", Shape::latitude},
              {"lon", Shape::longitude},
              {"tz", Shape::zone, required},
              {"address", Shape::object},
              {"rooms", Shape::objects}}},
            {"venues[].address", {{"Latn", Shape::text}, {"Cyrl", Shape::text}}},
            {"venues[].rooms[]",
             {{"id", Shape::id, required, kind::room},
              {"name", Shape::words, required},
              {"capacity", Shape::positive},
              {"accessible", Shape::flag},
              {"induction_loop", Shape::flag}}}};
}

}

std::vector<ObjectShape> project_shapes()
{
    std::vector<ObjectShape> all = {frame_shape()};
    for (auto const part : {funding_shapes, partnership_shapes, people_shapes, place_shapes})
        std::ranges::move(part(), std::back_inserter(all));
    return all;
}

}
