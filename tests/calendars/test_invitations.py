"""Invitations by mail, as the programs of their readers understand them."""

import email
import email.policy

import icalendar
import pytest
import readers
from harness.program import wait_until
from harness.world import guest


def letters(world, address: str) -> list:
    folder = world.server.kutsu.data / "mail"
    found = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in sorted(folder.glob("[!.]*.eml"), key=lambda file: file.stat().st_mtime_ns)]
    return [letter for letter in found if address.lower() in letter["To"].lower()]


def calendar_of(letter):
    """(method, the only event) of the part that mail programs act on."""
    [part] = [each for each in letter.walk() if each.get_content_type() == "text/calendar"]
    assert part["Content-Disposition"] is None, "it is the third way of saying the same, not a file"
    assert part.get_param("component") == "VEVENT" and part.get_content_charset() == "utf-8"
    [attached] = [each for each in letter.walk() if each.get_content_type() == "application/ics"]
    data = part.get_payload(decode=True)
    assert attached.get_payload(decode=True) == data and attached.get_filename() == "invite.ics"
    calendar = icalendar.Calendar.from_ical(data)
    assert calendar["METHOD"] == part.get_param("method").upper()
    [event] = calendar.walk("VEVENT")
    return calendar["METHOD"], event, data


def mailed(world, person: dict, kind: str, number: int = 1):
    """The so manieth mail of this kind to the person."""
    def found():
        all_of_kind = [letter for letter in letters(world, person["email"]) if letter["X-Dedupe-Key"].split(":")[0] == kind]
        return all_of_kind[number - 1] if len(all_of_kind) >= number else None

    return wait_until(found, 15, kind)


def test_a_seat_is_invited_its_loss_withdrawn_and_another_try_invited_anew(world):
    slug = world.event("seats-60")
    person = guest("Щербинина, \"Светлана\"", language="ru")
    token = world.register(slug, person).json["token"]

    letter = mailed(world, person, "confirmed")
    assert letter.get_content_type() == "multipart/mixed"
    method, invited, data = calendar_of(letter)
    assert method == "REQUEST" and str(invited["UID"]).startswith(f"{slug}@")
    assert invited["ATTENDEE"] == f"mailto:{person['email']}" and invited["ORGANIZER"] == "mailto:kutsu@localhost"
    assert invited["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED" and "RSVP" not in invited["ATTENDEE"].params
    assert "Светлана" in invited["ATTENDEE"].params["CN"]
    feed = readers.by_icalendar(world.web.get(f"/calendar/events/{slug}.ics?sessions=0&lang=ru").body)
    assert readers.by_icalendar(data) == feed == readers.by_ical_js(data) == readers.by_vobject(data)

    world.web.ask("DELETE", f"/api/v1/registrations/{token}")
    method, cancelled, _ = calendar_of(mailed(world, person, "cancelled"))
    assert method == "CANCEL" and cancelled["STATUS"] == "CANCELLED" and cancelled["UID"] == invited["UID"]
    assert cancelled["SEQUENCE"] > invited["SEQUENCE"]

    again = guest(email=person["email"].upper(), language="ru")
    world.register(slug, again)
    method, anew, _ = calendar_of(mailed(world, again, "confirmed", 2))
    assert method == "REQUEST" and anew["SEQUENCE"] > cancelled["SEQUENCE"], "else calendars would keep it cancelled"


def test_who_waits_is_not_invited_and_not_told_to_forget(world):
    slug = world.event("seats-2")
    for _ in range(2):
        world.register(slug, guest())
    waiting = guest()
    token = world.register(slug, waiting).json["token"]
    letter = mailed(world, waiting, "waitlisted")
    assert not [part for part in letter.walk() if part.get_content_type() == "text/calendar"]

    world.web.ask("DELETE", f"/api/v1/registrations/{token}")
    letter = mailed(world, waiting, "cancelled")
    assert letter.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize("name", ["A;B,C:D\"E^F", "x" * 190, "Ünï 😀 Кириллица"])
def test_any_name_stands_in_the_invitation(world, name):
    slug = world.event("seats-5")
    person = guest(name)
    world.register(slug, person)

    _, event, data = calendar_of(mailed(world, person, "confirmed"))
    assert readers.by_ical_js(data)
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
