#include "base/code.h"

namespace kutsu
{
namespace
{

// No 0 O, 1 I L, U beside V.
constexpr std::string_view alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t code_length = 12;
constexpr std::size_t group_length = 4;
// Bytes from here on would make the first letters likelier.
constexpr std::size_t fair_bytes = 256 / alphabet.size() * alphabet.size();

}

std::string typed_code(Key const& key, std::string_view purpose)
{
    std::string code;
    std::string block(purpose);
    for (std::size_t letters = 0; letters < code_length;) {
        block = hmac_sha256(key, block);
        for (auto const c : block) {
            auto const byte = static_cast<unsigned char>(c);
            if (byte >= fair_bytes || letters == code_length)
                continue;
            if (letters > 0 && letters % group_length == 0)
                code += '-';
            code += alphabet[byte % alphabet.size()];
            ++letters;
        }
    }
    return code;
}

std::string tidy_code(std::string_view typed)
{
    std::string code;
    for (char const c : typed) {
        if (c >= 'a' && c <= 'z')
            code += static_cast<char>(c - 'a' + 'A');
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            code += c;
    }
    return code;
}

std::string code_hash(std::string_view typed)
{
    return to_hex(sha256(tidy_code(typed)));
}

}
