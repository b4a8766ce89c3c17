#include "net/basic_auth.h"

#include <sodium.h>

#include <array>

namespace kutsu::net
{

std::optional<BasicCredentials> parse_basic(std::string_view authorization)
{
    constexpr std::string_view scheme = "basic ";
    if (authorization.size() <= scheme.size())
        return std::nullopt;
    for (std::size_t i = 0; i < scheme.size(); ++i) {
        auto const c = authorization[i];
        if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c) != scheme[i])
            return std::nullopt;
    }
    auto const encoded = authorization.substr(scheme.size());
    std::array<unsigned char, 1024> bytes{};
    std::size_t size = 0;
    char const* end = nullptr;
    if (sodium_base642bin(bytes.data(), bytes.size(), encoded.data(), encoded.size(), " ", &size, &end,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        end != encoded.data() + encoded.size())
        return std::nullopt;
    std::string_view const plain(reinterpret_cast<char const*>(bytes.data()), size);
    auto const colon = plain.find(':');
    if (colon == plain.npos)
        return std::nullopt;
    return BasicCredentials{std::string(plain.substr(0, colon)), std::string(plain.substr(colon + 1))};
}

}
