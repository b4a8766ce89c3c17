"""jCal, xCal and JSCalendar of the running server, compared with what independent readers make of the .ics form."""

import datetime
import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
import zoneinfo
from pathlib import Path

import pytest
import readers

HERE = Path(__file__).parent
FEEDS = [
    "/calendar/events{}?past=all&sessions=1",
    "/calendar/events/ev-sem-spring{}",
    "/calendar/events/hev-sem-ptz{}?lang=ru",
    "/calendar/kinds/press-conference{}?past=all&lang=en",
    "/calendar/cities/petropavl{}?past=all&lang=ru",
    "/calendar/projects/prj-silta2{}?sessions=1",
]
XCAL = "{urn:ietf:params:xml:ns:icalendar-2.0}"


def of(silta, path: str, suffix: str):
    answer = silta.web.get(path.format(suffix))
    assert answer.status == 200, answer.text
    return answer


def jcal_of_ics(feed: bytes):
    made = subprocess.run(["node", HERE / "jcal_by_ical_js.mjs"], input=feed, capture_output=True, check=True, timeout=60)
    return json.loads(made.stdout)


def plain(value):
    """Rules of one month or day may be written as a value or as a list of one."""
    return {key: each[0] if isinstance(each, list) and len(each) == 1 else each for key, each in value.items()} \
        if isinstance(value, dict) else value


# Properties younger than the reader, which it leaves as raw text of unknown type.
LATER = {"name": "text", "color": "text", "refid": "text", "concept": "uri"}


def unescaped(value: str) -> str:
    return re.sub(r"\\([\\;,nN])", lambda found: "\n" if found[1] in "nN" else found[1], value)


def comparable_property(name, parameters, kind, *values):
    if kind == "unknown" and name in LATER:
        return [name, parameters, LATER[name], *(unescaped(value) for value in values)]
    return [name, parameters, kind, *(plain(value) for value in values)]


def comparable(component):
    name, properties, components = component
    kept = [comparable_property(*each) for each in properties if not each[0].startswith("x-")]
    return [name, kept, [comparable(each) for each in components]]


@pytest.mark.parametrize("path", FEEDS)
def test_jcal_says_what_the_ics_form_says(silta, path):
    ours = of(silta, path, ".json")

    assert ours.headers["Content-Type"] == "application/calendar+json"
    want = comparable(jcal_of_ics(of(silta, path, ".ics").body))
    got = comparable(json.loads(ours.body))
    for component in (want, got):  # the feed's own address names its form
        component[1] = [each for each in component[1] if each[0] != "source"]
    assert got == want


def xcal_component(element):
    """An xCal component as comparable jCal, by the rules of RFC 6321."""
    properties = []
    for each in element.find(f"{XCAL}properties"):
        parameters = {parameter.tag.removeprefix(XCAL): parameter[0].text for parameter in each.findall(f"{XCAL}parameters/*")}
        values = [child for child in each if child.tag != f"{XCAL}parameters"]
        kind = values[0].tag.removeprefix(XCAL)
        if kind == "latitude":
            kind, read = "float", [[float(child.text) for child in values]]
        elif kind == "recur":
            read = [{child.tag.removeprefix(XCAL): int(child.text) if child.text.isdigit() else child.text for child in values[0]}]
        else:
            read = [int(child.text) if kind == "integer" else child.text or "" for child in values]
        properties.append([each.tag.removeprefix(XCAL), parameters, kind, *read])
    return [element.tag.removeprefix(XCAL), properties, [xcal_component(each) for each in element.findall(f"{XCAL}components/*")]]


@pytest.mark.parametrize("path", FEEDS)
def test_xcal_says_what_jcal_says(silta, path):
    answer = of(silta, path, ".xml")

    assert answer.headers["Content-Type"] == "application/calendar+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.body)
    assert root.tag == f"{XCAL}icalendar"
    [calendar] = root
    got, want = xcal_component(calendar), json.loads(of(silta, path, ".json").body)
    for component in (want, got):
        component[1] = [each for each in component[1] if each[0] != "source"]
    assert got == want


def seconds(duration: str) -> int:
    days, hours, minutes, rest = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", duration).groups()
    return ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(rest or 0)


def seen_in(event: dict) -> readers.Seen:
    zone = zoneinfo.ZoneInfo(event["timeZone"] or "UTC")
    starts = datetime.datetime.fromisoformat(event["start"]).replace(tzinfo=zone).astimezone(datetime.timezone.utc)
    return readers.Seen(starts, starts + datetime.timedelta(seconds=seconds(event["duration"])), event["title"])


@pytest.mark.parametrize("path", FEEDS)
def test_jscalendar_has_the_instants_of_every_other_reader(silta, path):
    answer = of(silta, path, ".jscal")

    assert answer.headers["Content-Type"] == "application/jscalendar+json;type=group"
    group = json.loads(answer.body)
    assert group["@type"] == "Group" and group["uid"].startswith("calendar.")
    got = {each["uid"]: seen_in(each) for each in group["entries"]}
    assert got == readers.by_icalendar(of(silta, path, ".ics").body)
    for each in group["entries"]:
        assert each["@type"] == "Event" and each["updated"].endswith("Z") and each["status"] in ("confirmed", "tentative", "cancelled")


def test_jscalendar_holds_all_languages(silta):
    group = json.loads(of(silta, "/calendar/events/ev-sem-spring{}?lang=fi", ".jscal").body)
    [event] = [each for each in group["entries"] if each["uid"].startswith("ev-sem-spring@")]

    assert event["locale"] == "fi" and event["title"].startswith("Kevätseminaari")
    assert event["localizations"]["en"]["title"].startswith("Spring seminar")
    assert event["localizations"]["ru"]["title"].startswith("Весенний семинар")
    for words in event["localizations"].values():
        for pointer in words:
            assert pointer.rsplit("/", 1)[-1] in ("title", "description", "name")
    session = next(each for each in group["entries"] if each["uid"].startswith("s-spr-01@"))
    assert session["relatedTo"][event["uid"]]["relation"] == {"parent": True}


@pytest.mark.parametrize("suffix", [".json", ".xml", ".jscal"])
def test_every_form_is_revalidated_and_compressed_like_the_first(silta, suffix):
    first = of(silta, "/calendar/events/ev-sem-spring{}", suffix)

    assert silta.web.get(f"/calendar/events/ev-sem-spring{suffix}", If_None_Match=first.headers["ETag"]).status == 304
    assert first.headers["ETag"] != of(silta, "/calendar/events/ev-sem-spring{}", ".ics").headers["ETag"]
    packed = silta.web.get(f"/calendar/events/ev-sem-spring{suffix}", Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.body) < len(first.body)
    assert 'type="text/calendar"' in first.headers["Link"]
    assert silta.web.get(f"/calendar/events/no-such{suffix}").status == 404
    assert silta.web.get(f"/calendar/events{suffix}?lang=xx").status == 400
