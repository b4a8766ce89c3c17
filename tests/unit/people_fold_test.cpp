#include "registration/people_fold.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

namespace kutsu::registration
{
namespace
{

bool finds(std::string const& query, std::string const& name)
{
    auto const stored = folded(name);
    auto const patterns = search_patterns(query);
    return !patterns.empty() && std::ranges::all_of(patterns, [&](std::string const& pattern) {
        return std::regex_search(stored, std::regex(pattern, std::regex::extended));
    });
}

using Spellings = std::vector<std::string>;

class PeopleFold : public testing::TestWithParam<Spellings>
{};

TEST_P(PeopleFold, EverySpellingFindsEveryOther)
{
    for (auto const& name : GetParam()) {
        for (auto const& query : GetParam())
            EXPECT_TRUE(finds(query, name))
                << query << " does not find " << name << ": " << folded(query) << " /" << folded(name);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Names, PeopleFold,
    testing::Values(
        // Passports of 2013, of 2010, Finnish text, ISO 9, the passports of the demonstration, habits.
        Spellings{"Щербинина Светлана", "SHCHERBININA SVETLANA", "Štšerbinina Svetlana", "Ŝerbinina Svetlana",
                  "Stserbinina Svetlana", "Scherbinina Svetlana", "Ščerbinina Svetlana",
                  "Shherbinina Svetlana"},
        Spellings{"Цой Юлия", "TSOI IULIIA", "TCOI IULIIA", "Tsoi Julija", "Coj Ûliâ", "TSOY YULIYA",
                  "Tsoi Julia"},
        Spellings{"Ёлкин Дмитрий", "Елкин Дмитрий", "ELKIN DMITRII", "Jolkin Dmitri", "Ëlkin Dmitrij",
                  "YELKIN DMITRIY", "Yolkin Dmitry"},
        Spellings{"Подъельская Наталья", "PODIEELSKAIA NATALIA", "PODELSKAIA NATALIA", "Podjelskaja Natalja",
                  "Podʺelʹskaâ Natalʹâ", "PODYELSKAYA NATALYA"},
        Spellings{"Хижняк Алексей", "KHIZHNIAK ALEKSEI", "Hižnjak Aleksei", "Hižnâk Aleksej",
                  "KHIZHNYAK ALEXEY"},
        Spellings{"Григорьев Фёдор", "Григорьев Федор", "GRIGOREV FEDOR", "Grigorjev Fjodor",
                  "Grigorʹev Fëdor"},
        // Finnish names, with and without their letters, in Russian letters.
        Spellings{"Väisänen", "Vaisanen", "VÄISÄNEN", "Вяйсянен"},
        Spellings{"Virtanen", "Wirtanen", "Виртанен"}, Spellings{"Hyvärinen", "Hyvarinen", "Хювяринен"},
        Spellings{"Åkerlund", "Akerlund"}, Spellings{"Žukova", "Zukova", "Zhukova", "Жукова"},
        Spellings{"Šubin", "Subin", "Shubin", "Шубин"}, Spellings{"Meri-Tuuli", "Merituuli", "MERI‑TUULI"},
        Spellings{"Öhman", "Ohman"}, Spellings{"Metsälä", "Метсяля"}, Spellings{"Mäkinen", "Мякинен"},
        Spellings{"Koskinen", "Коскинен"},
        // Others.
        Spellings{"Людмила", "Ljudmila", "Liudmila", "Lyudmila", "Ludmila", "Lûdmila"},
        Spellings{"Михаил", "Mikhail", "Mihail", "Michail"},
        Spellings{"Татьяна", "Tatjana", "Tatiana", "Tatyana"},
        Spellings{"Қасымов", "Kassymov", "Kasymov", "Касымов"}, Spellings{"Ержан", "YERZHAN", "Jeržan"},
        Spellings{"Чехов", "Chekhov", "Tšehov", "Čehov", "Tsehov"},
        Spellings{"Николас", "Nicolas", "Nikolas"},
        Spellings{"Ельцин", "Yeltsin", "Jeltsin", "ELTSIN", "Elʹcin"}, Spellings{"Скотт", "Scott"}));

TEST(PeopleFold, AQueryMeetsTheBeginningOfAnyWordInAnyOrder)
{
    auto const* name = "Щербинина Светлана Викторовна";
    for (auto const* query : {"sv", "svet sh", "Sh", "Щ", "štšerb", "VIKTOR Щерб", "viktorovna svetlana"})
        EXPECT_TRUE(finds(query, name)) << query;
    for (auto const* query : {"binina", "svetlana x", "anna", "tlana"})
        EXPECT_FALSE(finds(query, name)) << query;
}

TEST(PeopleFold, AHalfTypedNameIsFoundAllTheWay)
{
    std::string const spelled = "Tatjana Grigorjeva";
    for (std::size_t length = 1; length <= spelled.size(); ++length)
        EXPECT_TRUE(finds(spelled.substr(0, length), "Григорьева Татьяна")) << spelled.substr(0, length);
}

TEST(PeopleFold, DifferentNamesStayApart)
{
    for (auto const& [query, name] :
         std::vector<std::pair<std::string, std::string>>{{"Anna", "Inna"},
                                                          {"Aino", "Oiva"},
                                                          {"Petrov", "Pavlov"},
                                                          {"Ivanova", "Ivonen"},
                                                          {"Marja", "Merja"},
                                                          {"Karhu", "Korhonen"},
                                                          {"Цой", "Той"},
                                                          {"Nieminen", "Niinistö"}})
        EXPECT_FALSE(finds(query, name)) << query << " " << folded(query) << " /" << folded(name);
}

TEST(PeopleFold, NothingOfAQueryReachesTheExpressionButLetters)
{
    EXPECT_EQ(search_patterns("a.*(b|c)[d]\\ '; drop"),
              (std::vector<std::string>{" (a)", " (b)", " (k|s)", " (d)", " (drop)"}));
    EXPECT_TRUE(search_patterns(" .,;-' ").empty());
    EXPECT_EQ(search_patterns("1 2 3 4 5 6 7 8 9 10").size(), 8U);
    EXPECT_LT(folded(std::string(20000, 'c')).size(), 1000U);
}

}
}
