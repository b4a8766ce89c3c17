#include "feeds/dav_answers.h"

#include "base/secret.h"
#include "feeds/revalidation.h"

#include <algorithm>

namespace kutsu::feeds
{
namespace
{

using namespace calendars::dav;

constexpr std::string_view allowed = "GET, HEAD, OPTIONS, PROPFIND, REPORT";

net::Response xml(std::string body, int status)
{
    auto response = net::text_response(std::move(body), status);
    std::erase_if(response.headers, [](auto const& header) { return header.first == "Content-Type"; });
    response.headers.emplace_back("Content-Type", "application/xml; charset=utf-8");
    return with_dav(std::move(response));
}

// Decoded bytes of a path; nothing for a malformed escape.
std::optional<std::string> decoded(std::string_view path)
{
    auto const fields = net::parse_fields("p=" + [&] {
        std::string text;
        for (char const c : path)
            text += c == '+' ? std::string("%2B") : c == '&' ? std::string("%26") : std::string(1, c);
        return text;
    }());
    return fields ? fields->find("p") : std::nullopt;
}

}

net::Response with_dav(net::Response response, std::string_view allow)
{
    response.headers.emplace_back("DAV", "1, 3, calendar-access");
    if (!allow.empty())
        response.headers.emplace_back("Allow", std::string(allow));
    return response;
}

net::Response options_answer()
{
    return with_dav({204, {}, nullptr}, allowed);
}

net::Response multistatus_answer(Multistatus multistatus)
{
    auto response = xml(std::move(multistatus).take(), 207);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
}

net::Response refused(Refusal const& refusal)
{
    if (refusal.condition)
        return xml(error_body(*refusal.condition), refusal.status);
    return with_dav(net::text_response("The body is not what this method needs.\n", refusal.status));
}

net::Response not_found()
{
    return with_dav(net::text_response("There is nothing here.\n", 404));
}

net::Response unauthorized()
{
    return with_dav(net::with_header(
        net::text_response("An app password is needed: the secret of a personal calendar.\n", 401),
        "WWW-Authenticate", R"(Basic realm="Kutsu", charset="UTF-8")"));
}

net::Response unavailable()
{
    return with_dav(
        net::with_header(net::text_response("The database is away. Please ask again in a moment.\n", 503),
                         "Retry-After", "30"));
}

net::Response object_answer(DavObject const& object, net::Request const& request, bool is_private)
{
    bool const fresh = is_fresh({object.etag, object.modified}, request.header("if-none-match"), {});
    net::Response response{fresh ? 304 : 200,
                           {{"ETag", object.etag},
                            {"Last-Modified", format_http_date(object.modified)},
                            {"Cache-Control", is_private ? "private, max-age=300" : "public, max-age=300"}},
                           nullptr};
    if (!fresh) {
        response.headers.emplace_back("Content-Type", "text/calendar; charset=utf-8");
        response.body = std::make_shared<std::string const>(object.bytes);
    }
    return with_dav(std::move(response));
}

DavPlace object_in(DavPlace const& calendar, std::string file)
{
    auto place = calendar;
    place.kind = calendar.is_own() ? DavPlace::Kind::own_object : DavPlace::Kind::object;
    place.file = std::move(file);
    return place;
}

std::optional<std::string> file_of(DavPlace const& calendar, std::string_view href)
{
    if (auto const scheme = href.find("://"); scheme != href.npos) {
        auto const slash = href.find('/', scheme + 3);
        href = slash == href.npos ? std::string_view() : href.substr(slash);
    }
    auto const path = decoded(href);
    auto const place = path ? parse_dav_path(*path) : std::nullopt;
    if (!place || !place->is_object() || dav_href(object_in(calendar, place->file)) != dav_href(*place))
        return std::nullopt;
    return place->file;
}

bool asks_for(Properties const& wanted, std::string_view local)
{
    return std::ranges::any_of(
        wanted.names, [&](XmlName const& name) { return name.space == dav_space && name.local == local; });
}

std::string digest_of(DavMembers const& members)
{
    std::string all;
    for (auto const& [name, tag] : members)
        all += name + tag;
    return to_hex(sha256(all)).substr(0, 32);
}

}
