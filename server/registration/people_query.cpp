// The words by which a list of people is narrowed and sorted.
#include "base/secret.h"
#include "base/unicode.h"
#include "registration/people.h"
#include "registration/people_fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t most_values = 50;
constexpr std::size_t most_ids = 10'000;
constexpr std::size_t longest_value = 1000; // bytes: an organisation of 200 characters fits
constexpr std::array<std::string_view, 5> sorts = {"arrival", "name", "organisation", "status", "changed"};
constexpr std::string_view answer_prefix = "answer.";

constexpr std::array<std::string_view, 6> statuses = {"pending", "confirmed", "waitlisted",
                                                      "offered", "cancelled", "declined"};

events::Question const* question_named(events::Event const& event, std::string_view key)
{
    if (!event.form)
        return nullptr;
    auto const found = std::ranges::find(event.form->questions, key, &events::Question::key);
    return found == event.form->questions.end() ? nullptr : &*found;
}

class QueryReader
{
public:
    QueryReader(events::Event const& event, Sight const& sight, std::string_view language)
        : event_(event), sight_(sight)
    {
        query_.language = language;
    }

    void read(std::string const& name, std::string const& value)
    {
        if (name == "q")
            read_words(value);
        else if (name == "sort")
            read_sort(value);
        else if (name == "limit")
            read_limit(value);
        else if (name == "cursor")
            cursor_ = value;
        else if (name == "reveal")
            read_reveal(value);
        else
            read_choice(name, value);
    }

    Result<PeopleQuery> finish()
    {
        if (!cursor_.empty())
            read_cursor();
        for (auto const& [name, values] : query_.filter.choices) {
            if (values.size() > (name == "id" ? most_ids : most_values))
                fail(name, "field.too_many", {{"limit", static_cast<std::int64_t>(most_values)}});
        }
        if (not_allowed_)
            return refuse(ProblemName::not_allowed);
        if (!errors_.empty())
            return refuse_fields(std::move(errors_));
        return std::move(query_);
    }

private:
    void fail(std::string_view field, std::string message, Arguments arguments = {})
    {
        errors_.push_back({std::string(field), std::move(message), std::move(arguments)});
    }

    void read_words(std::string const& value)
    {
        query_.filter.q = tidy_line(value);
        if (count_characters(query_.filter.q) > 200)
            fail("q", "field.too_long", {{"limit", 200}});
    }

    void read_sort(std::string_view value)
    {
        if (value.empty())
            return;
        query_.descending = value.starts_with('-');
        query_.sort = value.substr(query_.descending ? 1 : 0);
        if (std::ranges::find(sorts, query_.sort) == sorts.end())
            fail("sort", "field.unknown_choice");
        else if (!sight_.contacts && (query_.sort == "organisation" || query_.sort == "changed"))
            not_allowed_ = true;
    }

    void read_limit(std::string_view value)
    {
        if (value.empty())
            return;
        auto const [end, failed] = std::from_chars(value.data(), value.data() + value.size(), query_.limit);
        if (failed != std::errc() || end != value.data() + value.size() || query_.limit < 1)
            fail("limit", "field.expected_number");
        query_.limit = std::clamp<std::int64_t>(query_.limit, 1, most_people);
    }

    void read_reveal(std::string const& key)
    {
        if (key.empty())
            return;
        if (!sight_.contacts)
            not_allowed_ = true;
        else if (!question_named(event_, key))
            fail("reveal", "field.unknown_question");
        query_.reveal.insert(key);
    }

    void read_choice(std::string const& name, std::string const& value)
    {
        bool const is_answer = name.starts_with(answer_prefix);
        if (!is_answer && name != "id" && std::ranges::find(facets(), name) == facets().end())
            return fail(name, "field.unknown");
        if (!sight_.contacts && name != "status" && name != "id") {
            not_allowed_ = true;
            return;
        }
        if (is_answer && !may_narrow_by(name.substr(answer_prefix.size()), value))
            return fail(name, "field.unknown_question");
        if (name == "status" && std::ranges::find(statuses, value) == statuses.end())
            return fail(name, "field.unknown_choice");
        if (value.size() > longest_value)
            return fail(name, "field.too_long", {{"limit", 200}});
        auto& values = query_.filter.choices[name];
        if (std::ranges::find(values, value) == values.end())
            values.push_back(value);
    }

