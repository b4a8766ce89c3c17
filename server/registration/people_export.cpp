#include "registration/people_export.h"

#include "base/messages.h"
#include "html/html.h"
#include "registration/people_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <unistd.h>
#include <xlsxwriter.h>

namespace kutsu::registration
{
namespace
{

using Words = std::optional<std::string>;

Cell cell(Words const& words)
{
    return words && !words->empty() ? Cell(*words) : Cell();
}

Cell moment(Instant at, events::Event const& event)
{
    return date::floor<std::chrono::seconds>(to_local(at, event.span.starts.time_zone));
}

std::string joined(std::vector<std::string> const& parts)
{
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string companion_words(Person const& person)
{
    std::vector<std::string> names;
    for (auto const& companion : person.companions)
        names.emplace_back(companion.at("name").as_string());
    return joined(names);
}

std::string session_words(Person const& person, events::Event const& event, std::string_view language)
{
    std::vector<std::string> titles;
    for (auto const& chosen : person.sessions) {
        std::string_view const id = chosen.at("id").as_string();
        auto const session = std::ranges::find(event.sessions, id, &events::Session::id);
        auto title =
            session == event.sessions.end() ? std::string(id) : html::shown(session->title, language).words;
        titles.push_back(chosen.at("status") == "waitlisted"
                             ? message(language, "people.session_waiting", {{"session", title}})
                             : title);
    }
    return joined(titles);
}

struct Column
{
    std::string_view name; // people.column.NAME
    Cell (*value)(Person const&, events::Event const&, std::string_view language);
};

// NOLINTBEGIN(bugprone-easily-swappable-parameters)
constexpr std::array columns = {
    Column{"arrival",
           [](Person const& p, events::Event const&, std::string_view) { return Cell(p.arrival); }},
    Column{"name", [](Person const& p, events::Event const&, std::string_view) { return Cell(p.name); }},
    Column{"name_other_script",
           [](Person const& p, events::Event const&, std::string_view) { return cell(p.name_other_script); }},
    Column{"email", [](Person const& p, events::Event const&, std::string_view) { return cell(p.email); }},
    Column{"organisation",
           [](Person const& p, events::Event const&, std::string_view) { return cell(p.organisation); }},
    Column{"status",
           [](Person const& p, events::Event const&, std::string_view language) {
               return Cell(value_words(language, "status", p.status));
           }},
    Column{"position", [](Person const& p, events::Event const&,
                          std::string_view) { return p.position ? Cell(*p.position) : Cell(); }},
    Column{"type", [](Person const& p, events::Event const& event,
                      std::string_view language) { return Cell(type_words(language, event, p)); }},
    Column{"seats", [](Person const& p, events::Event const&, std::string_view) { return Cell(p.seats); }},
    Column{"companions",
           [](Person const& p, events::Event const&, std::string_view) { return cell(companion_words(p)); }},
    Column{"attendance",
           [](Person const& p, events::Event const&, std::string_view language) {
               return p.attendance ? Cell(value_words(language, "attendance", *p.attendance)) : Cell();
           }},
    Column{"language",
           [](Person const& p, events::Event const&, std::string_view language) {
               return Cell(value_words(language, "language", p.language));
           }},
    Column{"sessions", [](Person const& p, events::Event const& event,
                          std::string_view language) { return cell(session_words(p, event, language)); }},
    Column{"source",
           [](Person const& p, events::Event const&, std::string_view language) {
               return Cell(value_words(language, "source", p.source));
           }},
    Column{"tags",
           [](Person const& p, events::Event const&, std::string_view) { return cell(joined(p.tags)); }},
    Column{"note", [](Person const& p, events::Event const&, std::string_view) { return cell(p.note); }},
    Column{"registered", [](Person const& p, events::Event const& event,
                            std::string_view) { return moment(p.created_at, event); }},
};
// NOLINTEND(bugprone-easily-swappable-parameters)

std::vector<events::Question const*> shown_questions(events::Event const& event,
                                                     std::set<std::string, std::less<>> const& revealed)
{
    std::vector<events::Question const*> questions;
    if (!event.form)
        return questions;
    for (auto const& question : event.form->questions) {
        if (!is_masked(question, {{}, revealed}))
            questions.push_back(&question);
    }
    return questions;
}

Cell answer_cell(Person const& person, events::Question const& question, std::string_view language)
{
    auto const* answer = person.answers.if_contains(question.key);
    if (!answer)
        return {};
    return answer->is_int64() ? Cell(answer->get_int64()) : cell(answer_words(question, *answer, language));
}

}

std::string answer_words(events::Question const& question, json::value const& answer,
                         std::string_view language)
{
    if (answer.is_bool())
        return message(language, answer.get_bool() ? "people.yes" : "people.no");
    if (answer.is_array()) {
        std::vector<std::string> parts;
        for (auto const& each : answer.get_array())
            parts.push_back(answer_words(question, each, language));
        return joined(parts);
    }
    if (!answer.is_string())
        return answer.is_null() ? std::string() : json::serialize(answer);
    std::string_view const text = answer.get_string();
    auto const option = std::ranges::find(question.options, text, &events::QuestionOption::value);
    return option == question.options.end() ? std::string(text) : html::shown(option->label, language).words;
}

Sheet sheet_of(events::Event const& event, std::vector<Person> const& people, std::string_view language,
               std::set<std::string, std::less<>> const& revealed)
{
    Sheet sheet;
    sheet.name = message(language, "people.sheet");
    for (auto const& column : columns)
        sheet.head.push_back(message(language, fmt::format("people.column.{}", column.name)));
    auto const questions = shown_questions(event, revealed);
    for (auto const* question : questions)
        sheet.head.push_back(html::shown(question->label, language).words);
    for (auto const& person : people) {
        std::vector<Cell> row;
        for (auto const& column : columns)
            row.push_back(column.value(person, event, language));
        for (auto const* question : questions)
            row.push_back(answer_cell(person, *question, language));
        sheet.rows.push_back(std::move(row));
    }
    return sheet;
}

// ── CSV ──

namespace
{

// Spreadsheets run what begins like this, full-width forms included (CWE-1236).
bool begins_a_formula(std::string_view text)
{
    constexpr std::array<std::string_view, 10> beginnings = {"=",  "+",      "-",      "@",      "\t",
                                                             "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"};
    return std::ranges::any_of(beginnings,
                               [&](std::string_view beginning) { return text.starts_with(beginning); });
}

std::string in_quotes(std::string_view text)
{
    std::string result = begins_a_formula(text) ? "\"'" : "\"";
    for (auto const c : text) {
        if (c == '"')
            result += '"';
        result += c;
    }
    return result + '"';
}

std::string csv_words(Cell const& value)
{
    if (auto const* text = std::get_if<std::string>(&value))
        return in_quotes(*text);
    if (auto const* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (auto const* at = std::get_if<LocalTime>(&value)) {
        auto const day = date::floor<date::days>(*at);
        return fmt::format("{} {:02}:{:02}", format_day(Day(day)),
                           std::chrono::duration_cast<std::chrono::hours>(*at - day).count(),
                           std::chrono::duration_cast<std::chrono::minutes>(*at - day).count() % 60);
    }
    return {};
}

}

std::string to_csv(Sheet const& sheet, std::string_view language)
{
    bool const semicolons = language == "fi" || language == "ru";
    std::string csv = semicolons ? "\xef\xbb\xbf" : "";
    auto const add = [&](auto const& cells, auto const& words) {
        bool first = true;
        for (auto const& each : cells) {
            if (!first)
                csv += semicolons ? ';' : ',';
            first = false;
            csv += words(each);
        }
        csv += "\r\n";
    };
    add(sheet.head, in_quotes);
    for (auto const& row : sheet.rows)
        add(row, csv_words);
    return csv;
}

// ── XLSX ──

namespace
{

// The library writes files only.
class TemporaryFile
{
public:
    TemporaryFile()
    {
        auto pattern = (std::filesystem::temp_directory_path() / "kutsu-people-XXXXXX").string();
        auto const made = ::mkstemp(pattern.data());
        if (made < 0)
            throw std::runtime_error("no temporary file can be made");
        ::close(made);
        path_ = std::move(pattern);
    }
    ~TemporaryFile()
    {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }
    TemporaryFile(TemporaryFile const&) = delete;
    TemporaryFile& operator=(TemporaryFile const&) = delete;

