// An event like ev-sem-spring of the demonstration, made by hand, and what pages need around it.
#pragma once

#include "events/event.h"
#include "html/frame.h"
#include "registration/registration.h"

#include <boost/json.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace kutsu::samples
{

inline Text text(std::string fi, std::string en, std::string ru)
{
    Text words;
    words.set("fi", std::move(fi));
    words.set("en", std::move(en));
    words.set("ru", std::move(ru));
    return words;
}

inline events::Moment moment(std::string_view local, std::string zone = "Europe/Helsinki")
{
    auto const wall = parse_local(local).value();
    auto const at = to_instant(wall, zone).value().at;
    return {wall, std::move(zone), at};
}

inline events::Span span(std::string_view starts, std::string_view ends,
                         std::string const& zone = "Europe/Helsinki")
{
    return {moment(starts, zone), moment(ends, zone)};
}

inline events::Room hall()
{
    return {"rm-jns-a", text("Sali Pielinen", "Pielinen Hall", "Зал «Пиелинен»"), 120, true, true};
}

inline events::Person svetlana()
{
    return {"p21", events::PersonName{"Shcherbinina", "Svetlana", {}},
            events::PersonName{"Щербинина", "Светлана", "Викторовна"},
            text("Valkoinen aro", "White Steppe", "«Белая степь»")};
}

inline events::Session session(std::string id, std::string kind, Text title, std::string_view starts,
                               std::string_view ends)
{
    events::Session made;
    made.id = std::move(id);
    made.kind = std::move(kind);
    made.status = "confirmed";
    made.title = std::move(title);
    made.span = span(starts, ends);
    made.room = hall();
    return made;
}

inline std::vector<events::Session> programme()
{
    std::vector<events::Session> list = {
        session("s-spr-01", "registration", text("Aamukahvi", "Morning coffee", "Утренний кофе"),
                "2027-05-27T08:30", "2027-05-27T09:00"),
        session("s-spr-04", "live_link",
                text("Suora yhteys: neuvontapiste", "Live link: the advice desk", "Прямое включение: пункт"),
                "2027-05-27T10:00", "2027-05-27T10:30"),
        session("s-spr-06", "workshop", text("Työpaja A", "Workshop A", "Мастерская А"), "2027-05-27T10:50",
                "2027-05-27T12:10"),
        session("s-spr-07", "workshop", text("Työpaja B", "Workshop B", "Мастерская Б"), "2027-05-27T10:50",
                "2027-05-27T12:10")};
    list[1].linked_city = "Petropavl";
    list[1].language = "ru";
    list[1].interpretation = {"fi", "en"};
    for (auto* workshop : {&list[2], &list[3]}) {
        workshop->sign_up = true;
        workshop->capacity = 12;
        workshop->speakers = {svetlana()};
    }
    list[2].free = 7;
    list[3].free = 0;
    return list;
}

inline events::RegistrationForm form()
{
    events::RegistrationForm made;
    made.opens = moment("2027-04-12T09:00");
    made.closes = moment("2027-05-21T16:00");
    made.waitlist = true;
    events::Question diet{"diet", "text", text("Ruokavalio", "Diet", "Питание"), false, {}, {}, {}, true};
    events::Question channel{
        "channel",
        "choice",
        text("Tulkkauskanava", "Interpretation channel", "Канал перевода"),
        false,
        {{"fi", text("suomi", "Finnish", "финский")}, {"ru", text("venäjä", "Russian", "русский")}}};
    events::Question company{"company", "boolean",
                             text("Edustan yritystä", "I represent a company", "Представляю предприятие"),
                             true};
    events::Question size{
        "size",
        "choice",
        text("Yrityksen koko", "Company size", "Размер предприятия"),
        true,
        {{"micro", text("alle 10", "under 10", "менее 10")}, {"large", text("250+", "250+", "250+")}},
        "company",
        {boost::json::value(true)}};
    made.questions = {diet, channel, company, size};
    return made;
}

inline std::shared_ptr<events::Project const> project()
{
    auto made = std::make_shared<events::Project>();
    made->id = "prj-silta2";
    made->acronym = "SILTA II";
    made->number = "CRCP-0042";
    made->title = text("Kahden kaupungin hanke", "A project of two cities", "Проект двух городов");
    made->programme = {"prg-crcp",
                       text("Yhteistyöohjelma", "Cooperation Programme", "Программа сотрудничества"),
                       text("Euroopan unionin osarahoittama", "Co-funded by the European Union",
                            "Софинансируется Европейским Союзом")};
    return made;
}

inline events::Event spring()
{
    events::Event event;
    event.id = "ev-sem-spring";
    event.slug = "ev-sem-spring";
    event.kind = "seminar";
    event.status = "published";
    event.visibility = "public";
    event.title = text("Kevätseminaari: kasvua kahden kaupungin yhteistyöstä",
                       "Spring seminar: growth from two cities", "Весенний семинар: рост двух городов");
    event.description =
        text("Tulokset yrityksille.", "Results for companies.", "Результаты для предприятий.");
    event.span = span("2027-05-27T08:30", "2027-05-27T14:45");
    event.other_time_zones = {"Asia/Almaty"};
    event.project = project();
    event.venue = events::Venue{"ven-jns",
                                text("Jokiranta-talo", "Jokiranta House", "Дом «Йокиранта»"),
                                "Joensuu",
                                "joensuu",
                                "FI",
                                62.601,
                                29.7636,
                                "Europe/Helsinki",
                                "Rantakatu 3, 80100 Joensuu",
                                "Rantakatu 3, 80100 Йоэнсуу"};
    event.floor_languages = {"fi", "ru", "en"};
    event.interpretation_languages = {"fi", "ru", "en"};
    event.sessions = programme();
    event.form = form();
    event.seats = {60, 40, 0, 20};
    event.version = 7;
    event.agenda_version = 5;
    return event;
}

inline html::Surroundings around(std::string language, std::string_view now = "2027-05-03T06:00:00Z")
{
    html::Surroundings in;
    in.language = std::move(language);
    in.default_language = "fi";
    in.base_url = "https://kutsu.example.org";
    in.assets = {"/assets/kutsu.abc.css", "/assets/register.abc.js", "/assets/live.abc.js"};
    in.now = parse_instant(now).value();
    return in;
}

inline registration::Registration own(std::string status = "confirmed")
{
    registration::Registration made;
    made.receipt.token = "AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-AbCdE";
    made.receipt.status = std::move(status);
    made.receipt.event = "ev-sem-spring";
    made.receipt.sessions = {{"s-spr-06", "confirmed"}};
    made.name = "Anna Ivanova";
    made.email = "anna@example.org";
    made.language = "fi";
    made.answers = {{"company", true}, {"size", "micro"}};
    made.companions = {{"Boris Petrov", std::nullopt}};
    return made;
}

}
