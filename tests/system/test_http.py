"""Guards of HTTP, the API's lists and what operators read (contract, sections 7 to 9)."""

import json
import re
import socket
import time

import pytest
from harness.world import guest

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


def status_of(raw: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", raw)
    assert found, raw[:200]
    return int(found[1])


def test_a_header_block_over_16_kib_is_431(world):
    assert world.web.get("/healthz", X_Pad="x" * 15 * 1024).status == 200
    for pad in (b"X-Pad: " + b"x" * 17 * 1024 + b"\r\n", b"".join(b"X-%d: y\r\n" % number for number in range(3000))):
        assert status_of(world.web.raw(GET + pad + b"\r\n")) == 431
    assert status_of(world.web.raw(b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")) in (414, 431)


def test_a_body_over_1_mib_is_413(world):
    path = "/api/v1/events/ev-sem-spring/registrations"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()

    announced = world.web.raw(head + b"Content-Length: 1048577\r\n\r\n{")
    chunked = world.web.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 17)

    assert status_of(announced) == 413
    assert status_of(chunked) in (413, 411, 501)


@pytest.mark.parametrize(
    "lines",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"Content-Length: +4\r\n\r\nabcd", b"Content-Length: 4x\r\n\r\nabcd", b"Content-Length: -1\r\n\r\n",
        b"Transfer-Encoding: gzip\r\n\r\n", b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        b"X-Nul: a\x00b\r\n\r\n", b"X-A: b\r\n folded\r\n\r\n", b"No colon\r\n\r\n", b"Host: two\r\n\r\n",
    ],
)
def test_requests_that_two_parsers_could_read_differently_are_400_and_end_the_connection(world, lines):
    follow_up = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"

    answer = world.web.raw(b"POST /fi/ HTTP/1.1\r\nHost: localhost\r\n" + lines + follow_up)

    assert status_of(answer) in (400, 411, 501), answer[:300]
    assert answer.count(b"HTTP/1.1 ") == 1, "the connection is closed, nothing after it is read"


def test_http_1_1_needs_a_host_and_the_request_line_is_strict(world):
    for request in (
        b"GET / HTTP/1.1\r\n\r\n", b"GET /\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"GET",
    ):
        answer = world.web.raw(request, timeout=12)
        assert not answer or status_of(answer) in (400, 408, 505), (request, answer[:100])


def test_a_request_that_dawdles_is_408(new_installation):
    with new_installation().serve("--http-header-timeout", "500ms", "--http-body-timeout", "500ms") as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as slow:
            slow.sendall(GET)
            began = time.monotonic()
            answer = slow.recv(1000)
        assert status_of(answer) == 408 and time.monotonic() - began < 5
        late = server.web.raw(b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
        assert status_of(late) == 408


def test_pipelined_and_kept_connections(world):
    answer = world.web.raw(GET + b"\r\n" + GET + b"\r\n" + GET + b"Connection: close\r\n\r\n")

    assert answer.count(b"HTTP/1.1 200") == 3


def test_head_has_the_headers_and_no_body(silta):
    for path in ("/fi/", "/calendar/events.ics", "/api/v1/events"):
        full, head = silta.web.get(path), silta.web.ask("HEAD", path)
        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Type"] == full.headers["Content-Type"]


def test_a_wrong_method_is_405_with_allow(silta):
    answer = silta.web.ask("DELETE", "/fi/")

    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/../etc/passwd", "/%2e%2e/etc/passwd", "/static/../../x", "/fi/%00", "/fi/%ff", "/%", "//", "/fi//"])
def test_odd_paths_are_refused_quietly(silta, path):
    raw = silta.web.raw(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())

    assert status_of(raw) in (301, 303, 308, 400, 404)


def test_alive_ready_and_metrics(world):
    assert world.web.get("/healthz").status == 200
    assert world.web.get("/readyz").status == 200
    world.register(world.event("seats-2"), guest())
    world.web.get("/calendar/events.ics")

    text = world.web.get("/metrics").text

    for name in (
        r'kutsu_registrations_total\{status="confirmed"\} [1-9]', r"kutsu_commit_batch_size_(bucket|count)", r"kutsu_desk_queue ",
        r"kutsu_watchers ", r"kutsu_exceptions_total 0", r"kutsu_http_requests_total\{[^}]*route=[^}]*status=", r"kutsu_feed_age_seconds",
        r"_seconds_bucket\{[^}]*le=",
    ):
        assert re.search(rf"^\w*{name}", text, re.M) or re.search(name, text), name
    assert "ev-seats" not in text, "labels have few values"


def test_the_api_lists_events_page_by_page(silta):
    first = silta.web.get("/api/v1/events?limit=2").json
    items = list(first["items"])
    while cursor := first["next"]:
        first = silta.web.get(f"/api/v1/events?limit=2&cursor={cursor}").json
        items += first["items"]

    slugs = [item["slug"] for item in items]
    assert len(slugs) == len(set(slugs)) and "ev-sem-spring" in slugs and "ev-trip-a" not in slugs
    spring = items[slugs.index("ev-sem-spring")]
    assert spring == spring | {
        "id": "ev-sem-spring", "kind": "seminar", "starts_at": "2027-05-27T08:30:00+03:00", "ends_at": "2027-05-27T14:45:00+03:00",
        "time_zone": "Europe/Helsinki",
    }
    assert spring["city"].lower() == "joensuu"
    assert set(spring["title"]) == {"fi", "en", "ru"}
    assert spring["seats"]["capacity"] == 60
    for query in ("limit=0", "limit=101", "limit=x", "cursor=nonsense"):
        assert silta.web.get(f"/api/v1/events?{query}").status in (200, 400, 422), query


def test_one_event_and_its_agenda(silta):
    event = silta.web.get("/api/v1/events/ev-sem-spring").json
    agenda = silta.web.get("/api/v1/events/ev-sem-spring/agenda").json

    assert event["slug"] == "ev-sem-spring"
    assert agenda["version"] >= 1 and len(agenda["sessions"]) == 10
    session = agenda["sessions"][0]
    assert {"id", "version", "kind", "title", "starts_at", "ends_at", "time_zone", "room", "speakers", "language", "interpretation", "status"} <= set(session)
    silta.web.get("/api/v1/events/nothing").problem("not-found")
    silta.web.get("/api/v1/events/ev-trip-a").problem("not-found")
    silta.web.get("/api/v1/nothing").problem("not-found")


def test_the_api_documents_itself(silta):
    openapi = json.loads(silta.web.get("/api/v1/openapi.json").body)
    asyncapi = json.loads(silta.web.get("/api/v1/asyncapi.json").body)

    assert openapi["openapi"].startswith("3.1")
    assert asyncapi["asyncapi"].startswith("3.")
    assert any("registrations" in path for path in openapi["paths"])


def test_a_foreign_page_cannot_post_our_form(world):
    slug = world.event("seats-2")
    fields = {"name": "A", "email": "a@example.org", "answers.company": "false"}

    answer = world.web.send_form(
        f"/fi/events/{slug}/registrations", fields, Origin="https://evil.example", Sec_Fetch_Site="cross-site")

    assert answer.status in (303, 403)


def test_too_many_registrations_with_one_address_are_told_to_wait(new_installation):
    from harness.program import DEMO

    kutsu = new_installation()
    kutsu.load(DEMO / "silta-2.json")
    with kutsu.serve("--rate-registrations-per-email", "2") as server:
        answers = [
            server.web.send_json("POST", "/api/v1/events/ev-sem-spring/registrations", guest(email="same@example.org"))
            for _ in range(6)
        ]

    limited = [answer for answer in answers if answer.status == 429]
    assert limited, [answer.status for answer in answers]
    assert int(limited[0].headers["Retry-After"]) >= 1
    assert limited[0].problem("too-many-requests")["retry_after_ms"] > 0
