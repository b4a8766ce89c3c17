#include "base/messages.h"
#include "pages_samples.h"
#include "registration/people_import.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

using Cells = std::vector<std::string>;

std::vector<Cells> cells(std::string_view text)
{
    std::vector<Cells> rows;
    auto const table = parse_table(text);
    EXPECT_TRUE(table) << text;
    for (auto const& line : table ? table->lines : std::vector<Line>())
        rows.push_back(line.cells);
    return rows;
}

TEST(PeopleImport, EncodingsAreTold)
{
    std::string const utf16le("\xff\xfe\x29\x04\x3b\x00\x61\x00", 8);
    std::string const utf16be("\xfe\xff\x04\x29\x00\x3b\x00\x61", 8);
    std::string const plain16("n\0a\0m\0e\0;\0e\0m\0a\0i\0l\0\n\0", 22);
    struct Row
    {
        std::string bytes;
        std::string text;
        std::string encoding;
    };
    for (auto const& [bytes, text, encoding] : std::vector<Row>{
             {"\xef\xbb\xbfЩ;ä", "Щ;ä", "UTF-8"},
             {"Щербинина;Äikäs", "Щербинина;Äikäs", "UTF-8"},
             {utf16le, "Щ;a", "UTF-16LE"},
             {utf16be, "Щ;a", "UTF-16BE"},
             {plain16, "name;email\n", "UTF-16LE"},
             {"\xd9\xe5\xf0\xe1\xe8\xed\xe8\xed\xe0;\xd1\xe2\xe5\xf2\xeb\xe0\xed\xe0", "Щербинина;Светлана",
              "windows-1251"},
             {"V\xe4in\xf6;Virtanen;\xc5sa", "Väinö;Virtanen;Åsa", "windows-1252"},
         }) {
        auto const decoded = decode_text(bytes);
        ASSERT_TRUE(decoded) << text;
        EXPECT_EQ(decoded->text, text);
        EXPECT_EQ(decoded->encoding, encoding);
    }
    EXPECT_EQ(decode_text("").error().errors[0].message, "people.import.no_rows");
    EXPECT_EQ(decode_text(std::string("PK\x03\x04\0\0\0\0\0", 9)).error().errors[0].message,
              "people.import.no_text");
}

TEST(PeopleImport, TablesAreReadAsSpreadsheetsWriteThem)
{
    EXPECT_EQ(cells("a;b\r\n1;2\r\n"), (std::vector<Cells>{{"a", "b"}, {"1", "2"}}));
    EXPECT_EQ(cells("a,b\n\"x, \"\"y\"\"\",\"two\nlines\""),
              (std::vector<Cells>{{"a", "b"}, {"x, \"y\"", "two\nlines"}}));
    EXPECT_EQ(cells("a\tb\n1\t\n;;\n\n\t\n2\t3"),
              (std::vector<Cells>{{"a", "b"}, {"1", ""}, {";;"}, {"2", "3"}}));
    EXPECT_EQ(cells("\"a;b\",c\n1,2"), (std::vector<Cells>{{"a;b", "c"}, {"1", "2"}}));

    auto const line_of = [](std::string_view text) { return parse_table(text)->lines.back().number; };
    EXPECT_EQ(line_of("a\n\n\"x\ny\"\nlast"), 5);

    auto const refusal = [](std::string_view text) { return parse_table(text).error().errors[0].message; };
    EXPECT_EQ(refusal("a;b\n\"1;2"), "people.import.unclosed");
    EXPECT_EQ(refusal("only a head"), "people.import.no_rows");
    EXPECT_EQ(refusal("a\n" + std::string(5001, 'x')), "people.import.cell_too_long");
    std::string many = "a\n";
    for (std::size_t i = 0; i < most_lines; ++i)
        many += "x\n";
    EXPECT_EQ(refusal(many), "people.import.too_many_rows");
    EXPECT_EQ(refusal(std::string(most_columns, ';') + "x\n1"), "people.import.too_many_columns");
}

