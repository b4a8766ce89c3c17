"""The read-only CalDAV tree, asked raw and by programs that people really use."""

import base64
import datetime
import re
import subprocess
import xml.etree.ElementTree as ElementTree

import caldav
import pytest
import readers
from harness.live import Peer
from harness.program import DEMO, wait_until
from harness.world import guest

D, C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'


def dav(web, method: str, path: str, body: str = "", **headers: str):
    return web.ask(method, path, body.encode(), {key.replace("_", "-"): value for key, value in headers.items()})


def propfind(web, path: str, properties: str, depth: str = "0", **headers: str):
    answer = dav(web, "PROPFIND", path, f'<D:propfind {NAMESPACES}><D:prop>{properties}</D:prop></D:propfind>', Depth=depth, **headers)
    assert answer.status == 207, answer.text
    return responses(answer)


def responses(answer) -> dict[str, dict]:
    """href → {property: element}, or None where the whole is not there."""
    found = {}
    for response in ElementTree.fromstring(answer.body).findall(f"{D}response"):
        whole = response.find(f"{D}status")
        found[response.find(f"{D}href").text] = None if whole is not None else {
            each.tag: each for propstat in response.findall(f"{D}propstat")
            if " 200 " in propstat.find(f"{D}status").text for each in propstat.find(f"{D}prop")}
    return found


def sync(web, path: str, token: str = "", limit: int | None = None, **headers: str):
    cut = f"<D:limit><D:nresults>{limit}</D:nresults></D:limit>" if limit else ""
    return dav(web, "REPORT", path, f"""<D:sync-collection {NAMESPACES}><D:sync-token>{token}</D:sync-token>
        <D:sync-level>1</D:sync-level>{cut}<D:prop><D:getetag/></D:prop></D:sync-collection>""", **headers)


def token_in(answer) -> str:
    return ElementTree.fromstring(answer.body).find(f"{D}sync-token").text


def test_discovery_leads_from_the_well_known_address_to_calendars(silta):
    first = dav(silta.web, "PROPFIND", "/.well-known/caldav", Depth="0")
    assert (first.status, first.headers["Location"]) == (301, "/dav/")
    [root] = propfind(silta.web, "/dav/", "<D:current-user-principal/>").values()
    principal = root[f"{D}current-user-principal"].find(f"{D}href").text
    [found] = propfind(silta.web, principal, "<C:calendar-home-set/><D:resourcetype/>").values()
    assert found[f"{D}resourcetype"].find(f"{D}principal") is not None
    home = found[f"{C}calendar-home-set"].find(f"{D}href").text
    calendars = propfind(silta.web, home, "<D:resourcetype/><D:displayname/><D:sync-token/><S:getctag/>", depth="1")
    kinds = {href: each for href, each in calendars.items() if each[f"{D}resourcetype"].find(f"{C}calendar") is not None}
    assert {"/dav/fi/events/", "/dav/fi/kind-seminar/", "/dav/fi/city-joensuu/", "/dav/fi/project-prj-silta2/"} <= set(kinds)
    for each in kinds.values():
        assert each[f"{D}sync-token"].text.startswith("urn:uuid:") and each[f"{D}displayname"].text
    assert dav(silta.web, "OPTIONS", "/dav/fi/events/").headers["DAV"] == "1, 3, calendar-access"


@pytest.mark.parametrize("path", ["/dav/fi/events/", "/dav/ru/event-ev-sem-spring/", "/dav/en/project-prj-silta2/"])
def test_objects_hold_what_the_feed_holds(silta, path):
    feeds = {"/dav/fi/events/": "/calendar/events.ics", "/dav/ru/event-ev-sem-spring/": "/calendar/events/ev-sem-spring.ics?lang=ru",
             "/dav/en/project-prj-silta2/": "/calendar/projects/prj-silta2.ics?lang=en"}
    listed = propfind(silta.web, path, "<D:getetag/><C:calendar-data/><D:getcontenttype/>", depth="1")
    seen = {}
    for href, each in listed.items():
        if href == path:
            continue
        data = each[f"{C}calendar-data"].text
        assert data.count("BEGIN:VEVENT") == 1 and "METHOD:" not in data and "\r\n" in data
        seen |= readers.by_icalendar(data.encode())
        got = silta.web.get(href)
        assert got.body.decode() == data and got.headers["ETag"] == each[f"{D}getetag"].text
        assert silta.web.get(href, If_None_Match=got.headers["ETag"]).status == 304
        assert each[f"{D}getcontenttype"].text.startswith("text/calendar")
    assert seen == readers.by_icalendar(silta.web.get(feeds[path]).body)


