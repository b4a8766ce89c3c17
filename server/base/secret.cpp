#include "base/secret.h"

#include <fmt/format.h>
#include <sodium.h>

#include <cstring>
#include <stdexcept>

namespace kutsu
{
namespace
{

unsigned char const* raw(std::string_view text)
{
    return reinterpret_cast<unsigned char const*>(text.data());
}

unsigned char* raw(std::string& text)
{
    return reinterpret_cast<unsigned char*>(text.data());
}

std::string encode(std::string_view bytes, int variant)
{
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');
    sodium_bin2base64(text.data(), text.size(), raw(bytes), bytes.size(), variant);
    text.resize(std::strlen(text.c_str()));
    return text;
}

}

void init_crypto()
{
    if (sodium_init() < 0)
        throw std::runtime_error("libsodium could not be initialised");
}

void SystemRandom::fill(std::span<unsigned char> bytes)
{
    randombytes_buf(bytes.data(), bytes.size());
}

SeededRandom::SeededRandom(std::uint64_t seed)
{
    std::memcpy(seed_.data(), &seed, sizeof seed);
}

void SeededRandom::fill(std::span<unsigned char> bytes)
{
    std::array<unsigned char, 8> nonce{};
    std::memcpy(nonce.data(), &used_, sizeof used_);
    ++used_;
    crypto_stream_chacha20(bytes.data(), bytes.size(), nonce.data(), seed_.data());
}

std::string random_token(Random& random)
{
    std::array<unsigned char, 32> bytes{};
    random.fill(bytes);
    return base64url({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

std::string random_uuid(Random& random)
{
    std::array<unsigned char, 16> b{};
    random.fill(b);
    b[6] = static_cast<unsigned char>((b[6] & 0x0f) | 0x40);
    b[8] = static_cast<unsigned char>((b[8] & 0x3f) | 0x80);
    auto const hex = to_hex({reinterpret_cast<char const*>(b.data()), b.size()});
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20));
}

std::string random_public_id(Random& random)
{
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
    std::array<unsigned char, 20> bytes{};
    random.fill(bytes);
    std::string id;
    for (auto const byte : bytes)
        id += letters[byte % letters.size()];
    return id;
}

std::string sha256(std::string_view text)
{
    std::string hash(crypto_hash_sha256_BYTES, '\0');
    crypto_hash_sha256(raw(hash), raw(text), text.size());
    return hash;
}

std::string to_hex(std::string_view bytes)
{
    std::string hex;
    for (auto const c : bytes)
        hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return hex;
}

std::string base64url(std::string_view bytes)
{
    return encode(bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

std::string base64(std::string_view bytes)
{
    return encode(bytes, sodium_base64_VARIANT_ORIGINAL);
}

std::string hmac_sha256(Key const& key, std::string_view text)
{
    std::string mac(crypto_auth_hmacsha256_BYTES, '\0');
    crypto_auth_hmacsha256(raw(mac), raw(text), text.size(), key.data());
    return mac;
}

bool equal_in_constant_time(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string registration_token(Key const& key, std::string_view submission_id)
{
    return base64url(hmac_sha256(key, fmt::format("registration:{}", submission_id)));
}

std::string hash_password(std::string_view password)
{
    std::string hash(crypto_pwhash_STRBYTES, '\0');
    if (crypto_pwhash_str(hash.data(), password.data(), password.size(), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        throw std::runtime_error("not enough memory to hash a password");
    hash.resize(std::strlen(hash.c_str()));
    return hash;
}

bool verify_password(std::string_view hash, std::string_view password)
{
    return crypto_pwhash_str_verify(std::string(hash).c_str(), password.data(), password.size()) == 0;
}

std::string seal(Key const& key, std::string_view plain, Random& random)
{
    std::array<unsigned char, crypto_secretbox_NONCEBYTES> nonce{};
    random.fill(nonce);
    std::string sealed(nonce.size() + crypto_secretbox_MACBYTES + plain.size(), '\0');
    std::memcpy(sealed.data(), nonce.data(), nonce.size());
    crypto_secretbox_easy(raw(sealed) + nonce.size(), raw(plain), plain.size(), nonce.data(), key.data());
    return sealed;
}

std::string unseal(Key const& key, std::string_view sealed)
{
    constexpr std::size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (sealed.size() < overhead)
        throw std::runtime_error("a sealed record is too short");
    std::string plain(sealed.size() - overhead, '\0');
    if (crypto_secretbox_open_easy(raw(plain), raw(sealed) + crypto_secretbox_NONCEBYTES,
                                   sealed.size() - crypto_secretbox_NONCEBYTES, raw(sealed), key.data()) != 0)
        throw std::runtime_error("a sealed record does not open with this vault key");
    return plain;
}

}
