// Files compiled into the program: messages, schema, the browser's files, the
// demonstration projects. See cmake/embed.cmake.
#pragma once

#include <string_view>
#include <vector>

namespace kutsu
{

struct EmbeddedFile
{
    std::string_view path;
    std::string_view bytes;
};

std::vector<EmbeddedFile> const& embedded_messages();
std::vector<EmbeddedFile> const& embedded_schema();
std::vector<EmbeddedFile> const& embedded_client();
std::vector<EmbeddedFile> const& embedded_demo();
std::vector<EmbeddedFile> const& embedded_api_documents();

}