TEST(PeopleImport, ColumnsAreKnownInThreeLanguages)
{
    auto const event = samples::spring();
    for (auto const& [head, field] :
         std::vector<std::pair<std::string, std::string>>{{"Nimi", "name"},
                                                          {"Name", "name"},
                                                          {"ФИО", "name"},
                                                          {"Sähköposti", "email"},
                                                          {"E-mail", "email"},
                                                          {"Электронная почта", "email"},
                                                          {"Sukunimi", "family"},
                                                          {"Surname", "family"},
                                                          {"Фамилия", "family"},
                                                          {"ORGANISAATIO", "organisation"},
                                                          {"Компания", "organisation"},
                                                          {"Kieli", "language"},
                                                          {"Yrityksen koko", "answer.size"},
                                                          {"Company size", "answer.size"},
                                                          {"Размер предприятия", "answer.size"},
                                                          {"company", "organisation"},
                                                          {"channel", "answer.channel"},
                                                          {"Kengännumero", ""},
                                                          {"", ""}})
        EXPECT_EQ(guess_field(head, event), field) << head;
    for (auto const& language : languages()) {
        for (auto const& field : import_fields(event)) {
            if (!field.starts_with("answer."))
                EXPECT_TRUE(
                    has_message(language, "people.column." + (field == "participant_type" ? "type" : field)));
        }
    }
}

TEST(PeopleImport, APreviewSaysWhatIsWrongInEachRow)
{
    auto const event = samples::spring();
    auto preview =
        preview_import("Sukunimi;Etunimi;Sähköposti;Kieli;Edustan yritystä;Yrityksen koko;Ruokavalio\n"
                       "Äikäs;Väinö;vaino@example.org;suomi;kyllä;alle 10;\n"
                       "Щербинина;Светлана;sveta@example.org;русский;no;;орехи\n"
                       "Nobody;;not an address;;;;\n"
                       ";;x@example.org;sv;ehkä;;\n"
                       "Again;Väinö;VAINO@example.org;;;;\n"
                       "In;Already;in@example.org;;;;\n",
                       {}, event, "en");
    ASSERT_TRUE(preview);
    mark_duplicates(*preview, {"in@example.org"});

    EXPECT_EQ(preview->columns, (Cells{"family", "given", "email", "language", "answer.company",
                                       "answer.size", "answer.diet"}));
    auto const& rows = preview->rows;
    ASSERT_EQ(rows.size(), 6U);
    EXPECT_EQ(rows[0].fields,
              json::parse(R"({"email": "vaino@example.org", "language": "fi", "name": "Väinö Äikäs",
                                              "answers": {"company": true, "size": "micro"}})"));
    EXPECT_EQ(rows[1].fields.at("answers"), json::parse(R"({"company": false, "diet": "орехи"})"));
    EXPECT_EQ(rows[1].fields.at("language"), "ru");
    EXPECT_TRUE(rows[0].errors.empty() && rows[1].errors.empty());
    EXPECT_EQ(rows[2].errors.at(0).field, "email");
    std::set<std::string> wrong;
    for (auto const& error : rows[3].errors)
        wrong.insert(error.field);
    EXPECT_EQ(wrong, (std::set<std::string>{"name", "language", "answers.company"}));
    EXPECT_EQ(rows[4].duplicate, "file");
    EXPECT_EQ(rows[5].duplicate, "event");
    EXPECT_EQ(preview->good(), 2U);
    auto const kept = rows_to_register(*preview);
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0].at("line"), 2);
    EXPECT_EQ(kept[1].at("fields").at("language"), "ru");
}

TEST(PeopleImport, AListWithoutNamesOrAddressesIsRefused)
{
    auto const event = samples::spring();
    auto const refusal = [&](std::string_view text, Cells columns) {
        return preview_import(text, std::move(columns), event, "fi").error().errors[0].message;
    };
    EXPECT_EQ(refusal("Nimi;Muu\nA;b", {}), "people.import.no_email");
    EXPECT_EQ(refusal("Muu;Sähköposti\nA;b", {}), "people.import.no_name");
    EXPECT_EQ(refusal("a;b\nA;b", {"name", "shoe"}), "people.import.unknown_column");
    EXPECT_TRUE(preview_import("a;b\nA;a@example.org", {"name", "email"}, event, "fi"));
}

}
}
