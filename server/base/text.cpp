#include "base/text.h"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace kutsu
{
namespace
{

constexpr std::array<std::pair<TextStatus, std::string_view>, 4> statuses = {{
    {TextStatus::missing, "missing"},
    {TextStatus::draft, "draft"},
    {TextStatus::stale, "stale"},
    {TextStatus::approved, "approved"},
}};

std::string_view status_name(TextStatus status)
{
    return statuses.at(static_cast<std::size_t>(status) - 1).second;
}

TextStatus status_from(std::string_view name)
{
    for (auto const& [status, text] : statuses) {
        if (text == name)
            return status;
    }
    throw std::domain_error("unknown text status");
}

}

Text::Text(std::vector<Words> words) : words_(std::move(words))
{
    std::ranges::sort(words_, {}, &Words::language);
}

std::optional<std::string_view> Text::in(std::string_view language) const
{
    for (auto const& words : words_) {
        if (words.language == language && words.status != TextStatus::missing)
            return words.text;
    }
    return std::nullopt;
}

Words const* Text::best(std::string_view language) const
{
    for (auto const wanted :
         {language, std::string_view("en"), std::string_view("fi"), std::string_view("ru")}) {
        for (auto const& words : words_) {
            if (words.language == wanted && words.status != TextStatus::missing)
                return &words;
        }
    }
    auto const any =
        std::ranges::find_if(words_, [](Words const& words) { return words.status != TextStatus::missing; });
    return any == words_.end() ? nullptr : &*any;
}

void Text::set(std::string_view language, std::string text, TextStatus status)
{
    auto const place = std::ranges::lower_bound(words_, language, {}, &Words::language);
    if (place != words_.end() && place->language == language)
        *place = Words{std::string(language), std::move(text), status};
    else
        words_.insert(place, Words{std::string(language), std::move(text), status});
}

boost::json::object to_stored(Text const& text)
{
    boost::json::object stored;
    for (auto const& words : text.all())
        stored[words.language] = {{"text", words.text}, {"status", status_name(words.status)}};
    return stored;
}

Text text_from_stored(boost::json::value const& stored)
{
    std::vector<Words> words;
    for (auto const& [language, value] : stored.as_object()) {
        auto const& object = value.as_object();
        words.push_back({std::string(language), std::string(object.at("text").as_string()),
                         status_from(object.at("status").as_string())});
    }
    return Text(std::move(words));
}

Text text_from_stored(std::string_view stored)
{
    return text_from_stored(boost::json::parse(stored));
}

boost::json::object to_plain(Text const& text)
{
    boost::json::object plain;
    for (auto const& words : text.all()) {
        if (words.status != TextStatus::missing)
            plain[words.language] = words.text;
    }
    return plain;
}

Text text_from_plain(boost::json::object const& plain)
{
    std::vector<Words> words;
    for (auto const& [language, value] : plain)
        words.push_back({std::string(language), std::string(value.as_string()), TextStatus::approved});
    return Text(std::move(words));
}

}
