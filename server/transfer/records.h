// The records of a project file and their columns: one table for import and export.
#pragma once

#include "transfer/record.h"

namespace kutsu::transfer
{

inline constexpr Part programme_parts[] = {{"id", "public_id"},
                                           {"code", "code"},
                                           {"period", "period"},
                                           {"name", "name", How::words},
                                           {"funding_statement", "funding_statement", How::words}};

inline constexpr Part project_parts[] = {{"id", "public_id"},
                                         {"programme", "programme"},
                                         {"acronym", "acronym"},
                                         {"number", "number"},
                                         {"title", "title", How::words},
                                         {"summary", "summary", How::words},
                                         {"starts", "starts_on"},
                                         {"ends", "ends_on"}};

inline constexpr Part organisation_parts[] = {
    {"id", "public_id"}, {"kind", "kind", How::token},   {"name", "name", How::words}, {"country", "country"},
    {"city", "city"},    {"business_id", "business_id"}, {"email", "email"},           {"url", "url"}};

inline constexpr Part component_parts[] = {{"id", "public_id"},          {"responsible", "organisation"},
                                           {"kind", "kind", How::token}, {"fund", "fund"},
                                           {"name", "name", How::words}, {"starts", "starts_on"},
                                           {"ends", "ends_on"}};

inline constexpr Part network_parts[] = {{"id", "public_id"},
                                         {"name", "name", How::words},
                                         {"status", "status", How::token},
                                         {"members", "members"}};

// Beside these: org (a media outlet has no row) and name (rows of their own).
inline constexpr Part person_parts[] = {
    {"id", "public_id"}, {"role", "role", How::token}, {"email", "email"}, {"languages", "languages"}};

inline constexpr Part venue_parts[] = {
    {"id", "public_id"}, {"name", "name", How::words}, {"city", "city"},   {"country", "country"},
    {"lat", "latitude"}, {"lon", "longitude"},         {"tz", "time_zone"}};

inline constexpr Part room_parts[] = {
    {"id", "public_id"}, {"name", "name", How::words}, {"capacity", "capacity"}};

// Pairs and series; their list of events stays in details and is only brought up to date on the way out.
inline constexpr Part group_parts[] = {{"id", "public_id"}, {"title", "title", How::words}};

// Beside these: slug, times, embargo, agenda, registration.
inline constexpr Part event_parts[] = {{"id", "public_id"},
                                       {"type", "kind", How::dashed},
                                       {"project", "project"},
                                       {"pair", "event_pair"},
                                       {"series", "series"},
                                       {"venue", "venue"},
                                       {"room", "room"},
                                       {"status", "status", How::token},
                                       {"visibility", "visibility", How::token},
                                       {"title", "title", How::words},
                                       {"description", "description", How::words},
                                       {"cancel_reason", "cancel_reason", How::words},
                                       {"components", "components"},
                                       {"reports", "documents"}};

inline constexpr Part session_parts[] = {{"id", "public_id"},
                                         {"kind", "kind", How::token},
                                         {"status", "status", How::token, "confirmed"},
                                         {"title", "title", How::words},
                                         {"room", "room"},
                                         {"speakers", "speakers"},
                                         {"language", "language"},
                                         {"interpretation", "interpretation"},
                                         {"track", "track"},
                                         {"sign_up", "sign_up"},
                                         {"capacity", "capacity"}};

// Beside these: opens, closes, pools, questions. (no_reminders, because a file that says nothing means yes.)
inline constexpr Part form_parts[] = {{"admission", "admission", How::token, "open"},
                                      {"capacity", "capacity"},
                                      {"waitlist", "waitlist"},
                                      {"offer_hours", "offer_hours"},
                                      {"offer_working_hours", "offer_working_hours"},
                                      {"group_policy", "group_policy", How::token, "hold"},
                                      {"session_overlap", "session_overlap", How::token, "refuse"},
                                      {"hybrid", "hybrid"},
                                      {"no_reminders", "no_reminders"},
                                      {"reapprove_on_edit", "reapprove_on_edit"}};

inline constexpr Part pool_parts[] = {
    {"key", "key"}, {"by", "by", How::token}, {"label", "label", How::words}, {"capacity", "capacity"}};

// Beside these: options.
inline constexpr Part question_parts[] = {{"key", "key"},
                                          {"type", "type", How::token},
                                          {"label", "label", How::words},
                                          {"help", "help", How::words},
                                          {"required", "required"},
                                          {"visible_if", "visible_if"},
                                          {"min", "min"},
                                          {"max", "max"},
                                          {"second_step", "second_step"},
                                          {"archived_in_version", "archived_in_version"},
                                          {"special_category", "special_category"},
                                          {"purpose", "purpose"},
                                          {"retention_days", "retention_days"}};

inline constexpr Part option_parts[] = {{"value", "value"}, {"label", "label", How::words}};

// Beside these: embargo, variants.
inline constexpr Part document_parts[] = {{"id", "public_id"},
                                          {"code", "code"},
                                          {"title", "title", How::words},
                                          {"abstract", "abstract", How::words}};

inline constexpr Part variant_parts[] = {{"lang", "language"},
                                         {"role", "role", How::token},
                                         {"status", "status", How::token},
                                         {"version", "version"}};

// Beside these: status with role and door, name and e-mail where they are not the person's, attendance.
inline constexpr Part registration_parts[] = {{"id", "public_id"},
                                              {"event", "event"},
                                              {"person", "person"},
                                              {"language", "language"},
                                              {"organisation", "organisation"},
                                              {"companions", "companions"},
                                              {"answers", "answers"},
                                              {"sessions", "sessions"},
                                              {"participant_type", "participant_type"},
                                              {"invitation", "invitation"},
                                              {"cancelled_at", "cancelled_at", How::stamp},
                                              {"offer_expires_at", "offer_expires_at", How::stamp}};

}