    // Who has which diet cannot be found out by narrowing the list; who has said nothing can.
    bool may_narrow_by(std::string_view key, std::string_view value) const
    {
        auto const* question = question_named(event_, key);
        return question && (value.empty() || !question->special_category);
    }

    // "-name\n17\nVirtanen" in hex: whoever makes one up gets another place of the same list.
    void read_cursor()
    {
        auto const text = from_hex(cursor_);
        auto const first = text.find('\n');
        auto const second = text.find('\n', first == std::string::npos ? first : first + 1);
        Cursor cursor;
        bool fine =
            second != std::string::npos && text.substr(0, first) == sort_words(query_) && is_clean_utf8(text);
        if (fine) {
            auto const* begin = text.data() + first + 1;
            auto const [end, failed] = std::from_chars(begin, text.data() + second, cursor.arrival);
            fine = failed == std::errc() && end == text.data() + second;
            cursor.value = text.substr(second + 1);
        }
        if (!fine)
            return fail("cursor", "people.cursor");
        query_.cursor = std::move(cursor);
    }

    static std::string from_hex(std::string_view hex)
    {
        std::string bytes;
        for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
            unsigned byte = 0;
            auto const [end, failed] = std::from_chars(hex.data() + at, hex.data() + at + 2, byte, 16);
            if (failed != std::errc() || end != hex.data() + at + 2)
                return {};
            bytes += static_cast<char>(byte);
        }
        return bytes;
    }

    events::Event const& event_;
    Sight sight_;
    PeopleQuery query_;
    std::string cursor_;
    std::vector<FieldError> errors_;
    bool not_allowed_ = false;
};

}

std::vector<std::string_view> const& facets()
{
    static std::vector<std::string_view> const all = {"status",       "role",       "participant_type",
                                                      "source",       "attendance", "language",
                                                      "organisation", "tag",        "session"};
    return all;
}

bool PeopleFilter::has(std::string_view thing, std::string_view value) const
{
    auto const found = choices.find(thing);
    return found != choices.end() && std::ranges::find(found->second, value) != found->second.end();
}

json::object to_question(PeopleFilter const& filter, bool everywhere)
{
    auto const patterns = search_patterns(filter.q);
    json::object question{{"everywhere", everywhere},
                          {"patterns", json::array(patterns.begin(), patterns.end())}};
    json::object answers;
    for (auto const& [name, values] : filter.choices) {
        json::array list(values.begin(), values.end());
        if (name.starts_with(answer_prefix))
            answers[name.substr(answer_prefix.size())] = std::move(list);
        else
            question[name] = std::move(list);
    }
    question["answers"] = std::move(answers);
    return question;
}

std::vector<std::pair<std::string, std::string>> pairs_of(PeopleFilter const& filter)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    if (!filter.q.empty())
        pairs.emplace_back("q", filter.q);
    for (auto const& [name, values] : filter.choices) {
        for (auto const& value : values)
            pairs.emplace_back(name, value);
    }
    return pairs;
}

Result<PeopleQuery> read_people_query(net::Fields const& fields, events::Event const& event,
                                      Sight const& sight, std::string_view language,
                                      std::set<std::string_view> const& others)
{
    QueryReader reader(event, sight, language);
    for (auto const& [name, value] : fields.pairs()) {
        if (!others.contains(name))
            reader.read(name, value);
    }
    return reader.finish();
}

Result<net::Fields> fields_of(json::object const& object, std::string_view path)
{
    std::vector<std::pair<std::string, std::string>> pairs;
    auto const fail = [&](std::string_view key) {
        return refuse_fields({{fmt::format("{}.{}", path, key), "field.expected_list", {}}});
    };
    for (auto const& [key, value] : object) {
        if (value.is_string() && is_clean_utf8(value.get_string())) {
            pairs.emplace_back(key, value.get_string());
            continue;
        }
        if (!value.is_array())
            return fail(key);
        for (auto const& each : value.get_array()) {
            if (!each.is_string() || !is_clean_utf8(each.get_string()))
                return fail(key);
            pairs.emplace_back(key, each.get_string());
        }
    }
    return net::Fields(std::move(pairs));
}

std::string sort_words(PeopleQuery const& query)
{
    return (query.descending ? "-" : "") + query.sort;
}

std::string cursor_after(PeopleQuery const& query, Person const& last)
{
    return to_hex(fmt::format("{}\n{}\n{}", sort_words(query), last.arrival, last.sort_value));
}

}
