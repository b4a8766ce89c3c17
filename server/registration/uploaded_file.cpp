#include "registration/uploaded_file.h"

#include "base/unicode.h"
#include "net/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

struct Kind
{
    std::string_view media_type;
    std::string_view ending;
    std::string_view other_ending;
};

constexpr std::array kinds = {
    Kind{"application/pdf", ".pdf", ""},
    Kind{"image/jpeg", ".jpg", ".jpeg"},
    Kind{"image/png", ".png", ""},
    Kind{"image/webp", ".webp", ""},
    Kind{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", ""},
    Kind{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", ""},
    Kind{"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx", ""},
    Kind{"application/vnd.oasis.opendocument.text", ".odt", ""},
    Kind{"application/vnd.oasis.opendocument.spreadsheet", ".ods", ""},
    Kind{"application/vnd.oasis.opendocument.presentation", ".odp", ""},
    Kind{"text/plain", ".txt", ".csv"},
};

struct Opening
{
    std::string_view bytes;
    std::size_t at;
    std::string_view media_type;
};

constexpr std::array openings = {
    Opening{"%PDF-", 0, "application/pdf"},
    Opening{"\xff\xd8\xff", 0, "image/jpeg"},
    Opening{"\x89PNG\r\n\x1a\n", 0, "image/png"},
    Opening{"WEBP", 8, "image/webp"},
};

// The member that makes a package what it is; names of members stand uncompressed in a ZIP.
constexpr std::array packages = {
    std::pair<std::string_view, std::string_view>{
        "word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    std::pair<std::string_view, std::string_view>{
        "xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    std::pair<std::string_view, std::string_view>{
        "ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
};

std::string package_type(std::string_view content)
{
    // Macros run on whoever opens the file.
    for (auto const macros : {"vbaProject.bin", "Basic/script-lc.xml"}) {
        if (content.contains(macros))
            return {};
    }
    constexpr std::string_view mark = "mimetype";
    constexpr std::size_t head = 30; // of the first member of a ZIP
    if (content.substr(head).starts_with(mark)) {
        auto const type = content.substr(head + mark.size());
        for (auto const& kind : kinds) {
            if (kind.media_type.contains("opendocument") && type.starts_with(kind.media_type))
                return std::string(kind.media_type);
        }
        return {};
    }
    for (auto const& [member, type] : packages) {
        if (content.contains("[Content_Types].xml") && content.contains(member))
            return std::string(type);
    }
    return {};
}

bool is_plain_text(std::string_view content)
{
    return is_clean_utf8(content) && std::ranges::none_of(content, [](char c) {
               auto const code = static_cast<unsigned char>(c);
               return code == 0x7f || (code < 0x20 && c != '\n' && c != '\r' && c != '\t');
           });
}

std::string_view ending_of(std::string_view media_type, std::string_view name)
{
    auto const kind = std::ranges::find(kinds, media_type, &Kind::media_type);
    if (kind == kinds.end())
        return "";
    std::string lower(name.substr(std::min(name.rfind('.'), name.size())));
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    bool const fits = lower == kind->ending || (!kind->other_ending.empty() && lower == kind->other_ending);
    return fits ? "" : kind->ending;
}

// The first `count` characters.
std::string_view first_characters(std::string_view text, std::size_t count)
{
    std::size_t at = 0;
    while (at < text.size() && count > 0) {
        ++at;
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U)
            ++at;
        --count;
    }
    return text.substr(0, at);
}

}

std::string sniffed_media_type(std::string_view content)
{
    if (content.empty())
        return {};
    for (auto const& opening : openings) {
        if (content.size() > opening.at && content.substr(opening.at).starts_with(opening.bytes) &&
            (opening.at == 0 || content.starts_with("RIFF")))
            return std::string(opening.media_type);
    }
    if (content.size() > 40 && content.starts_with("PK\x03\x04"))
        return package_type(content);
    return is_plain_text(content) ? "text/plain" : "";
}

std::string stored_name(std::string_view sent, std::string_view media_type)
{
    auto const slash = sent.find_last_of("/\\");
    auto const bare = slash == std::string_view::npos ? sent : sent.substr(slash + 1);
    auto name = is_clean_utf8(bare) ? tidy_line(bare) : std::string();
    name.erase(0, std::min(name.find_first_not_of(". "), name.size()));
    if (name.empty())
        name = "file";
    auto const ending = ending_of(media_type, name);
    constexpr std::size_t limit = 200;
    return std::string(first_characters(name, limit - ending.size())) + std::string(ending);
}

std::string attachment_header(std::string_view name)
{
    std::string plain;
    for (char const c : name)
        plain += c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '%' ? c : '_';
    return fmt::format("attachment; filename=\"{}\"; filename*=UTF-8''{}", plain, net::percent_encode(name));
}

std::string_view accepted_files()
{
    return ".pdf,.jpg,.jpeg,.png,.webp,.docx,.xlsx,.pptx,.odt,.ods,.odp,.txt,.csv";
}

}
