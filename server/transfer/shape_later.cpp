#include "transfer/shape_parts.h"

namespace kutsu::transfer
{
namespace
{

std::vector<ObjectShape> press_shapes()
{
    return {{"press_kits[]",
             {{"id", Shape::id, required, kind::press_kit},
              {"events", Shape::references, false, kind::event},
              {"embargo", Shape::moment},
              {"advance_release", Shape::moment},
              {"headline", Shape::words},
              {"items", Shape::objects},
              {"contacts", Shape::references, false, kind::person}}},
            {"press_kits[].items[]", {{"ref", Shape::reference, false, kind::report}}},
            {"news_items[]",
             {{"id", Shape::id, required, kind::news_item},
              {"source_lang", Shape::language},
              {"title", Shape::words, required},
              {"body", Shape::words},
              {"digest", Shape::reference, false, kind::news_digest}}},
            {"news_digests[]",
             {{"id", Shape::id, required, kind::news_digest},
              {"send_at", Shape::moment},
              {"deadline", Shape::moment},
              {"target_langs", Shape::languages},
              {"recipients", Shape::references, false, kind::media_outlet},
              {"editor", Shape::reference, false, kind::person},
              {"approver", Shape::reference, false, kind::person},
              {"translator", Shape::reference, false, kind::person}}}};
}

std::vector<ObjectShape> workshop_shapes()
{
    return {{"workshop_results[]",
             {{"workshop", Shape::reference, required, kind::event},
              {"inputs", Shape::references, false, kind::report},
              {"groups", Shape::objects},
              {"findings", Shape::objects},
              {"decisions", Shape::objects},
              {"actions", Shape::objects}}},
            {"workshop_results[].groups[]",
             {{"facilitator", Shape::reference, false, kind::person}, {"lang", Shape::language}}},
            {"workshop_results[].findings[]",
             {{"id", Shape::id, required, kind::finding}, {"text", Shape::words, required}}},
            {"workshop_results[].decisions[]",
             {{"id", Shape::id, required, kind::decision},
              {"from_findings", Shape::references, false, kind::finding},
              {"text", Shape::words, required},
              {"adopted_by", Shape::references, false, kind::firm}}},
            {"workshop_results[].actions[]",
             {{"id", Shape::id, required, kind::action},
              {"from_decision", Shape::reference, false, kind::decision},
              {"owner", Shape::reference, false, kind::person},
              {"due", Shape::day},
              {"text", Shape::words, required}}}};
}

std::vector<ObjectShape> outreach_shapes()
{
    return {
        {"partner_requests[]",
         {{"id", Shape::id, required, kind::partner_request},
          {"owner_company", Shape::reference, false, kind::firm},
          {"need", Shape::words, required},
          {"relayed_by", Shape::reference, false, kind::firm},
          {"relayed_to", Shape::reference, false, kind::firm},
          {"received", Shape::day},
          {"matches", Shape::objects},
          {"follow_up", Shape::objects}}},
        {"partner_requests[].matches[]", {{"org", Shape::reference, required, kind::firm}}},
        {"distribution_lists[]",
         {{"id", Shape::id, required, kind::distribution_list},
          {"name", Shape::words, required},
          {"members", Shape::objects}}},
        {"distribution_lists[].members[]",
         {{"org", Shape::reference, false, kind::firm}, {"lang", Shape::language}, {"copies", Shape::count}}},
        {"delivery_log[]",
         {{"report", Shape::reference, required, kind::report},
          {"to", Shape::reference, false, kind::firm | kind::media_outlet | kind::person},
          {"copies", Shape::count},
          {"sent", Shape::stamp},
          {"signed_by", Shape::reference, false, kind::person}}},
        {"brochures[]",
         {{"id", Shape::id, required, kind::brochure},
          {"title", Shape::words, required},
          {"lang", Shape::language},
          {"distribution", Shape::objects}}},
        {"brochures[].distribution[]", {{"ref", Shape::reference, false, kind::event}}}};
}

ObjectShape visa_shape()
{
    return {"visa_cases[]",
            {{"id", Shape::id, required, kind::visa_case},
             {"trip", Shape::reference, required, kind::event},
             {"person", Shape::reference, required, kind::person},
             {"citizenship", Shape::country},
             {"passport", Shape::object},
             {"letter", Shape::object}}};
}

}

std::vector<ObjectShape> trip_shapes()
{
    return {{"events[].days[]",
             {{"date", Shape::day, required},
              {"theme", Shape::words},
              {"legs", Shape::objects},
              {"visits", Shape::objects},
              {"overnight", Shape::reference, false, kind::accommodation}}},
            {"events[].days[].legs[]",
             {{"departs", Shape::moment, required},
              {"arrives", Shape::moment, required},
              {"title", Shape::words},
              {"border", Shape::object}}},
            {"events[].days[].visits[]",
             {{"host", Shape::reference, false, kind::firm},
              {"host_contact", Shape::reference, false, kind::person},
              {"title", Shape::words},
              {"starts_local", Shape::line, required},
              {"ends_local", Shape::line, required}}},
            {"events[].accommodations[]",
             {{"id", Shape::id, required, kind::accommodation},
              {"lat", Shape::latitude},
              {"lon", Shape::longitude},
              {"tz", Shape::zone}}},
            {"events[].rooming[]", {{"people", Shape::references, false, kind::person}}},
            {"events[].participants[]",
             {{"person", Shape::reference, required, kind::person},
              {"substitutes", Shape::reference, false, kind::person}}},
            visa_shape()};
}

std::vector<ObjectShape> later_shapes()
{
    std::vector<ObjectShape> all;
    for (auto const part : {press_shapes, workshop_shapes, outreach_shapes})
        std::ranges::move(part(), std::back_inserter(all));
    return all;
}

}
