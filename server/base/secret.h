// Randomness, hashes and the tokens made of them (libsodium). Call init_crypto() once at start.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu
{

void init_crypto();

using Key = std::array<unsigned char, 32>;

// Everything random takes its source, so that tests can repeat it.
class Random
{
public:
    virtual ~Random() = default;
    virtual void fill(std::span<unsigned char> bytes) = 0;
};

class SystemRandom : public Random
{
public:
    void fill(std::span<unsigned char> bytes) override;
};

// Repeats itself for a seed; for tests and demonstrations.
class SeededRandom : public Random
{
public:
    explicit SeededRandom(std::uint64_t seed);
    void fill(std::span<unsigned char> bytes) override;

private:
    Key seed_{};
    std::uint64_t used_ = 0;
};

// 256 random bits as 43 characters of base64url.
std::string random_token(Random& random);
// Version 4 in lower case.
std::string random_uuid(Random& random);
// 20 characters of [a-z0-9]: a public id that never changes.
std::string random_public_id(Random& random);

std::string sha256(std::string_view text); // 32 raw bytes
std::string to_hex(std::string_view bytes);
std::string base64url(std::string_view bytes);
std::string base64(std::string_view bytes);
std::string hmac_sha256(Key const& key, std::string_view text); // 32 raw bytes
bool equal_in_constant_time(std::string_view a, std::string_view b);

// The secret in the link of a registration: the same submission always has the same one, and only who holds
// the installation's key can make it.
std::string registration_token(Key const& key, std::string_view submission_id);

std::string hash_password(std::string_view password); // argon2id
bool verify_password(std::string_view hash, std::string_view password);

// Authenticated encryption of what only the vault's key holder may read.
std::string seal(Key const& key, std::string_view plain, Random& random);
// Throws std::runtime_error when the key or the bytes are wrong.
std::string unseal(Key const& key, std::string_view sealed);

}
