#include "transfer/shape_check.h"

#include "transfer/json_path.h"
#include "transfer/shape_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace kutsu::transfer
{
namespace
{

constexpr std::int64_t number_limit = 1'000'000'000; // fits every integer column

std::string_view kind_of(json::value const& value)
{
    switch (value.kind()) {
    case json::kind::null:
        return "null";
    case json::kind::bool_:
        return "true or false";
    case json::kind::string:
        return "text";
    case json::kind::array:
        return "a list";
    case json::kind::object:
        return "an object";
    default:
        return "a number";
    }
}

class Checker
{
public:
    Checker(Ids const& ids, std::size_t number, FileProblems& problems)
        : ids_(ids), number_(number), problems_(problems)
    {}

    void object(json::value const& value, std::string const& path, ObjectShape const& shape)
    {
        auto const* object = value.if_object();
        if (!object)
            return; // its own field has said so
        for (auto const& field : shape.fields) {
            auto const place = member(path, field.name);
            auto const* found = object->if_contains(field.name);
            if (found && !found->is_null())
                this->field(*found, place, field);
            else if (field.required)
                fail(place, found ? "must not be null" : "is missing");
        }
    }

private:
    void fail(std::string const& path, std::string reason) { problems_.push_back({path, std::move(reason)}); }

    void expected(std::string const& path, std::string_view wanted, json::value const& value)
    {
        fail(path, fmt::format("must be {}, not {}", wanted, kind_of(value)));
    }

    void field(json::value const& value, std::string const& path, Field const& field)
    {
        switch (field.shape) {
        case Shape::any:
        case Shape::zone: // every time zone of the file is checked with the times
            return;
        case Shape::objects:
            return objects(value, path);
        case Shape::references:
        case Shape::languages:
            return texts(value, path, field);
        case Shape::words:
            return words(value, path);
        case Shape::moment:
            return moment(value, path);
        default:
            return plain(value, path, field);
        }
    }

    void plain(json::value const& value, std::string const& path, Field const& field)
    {
        switch (field.shape) {
        case Shape::object:
            return value.is_object() ? void() : expected(path, "an object", value);
        case Shape::flag:
            return value.is_bool() ? void() : expected(path, "true or false", value);
        case Shape::count:
            return whole(value, path, 0);
        case Shape::positive:
            return whole(value, path, 1);
        case Shape::latitude:
            return degrees(value, path, 90);
        case Shape::longitude:
            return degrees(value, path, 180);
        default:
            return value.is_string() ? text(value.get_string(), path, field) : expected(path, "text", value);
        }
    }

    void text(std::string_view text, std::string const& path, Field const& field)
    {
        if (field.shape == Shape::reference)
            return reference(text, path, field.kinds);
        if (auto wrong = wrong_with_text(text, field); !wrong.empty())
            fail(path, std::move(wrong));
    }

    void objects(json::value const& value, std::string const& path)
    {
        auto const* list = value.if_array();
        if (!list)
            return expected(path, "a list", value);
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (!(*list)[i].is_object())
                expected(item(path, i), "an object", (*list)[i]);
        }
    }

    void texts(json::value const& value, std::string const& path, Field const& field)
    {
        auto const* list = value.if_array();
        if (!list)
            return expected(path, "a list", value);
        auto one = field;
        one.shape = field.shape == Shape::languages ? Shape::language : Shape::reference;
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < list->size(); ++i) {
            auto const* each = (*list)[i].if_string();
            if (!each)
                expected(item(path, i), "text", (*list)[i]);
            else if (!seen.insert(*each).second)
                fail(item(path, i), fmt::format("\"{}\" stands twice in the list", std::string_view(*each)));
            else
                text(*each, item(path, i), one);
        }
    }

    void words(json::value const& value, std::string const& path)
    {
        auto const* object = value.if_object();
        if (!object)
            return expected(path, "words by language such as {\"fi\": \"…\"}", value);
        if (object->empty())
            return fail(path, "has words in no language");
        for (auto const& [language, words] : *object) {
            if (!is_language_tag(language))
                fail(member(path, language), "is no language such as \"fi\"");
            else if (!words.is_string())
                expected(member(path, language), "text", words);
            else if (words.get_string().empty())
                fail(member(path, language), "is empty: leave a missing translation out");
        }
    }

    void moment(json::value const& value, std::string const& path)
    {
        auto const* object = value.if_object();
        if (!object)
            return expected(path, "an object with tz and local", value);
        for (auto const* name : {"tz", "local"}) {
            auto const* found = object->if_contains(name);
            if (!found || found->is_null())
                fail(member(path, name), "is missing");
        }
        auto const* local = object->if_contains("local");
        if (local && !local->is_null() && (!local->is_string() || local->get_string().empty()))
            fail(member(path, "local"), "is no wall time like 2027-05-27T08:30");
    }

    void whole(json::value const& value, std::string const& path, std::int64_t least)
    {
        auto const* number = value.if_int64();
        if (!number || *number < least || *number > number_limit)
            fail(path, fmt::format("must be a whole number from {} to {}", least, number_limit));
    }

    void degrees(json::value const& value, std::string const& path, double most)
    {
        boost::system::error_code wrong;
        auto const number = value.is_number() ? value.to_number<double>(wrong) : most + 1;
        if (wrong || !(number >= -most && number <= most))
            fail(path, fmt::format("must be a number of degrees from {} to {}", -most, most));
    }

    void reference(std::string_view id, std::string const& path, Kinds kinds)
    {
        if (ids_.find(id, kinds, number_))
            return;
        std::vector<std::string_view> wanted;
        for (Kinds one = 1; one && one <= kinds; one <<= 1) {
            if (one & kinds)
                wanted.push_back(kind_name(one));
        }
        auto const names = fmt::format("{}", fmt::join(wanted, " or "));
        auto const* other = ids_.find(id, ~kind::none, number_);
        fail(path, other ? fmt::format("\"{:.100}\" is {}, not {}", id, with_article(kind_name(other->kind)),
                                       with_article(names))
                         : fmt::format("there is no {} with the id \"{:.100}\"", names, id));
    }

    Ids const& ids_;
    std::size_t number_;
    FileProblems& problems_;
};

