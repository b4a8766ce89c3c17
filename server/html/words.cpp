// Text for readers of one language: what html.h declares about words.
#include "base/messages.h"
#include "html/html.h"

namespace kutsu::html
{

Shown shown(Text const& text, std::string_view language)
{
    auto const* best = text.best(language);
    if (best == nullptr || best->text.empty())
        return {message(language, "text.none"), {}, true};
    return {best->text, best->language == language ? std::string() : best->language, false};
}

std::string only_in(Shown const& shown, std::string_view language)
{
    if (shown.other_language.empty())
        return {};
    // A language we have no case form for is named by ICU in the nominative.
    auto const key = "text.only_in." + shown.other_language;
    if (has_message(language, key))
        return message(language, key);
    return message(language, "text.only_in.other",
                   {{"language", language_name(language, shown.other_language)}});
}

void add_words(Html& html, Tag tag, Text const& text, std::string_view language)
{
    auto const words = shown(text, language);
    html.add(tag, {attr::lang(words.other_language)}, words.words);
}

void add_words(Html& html, Text const& text, std::string_view language)
{
    auto const words = shown(text, language);
    if (words.other_language.empty())
        html.text(words.words);
    else
        html.add(Tag::span, {attr::lang(words.other_language)}, words.words);
}

void add_note(Html& html, Shown const& shown, std::string_view language)
{
    if (auto const note = only_in(shown, language); !note.empty())
        html.add(Tag::p, {attr::cls("translation-note")}, note);
}

}