def test_a_query_by_time_gives_what_overlaps(silta):
    def query(inside: str, expect: int = 207):
        answer = dav(silta.web, "REPORT", "/dav/en/event-ev-sem-spring/", f"""<C:calendar-query {NAMESPACES}><D:prop><D:getetag/></D:prop>
            <C:filter><C:comp-filter name="VCALENDAR">{inside}</C:comp-filter></C:filter></C:calendar-query>""", Depth="1")
        assert answer.status == expect, answer.text
        return {href.rsplit("/", 1)[1] for href in responses(answer)} if expect == 207 else answer

    everything = query('<C:comp-filter name="VEVENT"/>')
    assert len(everything) == 11 and query("") == everything
    morning = query('<C:comp-filter name="VEVENT"><C:time-range start="20270527T053000Z" end="20270527T060000Z"/></C:comp-filter>')
    assert "ev-sem-spring.ics" in morning and morning < everything
    # An end is not a moment more: what begins as the range ends is not in it.
    assert query('<C:comp-filter name="VEVENT"><C:time-range start="20270527T114500Z"/></C:comp-filter>') == set()
    assert query('<C:comp-filter name="VEVENT"><C:time-range start="10000101T000000Z" end="29990101T000000Z"/></C:comp-filter>') == everything
    assert query('<C:comp-filter name="VTODO"/>') == set()
    assert query('<C:comp-filter name="VEVENT"><C:prop-filter name="UID"><C:text-match>S-SPR-01</C:text-match></C:prop-filter></C:comp-filter>') \
        == {"s-spr-01.ics"}
    for wrong in ('<C:comp-filter name="VEVENT"><C:time-range/></C:comp-filter>',
                  '<C:comp-filter name="VEVENT"><C:time-range start="yesterday"/></C:comp-filter>',
                  '<C:comp-filter name="VEVENT"><C:time-range start="20270528T000000Z" end="20270527T000000Z"/></C:comp-filter>'):
        query(wrong, expect=400)
    refused = query('<C:comp-filter name="VEVENT"><C:prop-filter name="X-SECRET"/></C:comp-filter>', expect=403)
    assert b"supported-filter" in refused.body


def test_multiget_says_of_each_whether_it_is_there(silta):
    path = "/dav/fi/event-ev-sem-spring/"
    answer = dav(silta.web, "REPORT", path, f"""<C:calendar-multiget {NAMESPACES}><D:prop><C:calendar-data/></D:prop>
        <D:href>{path}ev-sem-spring.ics</D:href><D:href>{silta.base}{path}s-spr-01.ics</D:href>
        <D:href>{path}nothing.ics</D:href><D:href>/dav/fi/events/ev-sem-spring.ics</D:href></C:calendar-multiget>""")
    found = responses(answer)
    assert {href for href, each in found.items() if each} == {path + "ev-sem-spring.ics", path + "s-spr-01.ics"}
    assert {href for href, each in found.items() if each is None} == {path + "nothing.ics", "/dav/fi/events/ev-sem-spring.ics"}


def test_sync_in_parts_gives_everything_once(silta):
    path = "/dav/fi/project-prj-silta2/"
    whole = responses(sync(silta.web, path))
    token, seen = "", []
    for _ in range(len(whole) + 2):
        answer = sync(silta.web, path, token, limit=1)
        part = [href for href, each in responses(answer).items() if each is not None]
        seen += part
        token = token_in(answer)
        if b"507" not in answer.body:
            break
    assert sorted(seen) == sorted(whole) and len(seen) > 3
    assert token == token_in(sync(silta.web, path)), "whoever has everything has the same token"
    assert responses(sync(silta.web, path, token)) == {}
    for wrong in ("urn:uuid:00000000-0000-4000-8000-000000000000", "http://example.org/7", "x" * 5000):
        refused = sync(silta.web, path, wrong)
        assert refused.status == 403 and b"valid-sync-token" in refused.body
    assert sync(silta.web, "/dav/fi/events/", token).status == 403, "a token of another calendar"


async def test_one_change_is_one_href_also_after_a_restart(installation):
    installation.load(DEMO / "silta-2.json")
    installation.run("user", "add", "aino@example.org", "--name", "Aino", "--role", "organiser", "--password-stdin", stdin="a good long password\n")
    path = "/dav/fi/event-ev-sem-spring/"
    with installation.serve() as server:
        token = token_in(sync(server.web, path))
        address = f"127.0.0.1:{server.port}"
    with installation.serve("--listen", address) as server:
        assert responses(sync(server.web, path, token)) == {}
        welcome = server.web.send_json("POST", "/api/v1/login", {"email": "aino@example.org", "password": "a good long password"})
        async with Peer(server, cookie=welcome.headers["Set-Cookie"].split(";")[0], origin=server.base) as organiser:
            snapshot = await organiser.call("event.watch", event="ev-sem-spring")
            session = next(each for each in snapshot["agenda"]["sessions"] if each["id"] == "s-spr-08")
            await organiser.call("agenda.edit", event="ev-sem-spring", op_id="0a4a0a9e-6a3c-4a43-9d55-3f4d0c8a5b12", ops=[
                {"op": "move", "session": "s-spr-08", "version": session["version"],
                 "starts_at": "2027-05-27T12:20:00+03:00", "ends_at": "2027-05-27T13:10:00+03:00"}])
        changed = wait_until(lambda: responses(sync(server.web, path, token)), 5)
        assert set(changed) == {path + "s-spr-08.ics"}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "MKCOL", "MKCALENDAR", "PROPPATCH", "COPY", "MOVE"])
