#include "net/router.h"

#include "base/messages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>

namespace kutsu::net
{
namespace
{

// A segment of a pattern: fixed text, or a capture between two pieces of fixed text.
struct Segment
{
    std::string before, name, after; // name empty: only `before`, literally

    bool literal() const { return name.empty(); }
    auto key() const { return std::tie(before, after); }

    // The captured text, when the segment of a path fits.
    std::optional<std::string_view> match(std::string_view segment) const
    {
        if (segment.size() <= before.size() + after.size() || !segment.starts_with(before) ||
            !segment.ends_with(after))
            return std::nullopt;
        auto const inside = segment.substr(before.size(), segment.size() - before.size() - after.size());
        return name != "lang" || is_language(inside) ? std::optional(inside) : std::nullopt;
    }
};

Segment parse_segment(std::string_view text, std::string_view pattern)
{
    auto const open = text.find('{');
    if (open == std::string_view::npos && text.find('}') == std::string_view::npos)
        return {std::string(text), {}, {}};
    auto const close = text.find('}');
    auto const once = open != std::string_view::npos && close != std::string_view::npos && open + 1 < close &&
                      text.find_first_of("{}", close + 1) == std::string_view::npos;
    if (!once)
        throw std::logic_error(
            fmt::format("the route pattern {} has a segment that cannot be read", pattern));
    return {std::string(text.substr(0, open)), std::string(text.substr(open + 1, close - open - 1)),
            std::string(text.substr(close + 1))};
}

// The first segment and the rest, which is empty only when there is none.
std::pair<std::string_view, std::optional<std::string_view>> split(std::string_view path)
{
    auto const slash = path.find('/');
    if (slash == std::string_view::npos)
        return {path, std::nullopt};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

}

struct Router::Node
{
    struct Child
    {
        Segment segment;
        std::unique_ptr<Node> node;
    };

    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::vector<Child> captures;                      // the most particular first
    std::map<std::string, Route, std::less<>> routes; // by method, of paths that end here

    Node& child(Segment const& segment);
    bool find(std::string_view method, std::string_view path, Match& match) const;
    bool take(std::string_view method, Match& match) const;
    bool descend(std::string_view method, std::optional<std::string_view> rest, Match& match) const;
};

Router::Router() : root_(std::make_unique<Node>()) {}

Router::~Router() = default;

void Router::add(Route route)
{
    if (!route.pattern.starts_with('/') || route.method.empty() || !route.handler)
        throw std::logic_error(fmt::format("the route {} {} is incomplete", route.method, route.pattern));
    auto* node = root_.get();
    for (std::optional<std::string_view> rest = std::string_view(route.pattern).substr(1); rest;) {
        auto const [text, after] = split(*rest);
        node = &node->child(parse_segment(text, route.pattern));
        rest = after;
    }
    methods_.insert(route.method);
    auto const method = route.method;
    auto const pattern = route.pattern;
    if (!node->routes.emplace(method, std::move(route)).second)
        throw std::logic_error(fmt::format("two routes answer {} {}", method, pattern));
}

Match Router::find(std::string_view method, std::string_view path) const
{
    Match match;
    if (path.starts_with('/') && !root_->find(method, path.substr(1), match))
        match.captures.clear();
    if (!match.allowed.empty())
        match.allowed.insert("OPTIONS");
    return match;
}

Router::Node& Router::Node::child(Segment const& segment)
{
    if (segment.literal()) {
        auto& node = literals[segment.before];
        if (!node)
            node = std::make_unique<Node>();
        return *node;
    }
    for (auto& [known, node] : captures) {
        if (known.key() == segment.key() && known.name == segment.name)
            return *node;
        // Under two names the same text would have two meanings, and which route wins would be an accident.
        if (known.key() == segment.key() && known.name != "lang" && segment.name != "lang")
            throw std::logic_error(
                fmt::format("{{{}}} and {{{}}} capture the same text", known.name, segment.name));
    }
    auto const rank = [](Segment const& each) {
        return std::pair(each.before.size() + each.after.size(), each.name == "lang");
    };
    auto const place =
        std::ranges::find_if(captures, [&](Child const& each) { return rank(each.segment) < rank(segment); });
    return *captures.insert(place, Child{segment, std::make_unique<Node>()})->node;
}

bool Router::Node::find(std::string_view method, std::string_view path, Match& match) const
{
    auto const [segment, rest] = split(path);
    if (auto const literal = literals.find(segment); literal != literals.end()) {
        if (literal->second->descend(method, rest, match))
            return true;
    }
    for (auto const& [pattern, node] : captures) {
        auto const captured = pattern.match(segment);
        if (!captured)
            continue;
        if (node->descend(method, rest, match)) {
            match.captures.emplace(pattern.name, *captured);
            return true;
        }
    }
    return false;
}

bool Router::Node::descend(std::string_view method, std::optional<std::string_view> rest, Match& match) const
{
    return rest ? find(method, *rest, match) : take(method, match);
}

bool Router::Node::take(std::string_view method, Match& match) const
{
    auto found = routes.find(method);
    if (found == routes.end() && method == "HEAD")
        found = routes.find("GET");
    if (found != routes.end()) {
        match.route = &found->second;
        return true;
    }
    for (auto const& [known, route] : routes) {
        match.allowed.insert(known);
        if (known == "GET")
            match.allowed.insert("HEAD");
    }
    return false;
}

std::string allow_header(std::set<std::string> const& methods)
{
    return fmt::format("{}", fmt::join(methods, ", "));
}

}
