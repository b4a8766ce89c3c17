"""Wall time and instants on the nights when clocks change, and where zones have changed since."""

import json
import re

import pytest
from harness.program import DEMO
from harness.world import copy_of, demo, event_of


def moved(public_id: str, starts: tuple[str, str], ends: tuple[str, str], sessions: list | None = None) -> dict:
    """The open seminar at (wall time, instant) pairs, in Joensuu."""
    event = copy_of(event_of(demo(2), "ev-sem-spring"), public_id)
    (event["starts_local"], event["starts_utc"]), (event["ends_local"], event["ends_utc"]) = starts, ends
    event.pop("also_local", None)
    event.pop("utc_offset_at_start", None)
    event["agenda"] = sessions or []
    for key in ("opens", "closes"):
        event["registration"][key] = {"tz": "Europe/Helsinki", "local": "2027-03-01T09:00", "utc": "2027-03-01T07:00:00Z"}
    event["registration"]["closes"] = {"tz": "Europe/Helsinki", "local": "2027-03-20T16:00", "utc": "2027-03-20T14:00:00Z"}
    return event


@pytest.fixture(scope="module")
def nights(new_installation):
    kutsu = new_installation()
    project = demo(2)
    project["events"] += [
        moved("ev-march", ("2027-03-28T02:30", "2027-03-28T00:30:00Z"), ("2027-03-28T04:30", "2027-03-28T01:30:00Z")),
        moved("ev-october", ("2027-10-31T02:30", "2027-10-30T23:30:00Z"), ("2027-10-31T04:30", "2027-10-31T02:30:00Z")),
    ]
    file = kutsu.data / "nights.json"
    file.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
    kutsu.load(file, DEMO / "silta-1.json")
    with kutsu.serve() as server:
        yield server


@pytest.mark.parametrize(
    "slug, starts, ends",
    [
        ("ev-march", "2027-03-28T02:30:00+02:00", "2027-03-28T04:30:00+03:00"),
        ("ev-october", "2027-10-31T02:30:00+03:00", "2027-10-31T04:30:00+02:00"),
        ("ev-sem-spring", "2027-05-27T08:30:00+03:00", "2027-05-27T14:45:00+03:00"),
        ("hev-sem-ptz", "2005-03-15T10:00:00+03:00", "2005-03-15T16:30:00+03:00"),
        ("ev-sem-ppk", "2027-02-16T09:30:00+05:00", "2027-02-16T17:00:00+05:00"),
    ],
)
def test_wall_time_and_offset_are_those_of_the_day(nights, slug, starts, ends):
    event = nights.web.get(f"/api/v1/events/{slug}").json

    assert (event["starts_at"], event["ends_at"]) == (starts, ends)


def unfolded(answer) -> str:
    return re.sub(r"\r\n[ \t]", "", answer.text)


@pytest.mark.parametrize(
    "slug, zone, starts, ends",
    [
        ("ev-march", "Europe/Helsinki", "20270328T023000", "20270328T043000"),
        ("ev-october", "Europe/Helsinki", "20271031T023000", "20271031T043000"),
    ],
)
def test_feeds_say_wall_time_with_its_zone(nights, slug, zone, starts, ends):
    text = unfolded(nights.web.get(f"/calendar/events/{slug}.ics"))

    assert f"DTSTART;TZID={zone}:{starts}" in text
    assert f"DTEND;TZID={zone}:{ends}" in text
    assert f"TZID:{zone}" in text


def test_feeds_say_the_past_before_todays_zone_rules_in_utc(nights):
    """Calendar programs know no history of zones that they can be trusted with."""
    text = unfolded(nights.web.get("/calendar/events/hev-sem-ptz.ics"))

    assert "DTSTART:20050315T070000Z" in text
    assert "DTEND:20050315T133000Z" in text


def test_pages_show_the_wall_clock(nights):
    march = nights.web.get("/en/events/ev-march").text
    october = nights.web.get("/en/events/ev-october").text

    assert "02:30" in march and "04:30" in march
    assert "02:30" in october and "04:30" in october


@pytest.mark.parametrize("local, utc", [("2027-03-28T03:30", "2027-03-28T01:30:00Z"), ("2027-03-28T03:00", "2027-03-28T01:00:00Z")])
def test_a_time_in_the_gap_is_refused(installation, local, utc):
    project = demo(2)
    project["events"].append(moved("ev-gap", (local, utc), ("2027-03-28T05:30", "2027-03-28T02:30:00Z")))
    file = installation.data / "gap.json"
    file.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")

    refused = installation.run("import", str(file), expect=1)

    assert re.search(r"events\W+\d+\W+starts_local", refused.stderr), refused.stderr


def test_the_programs_clock_opens_and_closes_registration(new_installation):
    from harness.world import guest

    for clock, problem in [("2027-04-12T05:59:00Z", "not-open-yet"), ("2027-04-12T06:00:01Z", None), ("2027-05-21T13:00:01Z", "closed")]:
        kutsu = new_installation(clock=clock)
        kutsu.load(DEMO / "silta-2.json")
        with kutsu.serve() as server:
            answer = server.web.send_json("POST", "/api/v1/events/ev-sem-spring/registrations", guest())
            assert (answer.status == 201) == (problem is None), answer.text
            if problem:
                answer.problem(problem)
