// What the linter's parts share: a calendar taken apart, and the steps that judge it.
#pragma once

#include "calendars/lint.h"

#include <optional>

namespace kutsu::calendars::lint_parts
{

struct Parameter
{
    std::string name, value;
    bool quoted = false;
};

struct Property
{
    std::size_t line = 0;
    std::string name;
    std::vector<Parameter> parameters;
    std::string value; // unfolded, still escaped

    // Null when there is none.
    Parameter const* parameter(std::string_view wanted) const;
};

struct Component
{
    std::size_t line = 0;
    std::string name;
    std::vector<Property> properties;
    std::vector<Component> components;

    // The first of this name, or null.
    Property const* property(std::string_view wanted) const;
    // Its value, or nothing at all.
    std::string_view value(std::string_view wanted) const;
};

class Report
{
public:
    void add(std::string_view rule, std::size_t line, std::string what)
    {
        violations_.push_back({std::string(rule), line, std::move(what)});
    }

    std::vector<Violation> take() && { return std::move(violations_); }

private:
    std::vector<Violation> violations_;
};

// Physical lines: R1–R4, R7.
void judge_bytes(std::string_view bytes, Report& report);
// Takes lines apart: R8, R9, R11, R13. What it returns has every component the bytes have, also ill-placed
// ones.
std::vector<Component> parse(std::string_view bytes, Report& report);
// Which properties stand where, how often, and what they hold: R6, R8, R10, R14–R16, R18, R24, R44, R67, R72.
void judge_properties(Component const& component, Report& report);
// Zones and what refers to them: R19, R20.
void judge_zones(Component const& calendar, Report& report);
// Entries and their order: R12, R17, R25, R26, R32, R33, R41, R71.
void judge_events(Component const& calendar, Report& report);
// The calendar's own head: R11, R39, R45, R54.
void judge_head(Component const& calendar, Report& report);

}
