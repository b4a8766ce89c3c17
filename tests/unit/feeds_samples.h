// What the tests of feeds/ share: events made in code, and a shelf that answers as the server would.
#pragma once

#include "calendars/lint.h"
#include "feeds/feed_shelf.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace kutsu::calendars
{

inline void PrintTo(Violation const& violation, std::ostream* out)
{
    *out << violation.rule << " in line " << violation.line << ": " << violation.what;
}

}

namespace kutsu::feeds::samples
{

inline Instant instant(std::string_view text)
{
    return parse_instant(text).value();
}

inline Text text(std::initializer_list<Words> words)
{
    return Text(std::vector<Words>(words));
}

inline events::Moment moment(std::string_view local, std::string const& zone)
{
    auto const wall = parse_local(local).value();
    return {wall, zone, to_instant(wall, zone).value().at};
}

inline events::Span span(std::string_view starts, std::string_view ends,
                         std::string const& zone = "Europe/Helsinki")
{
    return {moment(starts, zone), moment(ends, zone)};
}

inline events::Venue venue()
{
    return {.id = "ven-jns",
            .name = text({{"fi", "Jokiranta-talo"}, {"en", "Jokiranta House"}, {"ru", "Дом «Йокиранта»"}}),
            .city = "Joensuu",
            .city_slug = "joensuu",
            .country = "FI",
            .latitude = 62.601,
            .longitude = 29.7636,
            .time_zone = "Europe/Helsinki",
            .address_latin = "Rantakatu 3, 80100 Joensuu",
            .address_cyrillic = "Rantakatu 3, 80100 Йоэнсуу"};
}

inline events::Session session(std::string id, events::Span when)
{
    return {.id = std::move(id),
            .kind = "talk",
            .status = "confirmed",
            .title = text({{"fi", "Puheenvuoro"}, {"en", "A talk"}, {"ru", "Доклад"}}),
            .span = std::move(when),
            .room = events::Room{.id = "rm-a",
                                 .name = text({{"fi", "Sali A"}, {"en", "Hall A"}, {"ru", "Зал А"}})},
            .speakers = {{.id = "p-1",
                          .latin = events::PersonName{"Shcherbinina", "Svetlana", ""},
                          .cyrillic = events::PersonName{"Щербинина", "Светлана", "Игоревна"}}},
            .language = "ru",
            .interpretation = {"fi", "en"},
            .calendar_sequence = 0,
            .calendar_modified = instant("2027-04-01T09:00:00Z"),
            .created_at = instant("2027-03-01T09:00:00Z")};
}

inline events::Event event(std::string slug = "ev-sem-spring",
                           events::Span when = span("2027-05-27T08:30", "2027-05-27T15:00"))
{
    events::Event made;
    made.event_id = 1;
    made.id = slug;
    made.slug = std::move(slug);
    made.kind = "seminar";
    made.status = "published";
    made.visibility = "public";
    made.title = text({{"fi", "Kevätseminaari"}, {"en", "Spring seminar"}, {"ru", "Весенний семинар"}});
    made.description = text({{"fi", "Kaksi työpajaa, yksi sali."}, {"en", "Two workshops; one hall."}});
    made.span = std::move(when);
    made.other_time_zones = {"Asia/Almaty"};
    made.project =
        std::make_shared<events::Project const>(events::Project{.id = "prj-silta2", .acronym = "SILTA II"});
    made.venue = venue();
    made.floor_languages = {"fi", "ru"};
    made.interpretation_languages = {"fi", "ru", "en"};
    made.calendar_modified = instant("2027-04-02T10:11:12Z");
    made.created_at = instant("2027-02-01T12:00:00Z");
    return made;
}

inline events::Event with_sessions()
{
    auto made = event();
    made.sessions = {session("s-1", span("2027-05-27T09:00", "2027-05-27T09:45")),
                     session("s-2", span("2027-05-27T10:00", "2027-05-27T11:00"))};
    return made;
}

inline events::EventPtr shared(events::Event made)
{
    return std::make_shared<events::Event const>(std::move(made));
}

inline Site site()
{
    Site made;
    made.base_url = "https://kutsu.example";
    made.uid_host = "kutsu.example";
    return made;
}

// A server's calendars at an instant that the test chooses.
class World
{
public:
    explicit World(std::string_view now = "2027-05-03T06:00:00Z") : clock(instant(now)) {}

    void hold(std::vector<events::Event> all)
    {
        std::vector<events::EventPtr> shared_ones;
        for (auto& each : all)
            shared_ones.push_back(shared(std::move(each)));
        catalogue.replace_all(std::move(shared_ones), clock.now());
    }
    void replace(events::Event changed)
    {
        ++version;
        changed.version = version;
        catalogue.replace(shared(std::move(changed)), clock.now());
    }

    net::Response get(std::string_view target, std::map<std::string, std::string, std::less<>> headers = {})
    {
        net::Request request;
        request.method = "GET";
        request.target = target;
        request.path = target.substr(0, target.find('?'));
        if (auto const question = target.find('?'); question != target.npos)
            request.query = net::parse_fields(target.substr(question + 1)).value();
        request.headers = std::move(headers);
        return shelf.answer(request);
    }
    // The bytes of a feed, which must keep every rule.
    std::string feed(std::string_view target)
    {
        auto const response = get(target);
        EXPECT_EQ(response.status, 200) << target;
        auto bytes = response.body ? *response.body : std::string();
        EXPECT_EQ(calendars::lint(bytes), std::vector<calendars::Violation>()) << bytes;
        return bytes;
    }

    Site site = samples::site();
    FixedClock clock;
    events::Catalogue catalogue;
    FeedShelf shelf{site, catalogue, clock, clock};
    std::int64_t version = 1;
};

inline std::string header(net::Response const& response, std::string_view name)
{
    for (auto const& [key, value] : response.headers) {
        if (key == name)
            return value;
    }
    return "(none)";
}

// Content lines as a reader sees them, folds undone.
inline std::vector<std::string> lines(std::string_view bytes)
{
    std::vector<std::string> all;
    while (!bytes.empty()) {
        auto const end = std::min(bytes.find("\r\n"), bytes.size());
        if (bytes.starts_with(' ') && !all.empty())
            all.back() += bytes.substr(1, end - 1);
        else
            all.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(std::min(end + 2, bytes.size()));
    }
    return all;
}

// The lines of the entry with this UID, without its first and last one.
inline std::vector<std::string> entry(std::string_view bytes, std::string_view uid)
{
    std::vector<std::string> found;
    bool inside = false;
    for (auto const& line : lines(bytes)) {
        if (line == "BEGIN:VEVENT")
            found.clear();
        else if (line == "END:VEVENT" && inside)
            return found;
        else
            found.push_back(line);
        inside = inside || line == "UID:" + std::string(uid) + "@kutsu.example";
    }
    return {};
}

// The rest of the entry's line that begins so, or "(none)".
inline std::string of_entry(std::string_view bytes, std::string_view uid, std::string_view beginning)
{
    for (auto const& line : entry(bytes, uid)) {
        if (line.starts_with(beginning))
            return line.substr(beginning.size());
    }
    return "(none)";
}

}