def test_nobody_can_write(silta, method):
    for path in ("/dav/fi/events/", "/dav/fi/events/ev-sem-spring.ics"):
        answer = dav(silta.web, method, path, "BEGIN:VCALENDAR", If_Match="nothing")
        assert answer.status == 403 and b"need-privileges" in answer.body


def test_bad_bodies_are_refused(silta):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><D:propfind xmlns:D="DAV:"><D:prop><x>&b;</x></D:prop></D:propfind>'
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><D:propfind xmlns:D="DAV:"><D:prop><x>&e;</x></D:prop></D:propfind>'
    deep = '<D:propfind xmlns:D="DAV:">' + "<a>" * 100 + "</a>" * 100 + "</D:propfind>"
    wide = '<D:propfind xmlns:D="DAV:"><D:prop>' + "<a/>" * 20_000 + "</D:prop></D:propfind>"
    for body in (bomb, outside, deep, wide, "<D:propfind", "not xml", '<D:other xmlns:D="DAV:"/>', "\0"):
        answer = dav(silta.web, "PROPFIND", "/dav/fi/events/", body, Depth="0")
        assert answer.status == 400 and "root:" not in answer.text, body[:60]
    for depth in ("infinity", "", "2"):
        answer = dav(silta.web, "PROPFIND", "/dav/", "", **({"Depth": depth} if depth else {}))
        assert answer.status == 403 and b"propfind-finite-depth" in answer.body
    assert dav(silta.web, "REPORT", "/dav/fi/events/", '<D:expand-property xmlns:D="DAV:"/>').status == 403
    assert dav(silta.web, "REPORT", "/dav/fi/events/", "x" * (1024 * 1024 + 1)).status == 413
    for nothing in ("/dav/xx/", "/dav/fi/kind-party/", "/dav/fi/event-ev-trip-a/", "/dav/fi/events/no.ics", "/dav/fi/events/a/b"):
        assert dav(silta.web, "PROPFIND", nothing, Depth="0").status == 404, nothing


def calendar_secret(world, **fields) -> tuple[str, str]:
    slug = world.event("seats-60")
    token = world.register(slug, guest(**fields)).json["token"]
    page = world.web.send_form(f"/fi/registrations/{token}/calendar", {"action": "make"}).text
    return slug, re.search(r"/calendar/personal/([\w-]{43})\.ics<", page)[1]


def test_ones_own_calendar_needs_the_app_password(world):
    slug, secret = calendar_secret(world)
    basic = lambda password: "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()  # noqa: E731

    for authorization in ({}, {"Authorization": basic("A" * 43)}, {"Authorization": "Basic !!!"}, {"Authorization": "Bearer x"}):
        answer = dav(world.web, "PROPFIND", "/dav/me/", Depth="0", **authorization)
        assert answer.status == 401 and answer.headers["WWW-Authenticate"].startswith("Basic ")
    own = propfind(world.web, "/dav/me/calendar/", "<D:getetag/>", depth="1", Authorization=basic(secret))
    assert f"/dav/me/calendar/{slug}.ics" in own
    got = world.web.get(f"/dav/me/calendar/{slug}.ics", Authorization=basic(secret))
    assert "STATUS:CONFIRMED" in got.text and "private" in got.headers["Cache-Control"]


def test_python_caldav_finds_searches_and_syncs(world):
    slug, secret = calendar_secret(world)
    client = caldav.DAVClient(url=f"{world.server.base}/dav/me/", username="me", password=secret)
    [calendar] = client.principal().calendars()
    objects = calendar.objects_by_sync_token(load_objects=True)
    assert any(f"UID:{slug}@" in each.data for each in objects)
    assert list(calendar.objects_by_sync_token(sync_token=objects.sync_token)) == []

    day = calendar.date_search(start=datetime.datetime(2027, 5, 27), end=datetime.datetime(2027, 5, 28), expand=False)
    assert any(f"UID:{slug}@" in each.data for each in day)
    public = caldav.DAVClient(url=f"{world.server.base}/dav/").principal().calendars()
    assert len(public) > 5


def test_vdirsyncer_and_khal_keep_a_copy(world, tmp_path):
    slug, secret = calendar_secret(world)
    (tmp_path / "config").write_text(f"""[general]
status_path = "{tmp_path}/status/"
[pair kutsu]
a = "local"
b = "remote"
collections = ["from b"]
conflict_resolution = "b wins"
[storage local]
type = "filesystem"
path = "{tmp_path}/calendars/"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "{world.server.base}/dav/me/"
username = "me"
password = "{secret}"
read_only = true
""")
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "VDIRSYNCER_CONFIG": str(tmp_path / "config"), "LC_ALL": "C.UTF-8"}
    for command in (["discover"], ["sync"]):
        done = subprocess.run(["vdirsyncer", *command], env=environment, input="y\n" * 9, text=True, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
    files = list((tmp_path / "calendars" / "calendar").glob("*.ics"))
    assert any(slug in file.read_text() for file in files)
    seen = readers.by_icalendar(world.web.get(f"/calendar/personal/{secret}.ics").body)
    assert len(files) == len(seen)
