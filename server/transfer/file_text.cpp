#include "transfer/file_text.h"

#include "base/unicode.h"
#include "transfer/json_path.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>
#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <set>

namespace kutsu::transfer
{
namespace
{

using Failed = boost::system::error_code;

// Builds the document and notices what a plain parser would drop silently: keys that stand twice, digits.
// Fractions are read by from_chars: the parser's own reading may be off by the last bit, and what comes in
// has to go out unchanged.
class Builder
{
public:
    static constexpr std::size_t max_object_size = ~std::size_t(0) >> 1;
    static constexpr std::size_t max_array_size = max_object_size;
    static constexpr std::size_t max_key_size = max_object_size;
    static constexpr std::size_t max_string_size = max_object_size;

    FileProblems problems;

    Builder() { stack_.reset(); }
    json::value release() { return stack_.release(); }

    bool on_document_begin(Failed&) { return true; }
    bool on_document_end(Failed&) { return true; }
    bool on_object_begin(Failed&) { return open(true); }
    bool on_array_begin(Failed&) { return open(false); }

    bool on_object_end(std::size_t size, Failed&)
    {
        stack_.push_object(size);
        return close();
    }

    bool on_array_end(std::size_t size, Failed&)
    {
        stack_.push_array(size);
        return close();
    }

    bool on_key_part(std::string_view part, std::size_t, Failed&)
    {
        key_ += part;
        stack_.push_chars(part);
        return true;
    }

    bool on_key(std::string_view part, std::size_t, Failed&)
    {
        key_ += part;
        stack_.push_key(part);
        auto& frame = frames_.back();
        frame.key = std::exchange(key_, {});
        if (!frame.seen.insert(frame.key).second)
            problems.push_back({path(), "stands twice in the same object", false});
        return true;
    }

    bool on_string_part(std::string_view part, std::size_t, Failed&)
    {
        stack_.push_chars(part);
        return true;
    }

    bool on_string(std::string_view part, std::size_t, Failed&)
    {
        stack_.push_string(part);
        return count();
    }

    bool on_number_part(std::string_view, Failed&) { return true; }

    bool on_int64(std::int64_t number, std::string_view, Failed&)
    {
        stack_.push_int64(number);
        return count();
    }

    bool on_uint64(std::uint64_t number, std::string_view, Failed&)
    {
        stack_.push_uint64(number);
        return count();
    }

    bool on_double(double number, std::string_view text, Failed&)
    {
        double exact = number;
        std::from_chars(text.data(), text.data() + text.size(), exact);
        if (!std::isfinite(exact) || text.find_first_of(".eE") == std::string_view::npos)
            problems.push_back({path(), fmt::format("is too large a number to keep: {:.40}", text)});
        stack_.push_double(exact);
        return count();
    }

    bool on_bool(bool value, Failed&)
    {
        stack_.push_bool(value);
        return count();
    }

    bool on_null(Failed&)
    {
        stack_.push_null();
        return count();
    }

    bool on_comment_part(std::string_view, Failed&) { return true; }
    bool on_comment(std::string_view, Failed&) { return true; }

private:
    struct Frame
    {
        bool is_object = false;
        std::string key;
        std::size_t index = 0;
        std::set<std::string> seen;
    };

    bool open(bool is_object)
    {
        frames_.push_back({is_object, {}, 0, {}});
        return true;
    }

    bool close()
    {
        frames_.pop_back();
        return count();
    }

    // A value has ended: the next one of the same list has the next number.
    bool count()
    {
        if (!frames_.empty())
            ++frames_.back().index;
        return true;
    }

    std::string path() const
    {
        std::string path = "$";
        for (auto const& frame : frames_)
            path = frame.is_object ? member(path, frame.key) : item(path, frame.index);
        return path;
    }

    json::value_stack stack_;
    std::vector<Frame> frames_;
    std::string key_;
};

std::string words_of(Failed failed, std::string_view rest)
{
    if (failed == json::error::incomplete)
        return "the text ends before the document does";
    if (failed == json::error::extra_data)
        return "there is more text after the end of the document";
    if (failed == json::error::too_deep)
        return fmt::format("lists and objects are nested more than {} levels deep", depth_limit);
    if (!rest.empty() && static_cast<unsigned char>(rest.front()) >= 0x80)
        return "this is not JSON, or text that is not well-formed UTF-8";
    return fmt::format("this is not JSON ({})", failed.message());
}

FileProblem syntax_problem(std::string_view text, std::size_t at, Failed failed)
{
    auto const before = text.substr(0, at);
    auto const line = 1 + std::ranges::count(before, '\n');
    auto const last_line = before.substr(before.find_last_of('\n') + 1); // npos + 1 is the beginning
    auto const continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
    auto const column = 1 + std::ranges::count_if(last_line, std::not_fn(continues));
    return {"$", fmt::format("line {}, column {}: {}", line, column, words_of(failed, text.substr(at)))};
}

FileProblems unclean_texts(json::value const& document)
{
    FileProblems problems;
    visit_all(document, "$", [&](json::value const& value, std::string const& path) {
        if (auto const* text = value.if_string(); text && !is_clean_utf8(*text))
            problems.push_back({path, "holds a NUL character"});
        if (auto const* object = value.if_object()) {
            for (auto const& each : *object) {
                if (!is_clean_utf8(each.key()))
                    problems.push_back({path, "has a member whose name holds a NUL character"});
            }
        }
    });
    return problems;
}

}

std::expected<json::value, FileProblems> read_text(std::string_view text)
{
    if (text.size() > file_limit)
        return std::unexpected(
            FileProblems{{"$", fmt::format("the file is larger than {} MiB", file_limit / 1024 / 1024)}});
    if (text.starts_with("\xEF\xBB\xBF")) // the mark some editors write first
        text.remove_prefix(3);
    json::parse_options options;
    options.max_depth = depth_limit;
    json::basic_parser<Builder> parser(options);
    Failed failed;
    auto const read = parser.write_some(false, text.data(), text.size(), failed);
    if (!failed && read < text.size())
        failed = json::error::extra_data;
    if (failed)
        return std::unexpected(FileProblems{syntax_problem(text, read, failed)});
    auto problems = std::move(parser.handler().problems);
    auto document = parser.handler().release();
    std::ranges::move(unclean_texts(document), std::back_inserter(problems));
    if (!problems.empty())
        return std::unexpected(std::move(problems));
    return document;
}

json::value read_trusted(std::string_view text)
{
    json::parse_options options;
    options.max_depth = 2 * depth_limit;
    json::basic_parser<Builder> parser(options);
    Failed failed;
    auto const read = parser.write_some(false, text.data(), text.size(), failed);
    if (failed || read < text.size())
        throw std::domain_error("the database holds JSON that cannot be read");
    return parser.handler().release();
}

}
