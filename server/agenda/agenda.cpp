#include "agenda/agenda.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace kutsu::agenda
{
namespace
{

struct Time
{
    LocalTime local;
    Instant at;
};

Result<Time> resolve(Given const& given, std::string const& zone, std::string const& path)
{
    if (given.at) {
        auto const at = std::chrono::floor<std::chrono::minutes>(*given.at);
        return Time{to_local(at, zone), at};
    }
    auto const derived = to_instant(*given.local, zone);
    if (!derived)
        return refuse_fields({{path, "field.time_does_not_exist", {}}});
    if (derived->repeated)
        return refuse_fields({{path, "field.time_comes_twice", {}}});
    return Time{*given.local, derived->at};
}

// The working copy of one edit: sessions by id, and which of them were touched.
class Workbench
{
public:
    Workbench(std::vector<Session> sessions, std::string const& zone, std::vector<std::string> const& rooms,
              std::vector<std::string> new_ids)
        : sessions_(std::move(sessions)), zone_(zone), rooms_(rooms), new_ids_(std::move(new_ids))
    {}

    Result<void> apply(Operation const& operation, std::string const& path)
    {
        switch (operation.verb) {
        case Verb::add:
            return add(operation, path);
        case Verb::move:
            return move(operation, path);
        case Verb::change:
            return change(operation, path);
        case Verb::remove:
            return remove(operation);
        case Verb::swap:
            return swap(operation);
        case Verb::shift:
            return shift(operation, path);
        }
        return {};
    }

    Edited finish()
    {
        Edited edited;
        for (auto& session : sessions_) {
            if (!touched_.contains(session.id))
                continue;
            if (session.session_id != 0)
                ++session.version;
            edited.sessions.push_back(session);
        }
        edited.shifted = shifted_;
        return edited;
    }

private:
    // The session as the editor saw it, or the reason why not.
    Result<Session*> find(std::string const& id, std::int64_t version)
    {
        auto const found = std::ranges::find(sessions_, id, &Session::id);
        if (found == sessions_.end() || found->status == "removed")
            return refuse(ProblemName::not_found);
        if (found->version != version) {
            Problem problem{ProblemName::conflict, {}, {}, {}, {}, {}};
            problem.current = json::object{{"session", found->id}, {"version", found->version}};
            return std::unexpected(std::move(problem));
        }
        touched_.insert(id);
        return &*found;
    }

    Result<void> set_room(Session& session, std::optional<std::string> const& room, std::string const& path)
    {
        if (!room)
            return {};
        if (!room->empty() && std::ranges::find(rooms_, *room) == rooms_.end())
            return refuse_fields({{path + ".room", "field.unknown_choice", {}}});
        session.room = *room;
        return {};
    }

    Result<void> set_times(Session& session, Given const& starts, Given const& ends, std::string const& path)
    {
        auto const length = session.ends_at - session.starts_at;
        if (starts.is_given()) {
            auto const time = resolve(starts, session.time_zone, path + ".starts_at");
            if (!time)
                return std::unexpected(time.error());
            session.starts_local = time->local;
            session.starts_at = time->at;
            session.ends_at = time->at + length;
            session.ends_local = to_local(session.ends_at, session.time_zone);
        }
        if (ends.is_given()) {
            auto const time = resolve(ends, session.time_zone, path + ".ends_at");
            if (!time)
                return std::unexpected(time.error());
            session.ends_local = time->local;
            session.ends_at = time->at;
        }
        if (session.ends_at <= session.starts_at)
            return refuse_fields({{path + ".ends_at", "field.ends_before_start", {}}});
        return {};
    }

    Result<void> add(Operation const& operation, std::string const& path)
    {
        Session session;
        session.id = new_ids_.back();
        new_ids_.pop_back();
        session.kind = operation.kind;
        session.status = operation.status.value_or("confirmed");
        session.title = operation.title.value_or(Text());
        session.time_zone = zone_;
        session.language = operation.language.value_or("");
        if (session.title.empty())
            return refuse_fields({{path + ".title", "field.missing", {}}});
        // A start alone has no length yet; set_times checks the pair.
        session.ends_at = session.starts_at + std::chrono::minutes(1);
        if (auto set = set_times(session, operation.starts, operation.ends, path); !set)
            return set;
        if (auto set = set_room(session, operation.room, path); !set)
            return set;
        touched_.insert(session.id);
        sessions_.push_back(std::move(session));
        return {};
    }

    Result<void> move(Operation const& operation, std::string const& path)
    {
        auto const session = find(operation.session, operation.version);
        if (!session)
            return std::unexpected(session.error());
        if (auto set = set_times(**session, operation.starts, operation.ends, path); !set)
            return set;
        return set_room(**session, operation.room, path);
    }

    Result<void> change(Operation const& operation, std::string const& path)
    {
        auto const session = find(operation.session, operation.version);
        if (!session)
            return std::unexpected(session.error());
        if (operation.title) {
            for (auto const& words : operation.title->all())
                (*session)->title.set(words.language, words.text);
        }
        if (operation.status)
            (*session)->status = *operation.status;
        if (operation.language)
            (*session)->language = *operation.language;
        return set_room(**session, operation.room, path);
    }

    Result<void> remove(Operation const& operation)
    {
        auto const session = find(operation.session, operation.version);
        if (!session)
            return std::unexpected(session.error());
        (*session)->status = "removed";
        return {};
    }

    Result<void> swap(Operation const& operation)
    {
        auto const one = find(operation.session, operation.version);
        if (!one)
            return std::unexpected(one.error());
        auto const other = find(operation.with, operation.with_version);
        if (!other)
            return std::unexpected(other.error());
        std::swap((*one)->starts_local, (*other)->starts_local);
        std::swap((*one)->ends_local, (*other)->ends_local);
        std::swap((*one)->starts_at, (*other)->starts_at);
        std::swap((*one)->ends_at, (*other)->ends_at);
        std::swap((*one)->room, (*other)->room);
        return {};
    }

    Result<void> shift(Operation const& operation, std::string const& path)
    {
        shifted_ = true;
        for (auto& session : sessions_) {
            bool const meant = session.status == "confirmed" &&
                               (!operation.after || session.starts_at >= *operation.after) &&
                               (!operation.room || session.room == *operation.room);
            if (!meant)
                continue;
            touched_.insert(session.id);
            Given const starts{session.starts_at + std::chrono::minutes(operation.minutes), std::nullopt};
            if (auto set = set_times(session, starts, {}, path); !set)
                return set;
        }
        return {};
    }

    std::vector<Session> sessions_;
    std::string const& zone_;
    std::vector<std::string> const& rooms_;
    std::vector<std::string> new_ids_;
    std::set<std::string> touched_;
    bool shifted_ = false;
};

}

Result<Edited> apply(std::vector<Session> sessions, std::vector<Operation> const& operations,
                     std::string const& event_time_zone, std::vector<std::string> const& rooms,
                     std::vector<std::string> new_ids)
{
    Workbench bench(std::move(sessions), event_time_zone, rooms, std::move(new_ids));
    for (std::size_t i = 0; auto const& operation : operations) {
        if (auto done = bench.apply(operation, fmt::format("ops.{}", i++)); !done)
            return std::unexpected(done.error());
    }
    return bench.finish();
}

bool is_public(Session const& session)
{
    return session.status == "confirmed" || session.status == "cancelled";
}

Result<Edited> restore(std::vector<Session> const& sessions, std::vector<Past> const& pasts)
{
    Edited edited;
    for (auto const& past : pasts) {
        auto const now = std::ranges::find(sessions, past.was.id, &Session::id);
        if (now == sessions.end())
            return refuse(ProblemName::not_found);
        if (now->version != past.version_after) {
            Problem problem{ProblemName::conflict, {}, {}, {}, {}, {}};
            problem.current = json::object{{"session", now->id}, {"version", now->version}};
            return std::unexpected(std::move(problem));
        }
        auto session = past.existed ? past.was : *now;
        if (!past.existed)
            session.status = "removed";
        session.session_id = now->session_id;
        session.kind = now->kind;
        session.version = now->version + 1;
        edited.sessions.push_back(std::move(session));
    }
    return edited;
}

Result<Edited> publish(std::vector<Session> const& sessions, std::vector<std::string> const& ids)
{
    Edited edited;
    for (auto const& session : sessions) {
        bool const named = ids.empty() || std::ranges::find(ids, session.id) != ids.end();
        if (session.status != "draft" || !named)
            continue;
        auto published = session;
        published.status = "confirmed";
        ++published.version;
        edited.sessions.push_back(std::move(published));
    }
    if (edited.sessions.empty())
        return refuse(ProblemName::conflict, "problem.nothing-to-publish.detail");
    return edited;
}

}
