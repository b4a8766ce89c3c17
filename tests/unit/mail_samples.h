// An event and rows of the outbox for tests of mail: a seminar in Joensuu that Petropavl follows.
#pragma once

#include "base/services.h"
#include "events/event.h"
#include "mail/compose.h"

#include <memory>
#include <string>

namespace kutsu::test
{

inline events::Moment moment(std::string_view local, std::string const& zone)
{
    auto const wall = parse_local(local).value();
    return {wall, zone, to_instant(wall, zone)->at};
}

inline Text text(std::string fi, std::string en, std::string ru)
{
    Text made;
    made.set("fi", std::move(fi));
    made.set("en", std::move(en));
    made.set("ru", std::move(ru));
    return made;
}

inline events::Event seminar()
{
    events::Event event;
    event.event_id = 1;
    event.id = "ev-sem-spring";
    event.slug = "ev-sem-spring";
    event.kind = "seminar";
    event.status = "published";
    event.visibility = "public";
    event.title = text("Kevätseminaari & työpaja", "Spring seminar", "Весенний семинар проекта «СИЛТА II»");
    event.span = {moment("2027-05-27T08:30", "Europe/Helsinki"),
                  moment("2027-05-27T15:40", "Europe/Helsinki")};
    event.other_time_zones = {"Asia/Almaty"};
    auto project = std::make_shared<events::Project>();
    project->id = "prj-silta2";
    project->acronym = "SILTA II";
    event.project = project;
    event.venue =
        events::Venue{"ven-jns",
                      text("Jokiranta-talo, Joensuu", "Jokiranta House, Joensuu", "Дом «Йокиранта», Йоэнсуу"),
                      "Joensuu",
                      "joensuu",
                      "FI",
                      {},
                      {},
                      "Europe/Helsinki",
                      "Rantakatu 3, 80100 Joensuu",
                      "Rantakatu 3, 80100 Йоэнсуу"};
    event.room = events::Room{"rm-a", text("Sali Pielinen", "Pielinen Hall", "Зал «Пиелинен»"), 120};
    events::Session session;
    session.id = "ses-metal";
    session.title = text("Metallityöpaja", "Metal workshop", "Мастерская по металлу");
    session.span = {moment("2027-05-27T13:00", "Europe/Helsinki"),
                    moment("2027-05-27T14:00", "Europe/Helsinki")};
    event.sessions = {session};
    return event;
}

inline Site site()
{
    Site site;
    site.base_url = "https://kutsu.example";
    site.uid_host = "kutsu.example";
    site.mail_from = "seminars@kutsu.example";
    return site;
}

constexpr auto submission = "6f1c9a50-8a2e-4f1b-9d1c-0c8a1d2e3f40";
constexpr auto other_submission = "6f1c9a50-8a2e-4f1b-9d1c-0c8a1d2e3f41";

inline mail::OutboxRow row(std::string kind, std::string language)
{
    mail::OutboxRow row;
    row.outbox_id = 1;
    row.dedupe_key = kind + ":" + submission;
    row.kind = std::move(kind);
    row.recipient = "anna@example.org";
    row.language = std::move(language);
    row.event = "ev-sem-spring";
    row.params = {
        {"name", "Anna Ivanova"},
        {"submission_id", submission},
        {"position", 3},
        {"offer_expires_at_ms", to_ms(*parse_instant("2027-05-20T13:00:00Z"))},
        {"sessions", boost::json::array{boost::json::object{{"id", "ses-metal"}, {"status", "waitlisted"}}}},
        {"registrations", boost::json::array{boost::json::object{{"submission_id", submission},
                                                                 {"title", to_stored(seminar().title)}},
                                             boost::json::object{{"submission_id", other_submission},
                                                                 {"title", to_stored(seminar().title)}}}},
        {"token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"}};
    row.created_at = *parse_instant("2027-05-03T06:00:00Z");
    return row;
}

}
