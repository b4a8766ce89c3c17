// From bytes to rows of cells.
#include "base/unicode.h"
#include "registration/people_import.h"

#include <unicode/ucnv.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <memory>

namespace kutsu::registration
{
namespace
{

constexpr std::size_t longest_cell = 5000;

std::unexpected<Problem> bad_file(std::string message, Arguments arguments = {})
{
    return refuse_fields({{"file", std::move(message), std::move(arguments)}});
}

std::string converted(std::string_view bytes, char const* encoding)
{
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<UConverter, decltype(&ucnv_close)> const converter(ucnv_open(encoding, &status),
                                                                       &ucnv_close);
    icu::UnicodeString const text(bytes.data(), static_cast<int32_t>(bytes.size()), converter.get(), status);
    if (U_FAILURE(status))
        return {};
    std::string utf8;
    text.toUTF8String(utf8);
    return utf8;
}

bool is_high(char c)
{
    return static_cast<unsigned char>(c) >= 0xc0;
}

// Letters of windows-1251 and windows-1252 beyond ASCII are the bytes from 0xC0 on (ё apart).
bool looks_russian(std::string_view bytes)
{
    std::size_t together = 0;
    std::size_t alone = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (!is_high(bytes[i]))
            continue;
        bool const neighbour =
            (i > 0 && is_high(bytes[i - 1])) || (i + 1 < bytes.size() && is_high(bytes[i + 1]));
        ++(neighbour ? together : alone);
    }
    return together > alone;
}

// Every other byte of mostly Latin text in UTF-16 is zero.
std::string_view utf16_without_mark(std::string_view bytes)
{
    std::array<std::size_t, 2> zeros{};
    auto const looked = std::min<std::size_t>(bytes.size(), 1000);
    for (std::size_t i = 0; i < looked; ++i)
        zeros[i % 2] += bytes[i] == '\0' ? 1 : 0;
    if (zeros[1] > looked / 8 && zeros[0] == 0)
        return "UTF-16LE";
    return zeros[0] > looked / 8 && zeros[1] == 0 ? "UTF-16BE" : "";
}

DecodedText guessed(std::string_view bytes)
{
    if (bytes.starts_with("\xef\xbb\xbf"))
        return {std::string(bytes.substr(3)), "UTF-8"};
    if (bytes.starts_with("\xff\xfe"))
        return {converted(bytes.substr(2), "UTF-16LE"), "UTF-16LE"};
    if (bytes.starts_with("\xfe\xff"))
        return {converted(bytes.substr(2), "UTF-16BE"), "UTF-16BE"};
    if (auto const utf16 = utf16_without_mark(bytes); !utf16.empty())
        return {converted(bytes, utf16.data()), std::string(utf16)};
    if (is_clean_utf8(bytes))
        return {std::string(bytes), "UTF-8"};
    auto const* encoding = looks_russian(bytes) ? "windows-1251" : "windows-1252";
    return {converted(bytes, encoding), encoding};
}

// The one that stands most often outside of quotes in the first line.
char delimiter_of(std::string_view text)
{
    constexpr std::string_view known = ";,\t";
    std::array<std::size_t, 3> counts{};
    bool quoted = false;
    for (char const c : text) {
        if (c == '"')
            quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r'))
            break;
        if (auto const at = known.find(c); !quoted && at != std::string_view::npos)
            ++counts[at];
    }
    return known[static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin())];
}

class TableReader
{
public:
    explicit TableReader(std::string_view text) : text_(text) { table_.delimiter = delimiter_of(text); }

    Result<Table> read()
    {
        while (at_ < text_.size()) {
            read_line();
            if (too_long_)
                return bad_file("people.import.cell_too_long", {{"line", number_}});
            if (unclosed_)
                return bad_file("people.import.unclosed", {{"line", begun_}});
            if (table_.lines.size() > most_lines)
                return bad_file("people.import.too_many_rows",
                                {{"limit", static_cast<std::int64_t>(most_lines) - 1}});
        }
        if (table_.lines.size() < 2)
            return bad_file("people.import.no_rows");
        if (table_.lines.front().cells.size() > most_columns)
            return bad_file("people.import.too_many_columns",
                            {{"limit", static_cast<std::int64_t>(most_columns)}});
        return std::move(table_);
    }

private:
    bool ends_line() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

    void read_line()
    {
        begun_ = number_;
        Line line{number_, {}};
        bool empty = true;
        for (bool more = true; more;) {
            auto cell = at_ < text_.size() && text_[at_] == '"' ? quoted_cell() : plain_cell();
            too_long_ = too_long_ || cell.size() > longest_cell;
            cell = tidy_text(cell);
            empty = empty && cell.empty();
            if (line.cells.size() <= most_columns)
                line.cells.push_back(std::move(cell));
            more = at_ < text_.size() && text_[at_] == table_.delimiter;
            at_ += more ? 1 : 0;
        }
        end_line();
        if (!empty)
            table_.lines.push_back(std::move(line));
    }

    void end_line()
    {
        if (at_ < text_.size() && text_[at_] == '\r')
            ++at_;
        if (at_ < text_.size() && text_[at_] == '\n')
            ++at_;
        ++number_;
    }

    std::string plain_cell()
    {
        auto const begin = at_;
        while (at_ < text_.size() && text_[at_] != table_.delimiter && !ends_line())
            ++at_;
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::string quoted_cell()
    {
        std::string cell;
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '"') {
                if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"')
                    break;
                ++at_;
            }
            number_ += text_[at_] == '\n' ? 1 : 0;
            cell += text_[at_];
        }
        unclosed_ = unclosed_ || at_ >= text_.size();
        at_ += at_ < text_.size() ? 1 : 0;
        return cell + plain_cell(); // what stands behind the closing quote, as spreadsheets read it
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::int64_t number_ = 1;
    std::int64_t begun_ = 1;
    bool too_long_ = false;
    bool unclosed_ = false;
    Table table_;
};

}

Result<DecodedText> decode_text(std::string_view bytes)
{
    auto decoded = guessed(bytes);
    if (decoded.text.empty() || !is_clean_utf8(decoded.text))
        return bad_file(bytes.empty() ? "people.import.no_rows" : "people.import.no_text");
    return decoded;
}

Result<Table> parse_table(std::string_view text)
{
    return TableReader(text).read();
}

}