    std::string const& path() const { return path_; }
    std::string bytes() const
    {
        std::ifstream file(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::string path_;
};

struct Formats
{
    lxw_format* head;
    lxw_format* time;
};

lxw_datetime datetime_of(LocalTime at)
{
    auto const day = date::floor<date::days>(at);
    Day const calendar(day);
    date::hh_mm_ss const clock(at - day);
    return {static_cast<int>(calendar.year()),
            static_cast<int>(static_cast<unsigned>(calendar.month())),
            static_cast<int>(static_cast<unsigned>(calendar.day())),
            static_cast<int>(clock.hours().count()),
            static_cast<int>(clock.minutes().count()),
            static_cast<double>(clock.seconds().count())};
}

// A string cell stays a string, whatever it looks like.
void write_cell(lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, Cell const& value,
                Formats const& formats)
{
    constexpr std::size_t longest_cell = 32'000;
    if (auto const* text = std::get_if<std::string>(&value)) {
        worksheet_write_string(sheet, row, column, text->substr(0, longest_cell).c_str(), nullptr);
    } else if (auto const* number = std::get_if<std::int64_t>(&value)) {
        worksheet_write_number(sheet, row, column, static_cast<double>(*number), nullptr);
    } else if (auto const* at = std::get_if<LocalTime>(&value)) {
        auto datetime = datetime_of(*at);
        worksheet_write_datetime(sheet, row, column, &datetime, formats.time);
    }
}

void fill(lxw_worksheet* worksheet, Sheet const& sheet, Formats const& formats)
{
    auto const width = static_cast<lxw_col_t>(sheet.head.size());
    for (lxw_col_t column = 0; column < width; ++column)
        worksheet_write_string(worksheet, 0, column, sheet.head[column].c_str(), formats.head);
    for (std::size_t row = 0; row < sheet.rows.size(); ++row) {
        for (lxw_col_t column = 0; column < width; ++column)
            write_cell(worksheet, static_cast<lxw_row_t>(row + 1), column, sheet.rows[row][column], formats);
    }
    worksheet_freeze_panes(worksheet, 1, 0);
    if (width > 0)
        worksheet_autofilter(worksheet, 0, 0, static_cast<lxw_row_t>(sheet.rows.size()),
                             static_cast<lxw_col_t>(width - 1));
    worksheet_set_column(worksheet, 0, width, 18, nullptr);
}

}

std::string to_xlsx(Sheet const& sheet)
{
    TemporaryFile const file;
    lxw_workbook* workbook = workbook_new(file.path().c_str());
    if (!workbook)
        throw std::runtime_error("a workbook cannot be made");
    Formats const formats{workbook_add_format(workbook), workbook_add_format(workbook)};
    format_set_bold(formats.head);
    format_set_num_format(formats.time, "yyyy-mm-dd hh:mm");
    fill(workbook_add_worksheet(workbook, sheet.name.c_str()), sheet, formats);
    if (workbook_close(workbook) != LXW_NO_ERROR) // frees it in any case
        throw std::runtime_error("a workbook cannot be written");
    return file.bytes();
}

}
