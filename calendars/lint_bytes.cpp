#include "calendars/code_points.h"
#include "calendars/lint_parts.h"

#include <unicode/normalizer2.h>

namespace kutsu::calendars::lint_parts
{
namespace
{

// Controls but the tab (RFC 5545 §3.1), those of Latin-1, and the separators some readers take for a line's
// end.
bool has_control(std::string_view text)
{
    for (std::size_t at = 0; at < text.size();) {
        auto const c = next_code_point(text, at);
        if ((c >= 0 && c < 0x20 && c != '\t') || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029)
            return true;
    }
    return false;
}

bool is_nfc(std::string_view text)
{
    UErrorCode wrong = U_ZERO_ERROR;
    auto const* nfc = icu::Normalizer2::getNFCInstance(wrong);
    return nfc->isNormalizedUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())), wrong) &&
           U_SUCCESS(wrong);
}

// A continuation that begins with what belongs to the sign before it.
bool begins_inside_sign(std::string_view line)
{
    std::size_t at = 1;
    return line.size() > 1 && line[0] == ' ' && is_mark(next_code_point(line, at));
}

bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

void judge_line(std::string_view line, std::size_t number, Report& report)
{
    if (line.empty() || line.contains('\r') || line.contains('\n'))
        report.add("R1", number, "a blank line, or CR or LF alone");
    if (line.size() > 75)
        report.add("R2", number, "longer than 75 octets");
    if (!is_utf8(line))
        report.add("R3", number, "not UTF-8, or folded inside a character");
    else if (begins_inside_sign(line))
        report.add("R3", number, "folded before a combining mark or joiner");
    if (!line.empty() && is_blank(line.back()))
        report.add("R4", number, "ends in a blank");
    if (line.size() > 1 && is_blank(line[0]) && is_blank(line[1]))
        report.add("R4", number, "folded before a blank");
    if (has_control(line))
        report.add("R7", number, "a control character");
    if (is_utf8(line) && !is_nfc(line))
        report.add("R7", number, "not in NFC");
}

}

void judge_bytes(std::string_view bytes, Report& report)
{
    if (bytes.starts_with("\xEF\xBB\xBF"))
        report.add("R1", 1, "begins with a byte order mark");
    for (std::size_t number = 1; !bytes.empty(); ++number) {
        auto const end = bytes.find("\r\n");
        judge_line(bytes.substr(0, end), number, report);
        if (end == bytes.npos)
            return report.add("R1", number, "the last line does not end in CRLF");
        bytes.remove_prefix(end + 2);
    }
}

}
