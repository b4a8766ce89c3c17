// Which route answers a path. Literal segments win over captures, a capture with fixed text around it
// ("{slug}.ics") over a bare one, {lang} over other bare ones; among the matches the first that knows the
// method answers.
#pragma once

#include "net/http.h"

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::net
{

using Captures = std::map<std::string, std::string, std::less<>>;

struct Match
{
    Route const* route = nullptr; // null: the path is unknown, or its routes do not know the method
    Captures captures;
    std::set<std::string>
        allowed; // what the path's routes know, HEAD and OPTIONS included; empty: the path is unknown
};

class Router
{
public:
    Router();
    ~Router();

    // Throws std::logic_error for a pattern that makes no sense or is there already.
    void add(Route route);
    // HEAD is answered by the route of GET where it has none of its own.
    Match find(std::string_view method, std::string_view path) const;
    // Every method that some route knows.
    std::set<std::string> const& methods() const { return methods_; }

private:
    struct Node;

    std::unique_ptr<Node> root_;
    std::set<std::string> methods_;
};

// "GET, HEAD, OPTIONS"
std::string allow_header(std::set<std::string> const& methods);

}
