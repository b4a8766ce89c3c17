"""The running server's feeds, read by programs that know nothing of us."""

import datetime
import re

import pytest
import readers
from harness.live import Peer
from harness.program import DEMO, wait_until

UTC = datetime.timezone.utc
FEEDS = [
    "/calendar/events.ics?past=all",
    "/calendar/events.ics?past=all&sessions=1",
    "/calendar/events/ev-sem-spring.ics",
    "/calendar/events/hev-sem-ptz.ics",
    "/calendar/kinds/seminar.ics?past=all",
    "/calendar/kinds/press-conference.ics?past=all",
    "/calendar/cities/joensuu.ics?past=all",
    "/calendar/cities/petropavl.ics?past=all",
    "/calendar/projects/prj-silta2.ics",
]


def unfolded(feed: bytes) -> list[str]:
    return re.sub(rb"\r\n[ \t]", b"", feed).decode().split("\r\n")


@pytest.mark.parametrize("path", FEEDS)
def test_every_reader_sees_the_same_instants(silta, path):
    feed = silta.web.get(path).body

    first = readers.by_icalendar(feed)

    assert first, "an empty feed"
    assert readers.by_vobject(feed) == first
    assert readers.by_ical_js(feed) == first


def test_khal_shows_the_spring_as_a_subscriber_sees_it(silta, tmp_path):
    feed = silta.web.get("/calendar/events/ev-sem-spring.ics").body

    seen = readers.by_khal(feed, tmp_path, "2027-05-27", "2027-05-28")

    assert seen == readers.by_icalendar(feed)


def test_the_event_of_the_open_seminar_and_its_sessions(silta):
    feed = silta.web.get("/calendar/events/ev-sem-spring.ics?lang=en").body
    seen = readers.by_icalendar(feed)

    assert {uid.split("@")[0] for uid in seen} == {"ev-sem-spring"} | {f"s-spr-{number:02}" for number in range(1, 11)}
    [event] = [seen[uid] for uid in seen if uid.startswith("ev-sem-spring@")]
    assert event == readers.Seen(
        datetime.datetime(2027, 5, 27, 5, 30, tzinfo=UTC), datetime.datetime(2027, 5, 27, 11, 45, tzinfo=UTC),
        "Spring seminar: growth from two cities working together")
    without = readers.by_icalendar(silta.web.get("/calendar/events/ev-sem-spring.ics?sessions=0").body)
    assert {uid.split("@")[0] for uid in without} == {"ev-sem-spring"}


@pytest.mark.parametrize("language, word", [("fi", "Kevätseminaari"), ("en", "Spring seminar"), ("ru", "Весенний семинар")])
def test_feeds_speak_three_languages(silta, language, word):
    seen = readers.by_icalendar(silta.web.get(f"/calendar/events/ev-sem-spring.ics?lang={language}").body)

    assert any(each.summary.startswith(word) for each in seen.values())


def test_closed_and_invited_events_are_in_no_public_feed(silta):
    text = silta.web.get("/calendar/events.ics?past=all&sessions=1").text

    for hidden in ("ev-trip-a", "ev-ws-2", "hev-trip-1"):
        assert hidden not in text
    assert silta.web.get("/calendar/events/ev-trip-a.ics").status == 404


def test_what_is_long_past_is_only_in_the_whole_feed(silta):
    usual = silta.web.get("/calendar/events.ics").text
    whole = silta.web.get("/calendar/events.ics?past=all").text

    assert "UID:hev-sem-ptz@" not in usual and "UID:hev-sem-ptz@" in whole
    assert "UID:ev-sem-jns@" in usual


@pytest.mark.parametrize("path", FEEDS)
def test_bytes_follow_the_grammar(silta, path):
    answer = silta.web.get(path)

    assert answer.status == 200
    assert answer.headers["Content-Type"].replace(" ", "").lower().startswith("text/calendar;charset=utf-8")
    body = answer.body
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", body)
    for line in body.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # no character is split between lines
    lines = unfolded(body)
    assert "VERSION:2.0" in lines and any(line.startswith("PRODID:") for line in lines)
    assert not any(line.startswith("METHOD:") for line in lines), "a feed is no message between people"
    for event in "\r\n".join(lines).split("BEGIN:VEVENT")[1:]:
        for name in ("UID:", "DTSTAMP:", "LAST-MODIFIED:", "SEQUENCE:", "STATUS:", "SUMMARY"):
            assert len(re.findall(rf"^{name}", event, re.M)) == 1, (name, event)
    zones = set(re.findall(r"TZID=([^:;]+)", "\n".join(lines)))
    assert zones == set(re.findall(r"^TZID:(.+?)\r?$", "\n".join(lines), re.M)), "each zone used is defined, no other"


