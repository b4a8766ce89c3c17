#include "calendars/lint_parts.h"

#include <algorithm>

namespace kutsu::calendars::lint_parts
{
namespace
{

struct Unfolded
{
    std::size_t line;
    std::string text;
};

// Lenient about line ends, which judge_bytes has judged: a stray CR or LF shows here as a line of its own.
std::vector<Unfolded> unfold(std::string_view bytes)
{
    std::vector<Unfolded> out;
    for (std::size_t number = 1; !bytes.empty(); ++number) {
        auto const end = std::min(bytes.find_first_of("\r\n"), bytes.size());
        auto const text = bytes.substr(0, end);
        if (!out.empty() && text.starts_with(' '))
            out.back().text += text.substr(1);
        else if (!text.empty())
            out.push_back({number, std::string(text)});
        bytes.remove_prefix(std::min(end + (bytes.substr(end).starts_with("\r\n") ? 2 : 1), bytes.size()));
    }
    return out;
}

bool is_name(std::string_view text)
{
    auto const fits = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; };
    return !text.empty() && std::ranges::all_of(text, fits);
}

// RFC 6868 §3.2: "^" stands only before "^", "'" and "n".
bool is_sound_parameter_value(std::string_view value)
{
    if (value.contains('"'))
        return false;
    for (auto caret = value.find('^'); caret != value.npos; caret = value.find('^', caret + 2)) {
        if (caret + 1 == value.size() || !std::string_view("^'n").contains(value[caret + 1]))
            return false;
    }
    return true;
}

// Where an unquoted part ends.
std::size_t end_of_part(std::string_view text, std::string_view marks)
{
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && marks.contains(text[i]))
            return i;
    }
    return text.size();
}

Parameter parse_parameter(std::string_view text, std::size_t line, Report& report)
{
    auto const equals = std::min(text.find('='), text.size());
    auto const name = text.substr(0, equals);
    auto value = text.substr(std::min(equals + 1, text.size()));
    auto const quoted = value.size() > 1 && value.front() == '"' && value.back() == '"';
    if (quoted)
        value = value.substr(1, value.size() - 2);
    if (!is_name(name) || value.empty() || !is_sound_parameter_value(value) ||
        (!quoted && value.contains(',')))
        report.add("R9", line, "a parameter that is not NAME=value: " + std::string(text));
    return {std::string(name), std::string(value), quoted};
}

Property parse_property(Unfolded const& unfolded, Report& report)
{
    std::string_view rest = unfolded.text;
    Property property{unfolded.line, {}, {}, {}};
    auto const name_end = std::min(rest.find_first_of(":;"), rest.size());
    property.name = rest.substr(0, name_end);
    rest.remove_prefix(name_end);
    while (rest.starts_with(';')) {
        rest.remove_prefix(1);
        auto const end = end_of_part(rest, ":;");
        property.parameters.push_back(parse_parameter(rest.substr(0, end), unfolded.line, report));
        rest.remove_prefix(end);
    }
    if (!is_name(property.name) || !rest.starts_with(':'))
        report.add("R8", unfolded.line, "not a content line: " + unfolded.text);
    property.value = rest.substr(std::min<std::size_t>(1, rest.size()));
    return property;
}

class Builder
{
public:
    explicit Builder(Report& report) : report_(report) { open_.push_back({}); }

    void add(Property property)
    {
        if (property.name == "BEGIN") {
            open_.push_back({property.line, property.value, {}, {}});
        } else if (property.name == "END") {
            close(property);
        } else {
            auto& component = open_.back();
            if (open_.size() == 1)
                report_.add("R11", property.line, "outside every component: " + property.name);
            if (!component.components.empty())
                report_.add("R13", property.line, "a property after a component: " + property.name);
            component.properties.push_back(std::move(property));
        }
    }

    std::vector<Component> take() &&
    {
        if (open_.size() > 1)
            report_.add("R11", open_.back().line, "never ended: " + open_.back().name);
        return std::move(open_.front().components);
    }

private:
    void close(Property const& property)
    {
        if (open_.size() == 1 || open_.back().name != property.value)
            return report_.add("R11", property.line, "ends what was not begun: " + property.value);
        auto done = std::move(open_.back());
        open_.pop_back();
        open_.back().components.push_back(std::move(done));
    }

    Report& report_;
    std::vector<Component> open_; // the first is the file itself
};

}

std::vector<Component> parse(std::string_view bytes, Report& report)
{
    Builder builder(report);
    for (auto const& unfolded : unfold(bytes))
        builder.add(parse_property(unfolded, report));
    return std::move(builder).take();
}

}
