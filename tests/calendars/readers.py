"""What foreign programs understand of a feed: {uid: (start, end)} in UTC, and summaries."""

import dataclasses
import datetime
import json
import pathlib
import subprocess

import icalendar
import vobject

HERE = pathlib.Path(__file__).parent
UTC = datetime.timezone.utc


@dataclasses.dataclass(frozen=True)
class Seen:
    starts: datetime.datetime
    ends: datetime.datetime
    summary: str


def instant(value: datetime.datetime) -> datetime.datetime:
    assert value.tzinfo is not None, "a floating time"
    return value.astimezone(UTC)


def by_icalendar(feed: bytes) -> dict[str, Seen]:
    calendar = icalendar.Calendar.from_ical(feed)
    return {
        str(event["UID"]): Seen(instant(event["DTSTART"].dt), instant(event["DTEND"].dt), str(event["SUMMARY"]))
        for event in calendar.walk("VEVENT")
    }


def by_vobject(feed: bytes) -> dict[str, Seen]:
    calendar = vobject.readOne(feed.decode())
    return {
        event.uid.value: Seen(instant(event.dtstart.value), instant(event.dtend.value), event.summary.value)
        for event in calendar.contents.get("vevent", [])
    }


def by_ical_js(feed: bytes) -> dict[str, Seen]:
    done = subprocess.run(["node", HERE / "read_with_ical_js.mjs"], input=feed, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    parse = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))  # noqa: E731
    return {
        event["uid"]: Seen(parse(event["starts"]), parse(event["ends"]), event["summary"]) for event in json.loads(done.stdout)
    }


KHAL = """\
[calendars]
[[kutsu]]
path = {folder}/calendar
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = UTC
default_timezone = UTC
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M
longdatetimeformat = %Y-%m-%dT%H:%M
[default]
default_calendar = kutsu
"""


def by_khal(feed: bytes, folder: pathlib.Path, first: str, last: str) -> dict[str, Seen]:
    """Imports the feed as a person would and lists the days from first to last."""
    (folder / "calendar").mkdir()
    (folder / "feed.ics").write_bytes(feed)
    (folder / "config").write_text(KHAL.format(folder=folder))
    environment = {"HOME": str(folder), "LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}

    def khal(*arguments: str) -> str:
        done = subprocess.run(
            ["khal", "-c", str(folder / "config"), *arguments], capture_output=True, text=True, env=environment, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    khal("import", "--batch", "-a", "kutsu", str(folder / "feed.ics"))
    listed = khal(
        "list", "--once", "--notstarted", "--day-format", "", "--format", "{uid}|{start-date}T{start-time}|{end-date}T{end-time}|{title}",
        first, last)
    seen = {}
    for line in filter(None, listed.splitlines()):
        uid, starts, ends, title = line.split("|", 3)
        parse = lambda text: datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=UTC)  # noqa: E731
        seen[uid] = Seen(parse(starts), parse(ends), title)
    return seen
