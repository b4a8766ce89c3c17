// Lists of people that somebody brings: from bytes of whatever encoding to rows that could be registered,
// with what is wrong in each. Pure. Bounded: rows, columns and cells beyond the limits are refused, never
// cut.
#pragma once

#include "base/json.h"
#include "base/problem.h"
#include "events/event.h"

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

struct DecodedText
{
    std::string text;     // UTF-8, without a byte order mark
    std::string encoding; // UTF-8, UTF-16LE, UTF-16BE, windows-1251, windows-1252
};
// By byte order mark, by what is valid, else by where the high letters stand: Russian words consist of them,
// Finnish ones have one here and there. Text that holds NUL or is no text at all: validation.
Result<DecodedText> decode_text(std::string_view bytes);

struct Line
{
    std::int64_t number = 0; // of the file, where the row begins
    std::vector<std::string> cells;
};
struct Table
{
    char delimiter = ';';
    std::vector<Line> lines; // the first is the head
};
// RFC 4180, with ; , or tabs. Problems: validation with the line.
Result<Table> parse_table(std::string_view text);
constexpr std::size_t most_lines = 10'001;
constexpr std::size_t most_columns = 60;

// The field that a column of this name seems to hold: name, family, given, name_other_script, email,
// organisation, language, attendance, participant_type, answer.KEY; "" when none.
std::string guess_field(std::string_view head, events::Event const& event);
// What a column may be said to hold.
std::vector<std::string> import_fields(events::Event const& event);

struct ImportRow
{
    std::int64_t line = 0;
    json::object fields; // as a submission
    std::vector<FieldError> errors;
    std::string duplicate; // "", file, event
};
struct ImportPreview
{
    std::string encoding;
    char delimiter = ';';
    std::vector<std::string> heads;
    std::vector<std::string> columns; // field of each head, or ""
    std::vector<ImportRow> rows;

    std::size_t good() const; // without errors, no duplicates
};
// `columns` says what each column holds; empty: guessed.
Result<ImportPreview> preview_import(std::string_view bytes, std::vector<std::string> columns,
                                     events::Event const& event, std::string_view language);
// The address of a row as the database compares addresses (registration.email_key); "" when there is none.
std::string email_key(json::object const& fields);
// Marks rows whose address stands in an earlier row, or is registered (`registered`: in small letters).
void mark_duplicates(ImportPreview& preview, std::set<std::string> const& registered);
// The good rows as they are registered: [{"line", "fields"}].
json::array rows_to_register(ImportPreview const& preview);

}
