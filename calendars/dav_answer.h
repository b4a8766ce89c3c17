// The bodies a CalDAV server answers with: 207 Multi-Status (RFC 4918 §13) and errors with a condition
// (§16).
#pragma once

#include "calendars/dav_request.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::calendars::dav
{

// A property of a resource with its value, which only the factories below can make.
class Property
{
public:
    static Property text(std::string_view space, std::string_view local, std::string_view words);
    static Property href(std::string_view space, std::string_view local, std::string_view address);
    // Elements without contents, each of its namespace:
    // <resourcetype><collection/><calendar/></resourcetype>.
    static Property marks(std::string_view space, std::string_view local, std::vector<XmlName> const& marks);
    // Each mark within a wrapper: <supported-report-set><supported-report><report>…, wrapped in `outer`
    // names.
    static Property wrapped(std::string_view space, std::string_view local,
                            std::vector<std::string_view> const& outer, std::vector<XmlName> const& marks);
    static Property components();    // VEVENT only (RFC 4791 §5.2.3)
    static Property calendar_data(); // what a calendar can be fetched as (§5.2.4)

    // Big or costly ones come only when they are asked for by name.
    Property only_by_name() &&;

    XmlName const& name() const { return name_; }
    std::string const& inner() const { return inner_; }
    bool is_common() const { return common_; }

private:
    Property(std::string_view space, std::string_view local, std::string inner)
        : name_{std::string(space), std::string(local)}, inner_(std::move(inner))
    {}

    XmlName name_;
    std::string inner_;
    bool common_ = true;
};

class Multistatus
{
public:
    Multistatus();

    void add(std::string_view href, Properties const& asked, std::span<Property const> has);
    void add_missing(std::string_view href);
    // The answer to sync-collection was cut short (RFC 6578 §3.6).
    void add_more(std::string_view href);
    void set_sync_token(std::string_view token);
    std::string take() &&;

private:
    std::string out_;
};

std::string error_body(XmlName const& condition);

}
