"""Personal calendars: secret addresses that show where one stands, and nothing of anybody else."""

import email
import email.policy
import json
import re

import pytest
import readers
from harness.fixtures import World
from harness.program import wait_until
from harness.world import guest


def registered(world: World, slug: str, **fields) -> dict:
    answer = world.register(slug, guest(**fields))
    assert answer.status == 201, answer.text
    return answer.json


def page_of(token: str) -> str:
    return f"/en/registrations/{token}/calendar"


def new_address(world: World, token: str) -> str:
    answer = world.web.send_form(page_of(token), {"action": "make"})
    assert answer.status == 200, answer.text
    assert "no-store" in answer.headers["Cache-Control"]
    return re.search(r"(/calendar/personal/[\w-]{43}\.ics)<", answer.text)[1]


def entries(feed: bytes) -> dict[str, str]:
    """UID's id → its unfolded VEVENT."""
    lines = re.sub(rb"\r\n[ \t]", b"", feed).decode()
    found = (part.split("END:VEVENT")[0] for part in lines.split("BEGIN:VEVENT")[1:])
    return {re.search(r"^UID:(.+?)@", each, re.M)[1]: each for each in found}


def test_it_shows_the_seat_the_queue_and_the_way_out(world):
    slug = world.event("seats-2")
    first, second = registered(world, slug), registered(world, slug)
    waiting = registered(world, slug)
    assert waiting["status"] == "waitlisted"
    seated_feed, queue_feed = new_address(world, first["token"]), new_address(world, waiting["token"])

    answer = world.web.get(seated_feed)
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert "noindex" in answer.headers["X-Robots-Tag"] and answer.headers["Referrer-Policy"] == "no-referrer"
    seated = entries(answer.body)[slug]
    assert "STATUS:CONFIRMED" in seated and "TRANSP:OPAQUE" in seated
    queued = entries(world.web.get(queue_feed).body)[slug]
    assert "STATUS:TENTATIVE" in queued and "TRANSP:TRANSPARENT" in queued and ":Waiting list: " in queued
    assert first["token"] not in answer.text, "a calendar is no key to the registration"

    tag = answer.headers["ETag"]
    assert world.web.get(seated_feed, If_None_Match=tag).status == 304
    assert world.web.send_form(f"/en/registrations/{first['token']}", {"action": "cancel"}).status == 303
    gone = world.web.get(seated_feed, If_None_Match=tag)
    cancelled = entries(gone.body)[slug]
    assert gone.status == 200 and "STATUS:CANCELLED" in cancelled
    number = lambda entry: int(re.search(r"^SEQUENCE:(\d+)", entry, re.M)[1])  # noqa: E731
    assert number(cancelled) > number(seated), "a reader has to see that it changed"

    offered = wait_until(
        lambda: (found := entries(world.web.get(queue_feed).body)) and ":Seat offered: " in found[slug] and found, 5)
    [deadline] = [entry for uid, entry in offered.items() if uid.startswith("offer-")]
    assert "TRANSP:TRANSPARENT" in deadline
    assert second["status"] == "confirmed"


def test_sessions_are_those_everybody_is_in_and_the_chosen(world):
    slug = world.event("seats-60")
    detail = world.web.get(f"/api/v1/events/{slug}/agenda").json
    with_seats = [each["id"] for each in detail["sessions"] if "capacity" in each]
    chosen, left = with_seats[0], with_seats[1:]
    someone = registered(world, slug, sessions=[chosen])
    path = new_address(world, someone["token"])

    shown = entries(world.web.get(path).body)
    assert chosen in shown and not set(left) & set(shown)
    assert len(shown) > 2, "the plenary sessions are there"
    assert set(entries(world.web.get(path + "?sessions=0").body)) == {slug}
    assert readers.by_icalendar(world.web.get(path).body) == readers.by_ical_js(world.web.get(path).body)


