// The long-lived objects that main() builds once and hands down by reference. Only names are declared here:
// whoever uses one includes its own header.
#pragma once

#include "base/clock.h"
#include "base/secret.h"

#include <string>

namespace kutsu
{

namespace db
{
class Database;
class Waker;
}
namespace events
{
class Catalogue;
}
namespace registration
{
class Desk;
}
namespace live
{
class Live;
}

// Shared by all processes of an installation (table site_secret), except `vault`, which lies in the data
// folder.
struct Keys
{
    Key registration{}; // makes the secret links of registrations
    Key form{};         // signs the time a form was made
    Key vault{};        // seals passport data
};

// Facts of this installation.
struct Site
{
    std::string base_url; // "http://localhost:8080", no slash at the end
    std::string uid_host; // host part of calendar UIDs, fixed at first start
    std::string default_language = "fi";
    std::string mail_from = "kutsu@localhost";
    std::string clock_notice; // "" with the real clock, else the instant it started at
};

struct Services
{
    Clock const& clock;
    Random& random;
    db::Database& db;
    db::Waker& waker; // told after each commit that wrote a change
    events::Catalogue& catalogue;
    registration::Desk& desk;
    Keys const& keys;
    Site const& site;
    live::Live& live;
};

}
