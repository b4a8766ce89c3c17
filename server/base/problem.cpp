#include "base/problem.h"

#include <array>

namespace kutsu
{
namespace
{

struct Row
{
    ProblemName name;
    std::string_view wire;
    int rpc_code;
    int http_status;
};

constexpr std::array rows = {
    Row{ProblemName::validation, "validation", 1000, 422},
    Row{ProblemName::not_found, "not-found", 1001, 404},
    Row{ProblemName::closed, "closed", 1002, 409},
    Row{ProblemName::not_open_yet, "not-open-yet", 1003, 409},
    Row{ProblemName::full, "full", 1004, 409},
    Row{ProblemName::not_allowed, "not-allowed", 1005, 403},
    Row{ProblemName::conflict, "conflict", 1006, 409},
    Row{ProblemName::too_many_requests, "too-many-requests", 1007, 429},
    Row{ProblemName::overloaded, "overloaded", 1008, 503},
    Row{ProblemName::embargoed, "embargoed", 1009, 403},
    Row{ProblemName::gone, "gone", 1010, 410},
};

Row const& row_of(ProblemName name)
{
    return rows.at(static_cast<std::size_t>(name) - 1);
}

}

std::string_view wire_name(ProblemName name)
{
    return row_of(name).wire;
}

int rpc_code(ProblemName name)
{
    return row_of(name).rpc_code;
}

int http_status(ProblemName name)
{
    return row_of(name).http_status;
}

}
