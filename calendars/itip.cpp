#include "calendars/itip.h"

#include "calendars/calendar_parts.h"

namespace kutsu::calendars
{
namespace
{

// Whoever registered has said that they come. Where an answer is read they may still change their mind by
// their calendar's buttons (RFC 5546 §3.2.2).
void write_attendee(LineWriter& out, Invitation const& invitation)
{
    auto line = out.line("ATTENDEE");
    line.parameter("CUTYPE", "INDIVIDUAL").parameter("ROLE", "REQ-PARTICIPANT");
    if (invitation.method == Method::request)
        line.parameter("PARTSTAT", "ACCEPTED");
    if (invitation.asks_for_reply && invitation.method == Method::request)
        line.parameter("RSVP", "TRUE");
    if (!invitation.attendee.name.empty())
        line.parameter("CN", invitation.attendee.name);
    line.uri(invitation.attendee.address);
}

void write_organizer(LineWriter& out, Party const& organizer)
{
    auto line = out.line("ORGANIZER");
    if (!organizer.name.empty())
        line.parameter("CN", organizer.name);
    line.uri(organizer.address);
}

}

std::string_view method_name(Method method)
{
    return method == Method::cancel ? "CANCEL" : "REQUEST";
}

std::string write_invitation(Invitation const& invitation)
{
    LineWriter head;
    write_calendar_frame(head);
    if (invitation.method == Method::cancel)
        head.line("METHOD").word("CANCEL");
    else
        head.line("METHOD").word("REQUEST");
    LineWriter out;
    std::vector<std::string> zones;
    out.begin("VEVENT");
    write_event_lines(out, invitation.event, invitation.sent, zones);
    write_organizer(out, invitation.organizer);
    write_attendee(out, invitation);
    out.end("VEVENT");
    Fragment const fragment{std::move(out).take(), std::move(zones), invitation.event.when.start(),
                            invitation.event.uid.str()};
    return finish_calendar(std::move(head).take(), {&fragment, 1});
}

}
