#include "registration/offer_calendar.h"

#include <algorithm>
#include <array>
#include <vector>

namespace kutsu::registration
{
namespace
{

using date::days;
using date::local_days;

bool is_weekend(Day day)
{
    auto const weekday = date::weekday(local_days(day));
    return weekday == date::Saturday || weekday == date::Sunday;
}

Day plus(Day day, int number)
{
    return Day(local_days(day) + days(number));
}

template <class Days>
bool contains(Days const& days, Day day)
{
    return std::ranges::find(days, day) != days.end();
}

struct MonthDay
{
    unsigned month;
    unsigned day;

    Day in(date::year year) const { return year / date::month(month) / date::day(day); }
};

// The Gregorian computus (Meeus, Jones, Butcher).
Day easter_sunday(date::year year)
{
    int const y = static_cast<int>(year);
    int const a = y % 19;
    int const b = y / 100;
    int const c = y % 100;
    int const d = b / 4;
    int const e = b % 4;
    int const g = (8 * b + 13) / 25;
    int const h = (19 * a + b - d - g + 15) % 30;
    int const i = c / 4;
    int const k = c % 4;
    int const l = (32 + 2 * e + 2 * i - h - k) % 7;
    int const m = (a + 11 * h + 22 * l) / 451;
    int const sum = h + l - 7 * m + 114;
    return MonthDay{static_cast<unsigned>(sum / 31), static_cast<unsigned>(sum % 31 + 1)}.in(year);
}

// Finland: the laws 388/1937 and 872/2019; the eves of Midsummer and Christmas are free by agreement.
bool is_free_in_finland(Day day)
{
    constexpr std::array fixed{MonthDay{1, 1},   MonthDay{1, 6},   MonthDay{5, 1},  MonthDay{12, 6},
                               MonthDay{12, 24}, MonthDay{12, 25}, MonthDay{12, 26}};
    if (std::ranges::any_of(fixed, [&](MonthDay each) { return each.in(day.year()) == day; }))
        return true;
    auto const easter = easter_sunday(day.year());
    for (int const after : {-2, 0, 1, 39, 49}) { // Good Friday, Easter, its Monday, Ascension, Pentecost
        if (plus(easter, after) == day)
            return true;
    }
    bool const midsummer_eve = day.month() == date::June && date::weekday(local_days(day)) == date::Friday &&
                               day.day() >= date::day(19) && day.day() <= date::day(25);
    return midsummer_eve;
}

// Holidays that fall on a weekend, together with the working days that become free for them.
template <std::size_t N>
bool is_holiday_or_substitute(Day day, std::array<MonthDay, N> const& holidays)
{
    std::vector<Day> free;
    for (auto const& each : holidays)
        free.push_back(each.in(day.year()));
    for (auto const& each : holidays) {
        auto substitute = each.in(day.year());
        if (!is_weekend(substitute))
            continue;
        while (is_weekend(substitute) || contains(free, substitute))
            substitute = plus(substitute, 1);
        free.push_back(substitute);
    }
    return contains(free, day);
}

// Russia: Labour Code, article 112. The government moves the days of January that fall on a weekend each
// year.
bool is_free_in_russia(Day day)
{
    constexpr std::array moved{MonthDay{2, 23}, MonthDay{3, 8},  MonthDay{5, 1},
                               MonthDay{5, 9},  MonthDay{6, 12}, MonthDay{11, 4}};
    if (day.month() == date::January && day.day() <= date::day(8))
        return true;
    using namespace date::literals;
    // The decree on transfers in 2026; for 2027 what is announced (4–7 November).
    constexpr std::array decreed{2026_y / 1 / 9, 2026_y / 12 / 31, 2027_y / 11 / 5};
    return contains(decreed, day) || is_holiday_or_substitute(day, moved);
}

// Kazakhstan: the law on holidays of 13 December 2001 and Labour Code, article 85. Constitution Day stands at
// its old and its new date. Christmas and the first day of Kurban Ait have no substitute.
bool is_free_in_kazakhstan(Day day)
{
    constexpr std::array moved{MonthDay{1, 1},   MonthDay{1, 2},  MonthDay{3, 8},  MonthDay{3, 15},
                               MonthDay{3, 21},  MonthDay{3, 22}, MonthDay{3, 23}, MonthDay{5, 1},
                               MonthDay{5, 7},   MonthDay{5, 9},  MonthDay{7, 6},  MonthDay{8, 30},
                               MonthDay{10, 25}, MonthDay{12, 16}};
    using namespace date::literals;
    // As the Spiritual Administration of Muslims of Kazakhstan announces it; 2027 is expected.
    constexpr std::array kurban_ait{2024_y / 6 / 16, 2025_y / 6 / 6, 2026_y / 5 / 27, 2027_y / 5 / 16};
    return day == MonthDay{1, 7}.in(day.year()) || contains(kurban_ait, day) ||
           is_holiday_or_substitute(day, moved);
}

}

bool is_holiday(Day day, std::string_view country)
{
    if (country == "FI")
        return is_free_in_finland(day);
    if (country == "RU")
        return is_free_in_russia(day);
    return country == "KZ" && is_free_in_kazakhstan(day);
}

bool is_working_day(Day day, std::string_view country)
{
    return !is_weekend(day) && !is_holiday(day, country);
}

}
