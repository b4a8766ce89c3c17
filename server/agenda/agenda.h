// The agenda's nouns and rules: sessions as an organiser edits them and the operations of agenda.edit
// (contract §6). Pure. An operation names the version of the session it was made on; a newer one is a
// conflict with the truth.
//
//   {"op": "move",   "session", "version", "starts_at" | "starts_local", "ends_at"? | "ends_local"?, "room"?}
//   {"op": "change", "session", "version", "title"?: {fi,en,ru}, "status"?, "room"?, "language"?}
//   {"op": "remove", "session", "version"}
//   {"op": "add",    "kind", "title", "starts_at" | "starts_local", "ends_at" | "ends_local", "room"?,
//   "language"?}
//   {"op": "swap",   "session", "version", "with", "with_version"}      times and rooms change places
//   {"op": "shift",  "minutes", "after"?: instant, "room"?}             everything that starts at `after` or
//   later
//
// A status is confirmed, cancelled or draft; drafts are seen by organisers only, until agenda.publish.
//
// *_at is RFC 3339 with offset; *_local the wall time of the session's (or event's) zone, refused where it
// does not exist or comes twice. Without an end a moved session keeps its length.
#pragma once

#include "base/json.h"
#include "base/local_time.h"
#include "base/problem.h"
#include "base/text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kutsu::agenda
{

struct Session
{
    std::int64_t session_id = 0; // 0: not stored yet
    std::string id;
    std::int64_t version = 1;
    std::string kind;
    std::string status;
    Text title;
    std::string time_zone;
    LocalTime starts_local;
    LocalTime ends_local;
    Instant starts_at;
    Instant ends_at;
    std::string room; // public id; empty: none
    std::string language;

    friend bool operator==(Session const&, Session const&) = default;
};

// A time as an editor gives it.
struct Given
{
    std::optional<Instant> at;
    std::optional<LocalTime> local;
    bool is_given() const { return at || local; }
};

enum class Verb
{
    add = 1,
    move,
    change,
    remove,
    swap,
    shift
};

struct Operation
{
    Verb verb = Verb::move;
    std::string session;
    std::int64_t version = 0;
    std::string with;
    std::int64_t with_version = 0;
    Given starts;
    Given ends;
    std::optional<std::string> room;
    std::optional<Text> title;
    std::optional<std::string> status;
    std::optional<std::string> language;
    std::string kind;
    std::int64_t minutes = 0;
    std::optional<Instant> after;
};

constexpr std::size_t operation_limit = 200;

// Every mistake at once, by path "ops.0.starts_at".
Result<std::vector<Operation>> decode_operations(json::object const& params);

struct Edited
{
    std::vector<Session> sessions; // those that changed, as they are now; versions raised
    bool shifted = false;
};

// How a session was before an edit, and which version the edit made of it.
struct Past
{
    Session was;
    bool existed = true;
    std::int64_t version_after = 0;
};
// Makes an edit undone: each session as it was, what the edit added removed. Conflict, with the session and
// its version, where something has been changed since.
Result<Edited> restore(std::vector<Session> const& sessions, std::vector<Past> const& pasts);
// Drafts become part of the programme: those named, or all.
Result<Edited> publish(std::vector<Session> const& sessions, std::vector<std::string> const& ids);

bool is_public(Session const& session);

// Applies the operations in order, all or nothing. `new_ids` are taken by `add`, `rooms` are the ids that
// exist. Problems: not_found, conflict, validation.
Result<Edited> apply(std::vector<Session> sessions, std::vector<Operation> const& operations,
                     std::string const& event_time_zone, std::vector<std::string> const& rooms,
                     std::vector<std::string> new_ids);

}
