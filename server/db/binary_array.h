// Arrays as parameters in PostgreSQL's binary format: nothing is quoted, so nothing can be quoted wrongly,
// and the server does not have to unquote it. A text with a NUL or broken UTF-8 is refused by the server
// (SQLSTATE 22021) like any other value it does not like.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kutsu::db
{

class BinaryArray
{
public:
    enum class Element : std::uint32_t // PostgreSQL's numbers of its types
    {
        bytes = 17,
        int8 = 20,
        int4 = 23,
        text = 25,
        uuid = 2950,
        jsonb = 3802
    };

    explicit BinaryArray(Element element);

    void add(std::string_view text); // text, bytes
    void add_null();
    void add_int4(std::int32_t number);
    void add_int8(std::int64_t number);
    void add_uuid(std::string_view text); // with dashes; std::invalid_argument when it is none
    void add_json(std::string_view text);

    std::int32_t size() const { return size_; }
    // One dimension from 1 on; of an empty array none, as the server writes it.
    std::string_view bytes();

private:
    void put_int4(std::uint32_t number);

    std::string bytes_;
    std::int32_t size_ = 0;
    bool has_null_ = false;
};

}
