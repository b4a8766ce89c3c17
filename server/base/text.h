// Text: words in several languages, each with a state. A missing translation is visible as missing: best()
// says in which language the words really are, and the caller marks them so.
#pragma once

#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu
{

enum class TextStatus
{
    missing = 1,
    draft,
    stale,
    approved
};

struct Words
{
    std::string language; // "fi", "en", "ru", …
    std::string text;
    TextStatus status = TextStatus::approved;

    friend bool operator==(Words const&, Words const&) = default;
};

class Text
{
public:
    Text() = default;
    explicit Text(std::vector<Words> words);

    // Words in exactly this language, or nothing.
    std::optional<std::string_view> in(std::string_view language) const;
    // The words to show a reader of this language: theirs, else English, Finnish, Russian, any.
    // Null only when there are none at all.
    Words const* best(std::string_view language) const;
    bool empty() const { return words_.empty(); }
    std::vector<Words> const& all() const { return words_; }
    void set(std::string_view language, std::string text, TextStatus status = TextStatus::approved);

    friend bool operator==(Text const&, Text const&) = default;

private:
    std::vector<Words> words_; // sorted by language
};

// The database's form: {"fi": {"text": "…", "status": "approved"}}.
boost::json::object to_stored(Text const& text);
Text text_from_stored(boost::json::value const& stored);
Text text_from_stored(std::string_view stored);
// The wire's and the import file's form: {"fi": "…", "en": "…"}.
boost::json::object to_plain(Text const& text);
Text text_from_plain(boost::json::object const& plain);

}
