#include "db/binary_array.h"

#include <stdexcept>

namespace kutsu::db
{
namespace
{

constexpr std::size_t dimensions_at = 0;
constexpr std::size_t has_null_at = 4;
constexpr std::size_t size_at = 12;
constexpr std::size_t header_without_dimension = 12;

void write_int4(char* to, std::uint32_t number)
{
    for (int i = 0; i < 4; ++i)
        to[i] = static_cast<char>(number >> (24 - 8 * i));
}

unsigned half_byte(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A' + 10);
    throw std::invalid_argument("no UUID");
}

}

BinaryArray::BinaryArray(Element element)
{
    bytes_.reserve(4096);
    put_int4(1); // dimensions
    put_int4(0); // whether there are nulls
    put_int4(static_cast<std::uint32_t>(element));
    put_int4(0); // size
    put_int4(1); // number of the first
}

void BinaryArray::put_int4(std::uint32_t number)
{
    char four[4];
    write_int4(four, number);
    bytes_.append(four, 4);
}

void BinaryArray::add(std::string_view text)
{
    put_int4(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
    ++size_;
}

void BinaryArray::add_null()
{
    put_int4(0xffffffffU);
    has_null_ = true;
    ++size_;
}

void BinaryArray::add_int4(std::int32_t number)
{
    put_int4(4);
    put_int4(static_cast<std::uint32_t>(number));
    ++size_;
}

void BinaryArray::add_int8(std::int64_t number)
{
    put_int4(8);
    put_int4(static_cast<std::uint32_t>(static_cast<std::uint64_t>(number) >> 32));
    put_int4(static_cast<std::uint32_t>(number));
    ++size_;
}

void BinaryArray::add_uuid(std::string_view text)
{
    put_int4(16);
    auto const before = bytes_.size();
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        if (text[i] == '-')
            ++i;
        if (i + 1 >= text.size())
            break;
        bytes_ += static_cast<char>(half_byte(text[i]) << 4 | half_byte(text[i + 1]));
    }
    if (text.size() != 36 || bytes_.size() - before != 16)
        throw std::invalid_argument("no UUID");
    ++size_;
}

void BinaryArray::add_json(std::string_view text)
{
    put_int4(static_cast<std::uint32_t>(text.size() + 1));
    bytes_ += '\1'; // version of the format
    bytes_ += text;
    ++size_;
}

std::string_view BinaryArray::bytes()
{
    write_int4(&bytes_[has_null_at], has_null_ ? 1 : 0);
    write_int4(&bytes_[dimensions_at], size_ == 0 ? 0 : 1);
    write_int4(&bytes_[size_at], static_cast<std::uint32_t>(size_));
    return size_ == 0 ? std::string_view(bytes_).substr(0, header_without_dimension) : bytes_;
}

}
