#include "feeds/feed_key.h"

#include "base/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::feeds
{
namespace
{

constexpr std::string_view root = "/calendar/";
constexpr std::array<std::string_view, 4> kinds = {"seminar", "press-conference", "study-trip", "workshop"};

struct Suffix
{
    Form form;
    std::string_view text;
    std::string_view media_type;
};
constexpr std::array<Suffix, 4> suffixes = {
    {{Form::ics, ".ics", "text/calendar"},
     {Form::jcal, ".json", "application/calendar+json"},
     {Form::xcal, ".xml", "application/calendar+xml"},
     {Form::jscal, ".jscal", "application/jscalendar+json;type=group"}}};

Suffix const& suffix_of(Form form)
{
    return *std::ranges::find(suffixes, form, &Suffix::form);
}

struct Folder
{
    Scope scope;
    std::string_view name;
};
constexpr std::array<Folder, 5> folders = {{{Scope::event, "events"},
                                            {Scope::personal, "personal"},
                                            {Scope::kind, "kinds"},
                                            {Scope::city, "cities"},
                                            {Scope::project, "projects"}}};

std::optional<FeedKey> parse_path(std::string_view path)
{
    auto const suffix =
        std::ranges::find_if(suffixes, [&](auto const& each) { return path.ends_with(each.text); });
    if (!path.starts_with(root) || suffix == suffixes.end() ||
        path.size() <= root.size() + suffix->text.size())
        return std::nullopt;
    path.remove_prefix(root.size());
    path.remove_suffix(suffix->text.size());
    if (path == "events")
        return FeedKey{.form = suffix->form};
    auto const slash = path.find('/');
    auto const folder = std::ranges::find(folders, path.substr(0, slash), &Folder::name);
    if (slash == path.npos || folder == folders.end() || slash + 1 == path.size())
        return std::nullopt;
    FeedKey key{folder->scope, std::string(path.substr(slash + 1)), {}, false, false, suffix->form};
    if (key.name.contains('/') || (key.scope == Scope::kind && !is_feed_kind(key.name)))
        return std::nullopt;
    return key;
}

// By default.
bool has_sessions(Scope scope)
{
    return scope == Scope::event || scope == Scope::personal;
}

// The value of a parameter: the default when it is absent, nothing when it is none of the choices.
std::optional<std::string> choose(net::Fields const& query, std::string_view name, std::string_view otherwise,
                                  std::vector<std::string> const& choices)
{
    auto const given = query.find(name);
    if (!given)
        return std::string(otherwise);
    return std::ranges::find(choices, *given) == choices.end() ? std::nullopt : given;
}

FeedRefusal refuse_parameter(std::string_view name, std::vector<std::string> const& choices,
                             std::string language)
{
    std::string list;
    for (auto const& choice : choices)
        list += (list.empty() ? "" : ", ") + choice;
    return {400,
            "calendar.refused.parameter",
            {{"name", std::string(name)}, {"choices", list}},
            std::move(language)};
}

}

std::expected<FeedKey, FeedRefusal> parse_feed_key(std::string_view path, net::Fields const& query,
                                                   std::string_view default_language)
{
    auto const language = choose(query, "lang", default_language, languages());
    auto const words = language.value_or(std::string(default_language));
    auto key = parse_path(path);
    if (!key)
        return std::unexpected(FeedRefusal{404, "calendar.refused.not_found", {}, words});
    if (!language)
        return std::unexpected(refuse_parameter("lang", languages(), words));
    std::vector<std::string> const switches = {"0", "1"};
    auto const sessions = choose(query, "sessions", has_sessions(key->scope) ? "1" : "0", switches);
    if (!sessions)
        return std::unexpected(refuse_parameter("sessions", switches, words));
    std::vector<std::string> const pasts = {"all"};
    auto const past = choose(query, "past", "", pasts);
    if (!past)
        return std::unexpected(refuse_parameter("past", pasts, words));
    key->language = *language;
    key->sessions = *sessions == "1";
    key->past_all = *past == "all" || key->scope == Scope::event || key->scope == Scope::project;
    return *key;
}

std::string feed_name(Scope scope, std::string_view name)
{
    auto const folder = std::ranges::find(folders, scope, &Folder::scope);
    return folder == folders.end() ? "events" : fmt::format("{}/{}", folder->name, name);
}

std::string feed_name(FeedKey const& key)
{
    return feed_name(key.scope, key.name);
}

std::vector<std::string> feeds_of(events::Event const& event)
{
    std::vector<std::string> names = {feed_name(Scope::all, ""), feed_name(Scope::event, event.slug),
                                      feed_name(Scope::kind, event.kind)};
    if (event.venue && !event.venue->city_slug.empty())
        names.push_back(feed_name(Scope::city, event.venue->city_slug));
    if (event.project)
        names.push_back(feed_name(Scope::project, event.project->id));
    std::ranges::sort(names);
    return names;
}

std::string feed_target(FeedKey const& key)
{
    auto const folder = std::ranges::find(folders, key.scope, &Folder::scope);
    auto const stem = folder == folders.end()
                          ? "events"
                          : fmt::format("{}/{}", folder->name, net::percent_encode(key.name));
    auto target = fmt::format("{}{}{}?lang={}", root, stem, suffix_of(key.form).text, key.language);
    if (key.sessions != has_sessions(key.scope))
        target += key.sessions ? "&sessions=1" : "&sessions=0";
    if (key.past_all && key.scope != Scope::event && key.scope != Scope::project)
        target += "&past=all";
    return target;
}

std::span<std::string_view const> feed_kinds()
{
    return kinds;
}

bool is_feed_kind(std::string_view kind)
{
    return std::ranges::find(kinds, kind) != kinds.end();
}

std::string_view media_type(Form form)
{
    return suffix_of(form).media_type;
}

// JSON is UTF-8 by definition and names no charset (RFC 8259 section 11).
std::string content_type(Form form)
{
    bool const names_charset = form == Form::ics || form == Form::xcal;
    return fmt::format("{}{}", media_type(form), names_charset ? "; charset=utf-8" : "");
}

}
