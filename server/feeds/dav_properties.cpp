#include "feeds/dav_properties.h"

#include "feeds/revalidation.h"

namespace kutsu::feeds
{
namespace
{

using namespace calendars::dav;
using calendars::XmlName;
using Kind = DavPlace::Kind;

XmlName dav(std::string local)
{
    return {std::string(dav_space), std::move(local)};
}

XmlName caldav(std::string local)
{
    return {std::string(caldav_space), std::move(local)};
}

DavPlace principal_of(DavPlace const& place)
{
    return place.is_own() ? DavPlace{Kind::own_home, {}, {}, {}} : DavPlace{Kind::principal, {}, {}, {}};
}

// Everybody may read, nobody may write.
void add_rights(std::vector<Property>& to, DavPlace const& place)
{
    auto const principal = dav_href(principal_of(place));
    to.push_back(Property::href(dav_space, "current-user-principal", principal));
    to.push_back(Property::href(dav_space, "owner", principal));
    to.push_back(Property::wrapped(dav_space, "current-user-privilege-set", {"privilege"},
                                   {dav("read"), dav("read-current-user-privilege-set")}));
}

}

std::vector<Property> folder_properties(DavPlace const& place, std::string const& title, DavPlace const& home)
{
    std::vector<Property> properties;
    std::vector<XmlName> types = {dav("collection")};
    bool const is_principal = place.kind == Kind::principal || place.kind == Kind::own_home;
    if (is_principal)
        types.push_back(dav("principal"));
    properties.push_back(Property::marks(dav_space, "resourcetype", types));
    properties.push_back(Property::text(dav_space, "displayname", title));
    add_rights(properties, place);
    properties.push_back(Property::href(dav_space, "principal-collection-set", "/dav/"));
    if (is_principal)
        properties.push_back(Property::href(dav_space, "principal-URL", dav_href(place)));
    properties.push_back(Property::href(caldav_space, "calendar-home-set", dav_href(home)));
    return properties;
}

std::vector<Property> calendar_properties(DavPlace const& place, DavCollection const& collection,
                                          std::optional<std::string> const& sync_token)
{
    std::vector<Property> properties;
    properties.push_back(Property::marks(dav_space, "resourcetype", {dav("collection"), caldav("calendar")}));
    properties.push_back(Property::text(dav_space, "displayname", collection.title));
    add_rights(properties, place);
    properties.push_back(Property::text(dav_space, "getetag", "\"" + collection.digest + "\""));
    properties.push_back(Property::text(server_space, "getctag", collection.digest));
    properties.push_back(Property::text(caldav_space, "calendar-description", collection.about));
    properties.push_back(Property::components());
    properties.push_back(Property::calendar_data());
    properties.push_back(Property::text(apple_space, "calendar-color", "#1B5E8AFF"));
    properties.push_back(
        Property::wrapped(dav_space, "supported-report-set", {"supported-report", "report"},
                          {caldav("calendar-query"), caldav("calendar-multiget"), dav("sync-collection")}));
    if (sync_token)
        properties.push_back(Property::text(dav_space, "sync-token", *sync_token).only_by_name());
    return properties;
}

std::vector<Property> object_properties(DavPlace const& place, DavObject const& object)
{
    std::vector<Property> properties;
    properties.push_back(Property::marks(dav_space, "resourcetype", {}));
    add_rights(properties, place);
    properties.push_back(Property::text(dav_space, "getetag", object.etag));
    properties.push_back(
        Property::text(dav_space, "getcontenttype", "text/calendar; charset=utf-8; component=VEVENT"));
    properties.push_back(Property::text(dav_space, "getcontentlength", std::to_string(object.bytes.size())));
    properties.push_back(Property::text(dav_space, "getlastmodified", format_http_date(object.modified)));
    properties.push_back(Property::text(caldav_space, "calendar-data", object.bytes).only_by_name());
    return properties;
}

}