@pytest.mark.parametrize("suffix, media", [(".json", "application/calendar+json"), (".xml", "application/calendar+xml"),
                                           (".jscal", "application/jscalendar+json")])
def test_it_comes_in_every_form_and_language(world, suffix, media):
    slug = world.event("seats-60")
    path = new_address(world, registered(world, slug)["token"])

    other = world.web.get(path.removesuffix(".ics") + suffix)
    assert other.status == 200 and other.headers["Content-Type"].startswith(media)
    assert "Spring seminar" in world.web.get(path + "?lang=en").text
    assert "Весенний семинар" in re.sub("\r\n ", "", world.web.get(path + "?lang=ru").text)
    if suffix == ".jscal":
        assert {"fi", "ru"} <= set(json.loads(other.body)["localizations"])


def test_revoked_is_gone_and_unknown_is_not_found(world):
    slug = world.event("seats-60")
    token = registered(world, slug)["token"]
    path, kept = new_address(world, token), new_address(world, token)
    page = world.web.get(page_of(token)).text
    first = re.search(r'name="address" value="(\w+)"', page)[1]

    assert world.web.send_form(page_of(token), {"action": "revoke", "address": first}).status == 303
    assert (world.web.get(path).status, world.web.get(kept).status) == (410, 200)
    assert world.web.get(path).headers["Content-Type"].startswith("text/plain")
    unknown = world.web.get("/calendar/personal/" + "A" * 43 + ".ics")
    assert unknown.status == 404 and "noindex" in unknown.headers["X-Robots-Tag"]
    for strange in ("x" * 500, "..", "%00", "a%20b"):
        assert world.web.get(f"/calendar/personal/{strange}.ics").status in (400, 404)
    assert world.web.get(f"{kept}?lang=xx").status == 400
    assert page_of(token).removesuffix("/calendar") in page


def test_a_registration_made_with_a_known_address_has_a_calendar_like_any_other(world):
    """Nobody may learn from it who is registered."""
    slug = world.event("seats-60")
    known = guest()
    assert world.register(slug, known).status == 201
    second = world.register(slug, guest(email=known["email"])).json

    seen = entries(world.web.get(new_address(world, second["token"])).body)[slug]
    assert "STATUS:CONFIRMED" in seen and "TRANSP:OPAQUE" in seen


def letters_to(world: World, address: str) -> list:
    folder = world.server.kutsu.data / "mail"
    letters = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in folder.glob("[!.]*.eml")]
    return [letter for letter in letters if address in letter["To"]]


def test_all_of_a_person_goes_only_to_their_mailbox(world):
    one, two = world.event("seats-60"), world.event("seats-60")
    person = guest()
    token = world.register(one, person).json["token"]
    world.register(two, guest(email=person["email"].upper()))
    assert set(entries(world.web.get(new_address(world, token)).body)) >= {one}
    assert two not in entries(world.web.get(new_address(world, token)).body), "a link proves no mailbox"

    answer = world.web.send_form(page_of(token), {"action": "mail"})
    assert answer.status == 303 and "personal" not in answer.text + answer.headers["Location"]
    letter = wait_until(lambda: next((each for each in letters_to(world, person["email"])
                                      if each["X-Dedupe-Key"].startswith("calendar_link:")), None), 10, "the mail")
    [path] = set(re.findall(r"/calendar/personal/[\w-]+\.ics", letter.get_body(("plain",)).get_content()))
    assert {one, two} <= set(entries(world.web.get(path).body))


def test_nothing_happens_on_get_and_old_addresses_give_way(world):
    token = registered(world, world.event("seats-60"))["token"]
    assert world.web.get(page_of(token) + "?action=make").text.count('name="address"') == 0
    paths = [new_address(world, token) for _ in range(11)]

    statuses = [world.web.get(path).status for path in paths]
    assert statuses == [410] + [200] * 10
    assert world.web.get(page_of("A" * 43)).status == 404
    assert world.web.send_form(page_of(token), {"action": "explode"}).status == 422