@pytest.mark.parametrize("path", FEEDS[:4])
def test_unchanged_feeds_are_304(silta, path):
    first = silta.web.get(path)
    tag, date = first.headers["ETag"], first.headers.get("Last-Modified")

    assert silta.web.get(path, If_None_Match=tag).status == 304
    assert silta.web.get(path, If_None_Match=f'"other", W/{tag.removeprefix("W/")}').status == 304
    assert silta.web.get(path, If_None_Match="*").status == 304
    assert silta.web.get(path, If_None_Match='"other"').status == 200
    if date:
        assert silta.web.get(path, If_Modified_Since=date).status == 304
    assert silta.web.get(path).body == first.body


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_compressed_feeds_are_the_same_feed(silta, coding):
    plain = silta.web.get("/calendar/events.ics")
    packed = silta.web.get("/calendar/events.ics", Accept_Encoding=coding)

    assert packed.headers["Content-Encoding"] == coding
    assert "accept-encoding" in packed.headers["Vary"].lower()
    assert packed.headers["ETag"] != plain.headers["ETag"] or packed.headers["ETag"].startswith("W/")
    if coding == "gzip":
        import gzip

        assert gzip.decompress(packed.body) == plain.body
    assert silta.web.get("/calendar/events.ics", Accept_Encoding=coding, If_None_Match=packed.headers["ETag"]).status == 304


def test_the_instants_of_the_past_are_those_of_their_day(silta):
    seen = readers.by_icalendar(silta.web.get("/calendar/events/hev-sem-ptz.ics?sessions=0").body)
    [event] = seen.values()

    assert (event.starts, event.ends) == (
        datetime.datetime(2005, 3, 15, 7, 0, tzinfo=UTC), datetime.datetime(2005, 3, 15, 13, 30, tzinfo=UTC))


def revision(feed: bytes, public_id: str) -> tuple[int, str]:
    """(SEQUENCE, DTSTART) of one object."""
    [event] = [part for part in "\r\n".join(unfolded(feed)).split("BEGIN:VEVENT")[1:] if re.search(rf"^UID:{public_id}@", part, re.M)]
    return int(re.search(r"^SEQUENCE:(\d+)", event, re.M)[1]), re.search(r"^DTSTART.*:(\S+)", event, re.M)[1]


async def test_a_moved_session_has_a_higher_sequence_and_a_new_tag(installation):
    installation.load(DEMO / "silta-2.json")
    installation.run(
        "user", "add", "aino@example.org", "--name", "Aino", "--role", "organiser", "--password-stdin", stdin="a good long password\n")
    path = "/calendar/events/ev-sem-spring.ics"
    with installation.serve() as server:
        before = server.web.get(path)
        welcome = server.web.send_json("POST", "/api/v1/login", {"email": "aino@example.org", "password": "a good long password"})
        cookie = welcome.headers["Set-Cookie"].split(";")[0]

        async with Peer(server, cookie=cookie, origin=server.base) as organiser, Peer(server) as guest:
            snapshot = await guest.call("event.watch", event="ev-sem-spring")
            session = next(each for each in snapshot["agenda"]["sessions"] if each["id"] == "s-spr-08")
            move = {"op": "move", "session": session["id"], "version": session["version"],
                    "starts_at": "2027-05-27T12:20:00+03:00", "ends_at": "2027-05-27T13:10:00+03:00"}
            answer = await organiser.call(
                "agenda.edit", event="ev-sem-spring", op_id="0a4a0a9e-6a3c-4a43-9d55-3f4d0c8a5b11", ops=[move])
            assert answer["version"] > snapshot["agenda"]["version"]
            changed = await guest.next_notification("event.changed")
            assert any(change["kind"] == "session.changed" for change in changed["changes"])

        after = wait_until(lambda: (new := server.web.get(path)).headers["ETag"] != before.headers["ETag"] and new, 5)
        assert server.web.get(path, If_None_Match=before.headers["ETag"]).status == 200
        old_sequence, old_start = revision(before.body, "s-spr-08")
        new_sequence, new_start = revision(after.body, "s-spr-08")
        assert new_sequence > old_sequence
        assert new_start == "20270527T122000" != old_start
        assert revision(after.body, "s-spr-02") == revision(before.body, "s-spr-02")
        assert server.web.get("/en/events/ev-sem-spring").text.count("12:20") >= 1
