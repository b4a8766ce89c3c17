// Files that guests send as answers: what they are is told from their contents, never from what the sender
// claims. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kutsu::registration
{

struct UploadedFile
{
    std::string id; // "file-" and 32 hex digits: the answer to a file question
    std::string name;
    std::string media_type;
    std::int64_t size = 0;
};

// "application/pdf", …: PDF, JPEG, PNG, WebP, Office and OpenDocument texts, tables and slides without
// macros, plain UTF-8 text. Empty for anything else.
std::string sniffed_media_type(std::string_view content);
// A name to show and to save under: one line, no folders, at most 200 characters, with an ending that fits
// the type.
std::string stored_name(std::string_view sent, std::string_view media_type);
// For Content-Disposition: attachment, with the name in both spellings of RFC 6266.
std::string attachment_header(std::string_view name);
// The `accept` of a file field.
std::string_view accepted_files();

}