void declare(json::value const& id, std::string const& path, Kinds kind, std::size_t number, Ids& ids,
             FileProblems& problems)
{
    auto const* text = id.if_string();
    if (!text || !is_public_id(*text))
        return problems.push_back(
            {path, "must be an id of small letters, digits and hyphens, at most 100 characters"});
    if (kind == kind::none)
        return;
    if (auto const earlier = ids.declare(std::string(*text), {kind, path, number}))
        problems.push_back(
            {path, fmt::format("\"{}\" is the id of {} already", std::string_view(*text), earlier->path)});
}

}

bool says_nothing(json::value const* value)
{
    return !value || value->is_null() || (value->is_string() && value->get_string().empty());
}

void declare_ids(json::value const& project, std::string const& path, std::size_t number, Ids& ids,
                 FileProblems& problems)
{
    for (auto const& shape : object_shapes()) {
        for (auto const& field : shape.fields) {
            if (field.shape != Shape::id)
                continue;
            visit_matches(project, shape.pattern, path,
                          [&](json::value const& object, std::string const& place) {
                              auto const* id =
                                  object.is_object() ? object.get_object().if_contains(field.name) : nullptr;
                              if (id && !id->is_null())
                                  declare(*id, member(place, field.name), field.kinds, number, ids, problems);
                          });
        }
    }
}

void check_shapes(json::value const& project, std::string const& path, std::size_t number, Ids const& ids,
                  FileProblems& problems)
{
    Checker checker(ids, number, problems);
    for (auto const& shape : object_shapes()) {
        visit_matches(project, shape.pattern, path, [&](json::value const& object, std::string const& place) {
            checker.object(object, place, shape);
        });
    }
}

}
