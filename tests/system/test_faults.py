"""kill -9 of the server and of PostgreSQL, a database that is away: nothing that was answered is lost."""

import asyncio
import contextlib
import time

import pytest
from harness.ledger import Ledger
from harness.live import Peer
from harness.postgres import Cluster, private_dsn, rows
from harness.program import DEMO, Kutsu, wait_until
from harness.world import guest

SPRING = "ev-sem-spring"
REGISTER = f"/api/v1/events/{SPRING}/registrations"


def seats_of(server) -> tuple[int, int]:
    seats = server.web.get(f"/api/v1/events/{SPRING}").json["seats"]
    return seats["confirmed"], seats["waitlisted"]


async def test_kill_9_of_the_server_loses_no_answer(installation):
    """On either kind of database; more of this, against the private one, in test_desk_faults.py."""
    installation.load(DEMO / "silta-2.json")
    ledger = Ledger(SPRING)
    server = installation.serve("--rate-registrations-per-address", "0")
    await ledger.burst(server, server.kill, after=60)

    with installation.serve("--rate-registrations-per-address", "0") as healed:
        assert healed.start_seconds < 15
        ledger.come_again(healed.web)
        dsn = installation.database_url or private_dsn(installation.data)
        ledger.compare(lambda *question: rows(dsn, *question), seats=60)
        wait_until(lambda: seats_of(healed) == (min(60, len(ledger.sent)), max(0, len(ledger.sent) - 60)), 3)


def test_an_orphaned_private_cluster_is_taken_over(new_installation):
    if new_installation.kind != "private":
        pytest.skip("about the private cluster")
    kutsu = new_installation()
    kutsu.load(DEMO / "silta-2.json")
    server = kutsu.serve()
    token = server.web.send_json("POST", REGISTER, guest()).json["token"]
    server.kill()

    for _ in range(2):
        with kutsu.serve() as again:
            assert again.web.get(f"/api/v1/registrations/{token}").json["status"] == "confirmed"


def test_while_the_database_is_away_readers_are_served_and_writers_told_to_wait(tmp_path):
    cluster = Cluster()
    try:
        kutsu = Kutsu(tmp_path, cluster.new_database())
        kutsu.load(DEMO / "silta-2.json")
        with kutsu.serve() as server:
            token = server.web.send_json("POST", REGISTER, guest()).json["token"]
            assert server.web.get("/calendar/events.ics").status == 200
            cluster.stop("immediate")

            wait_until(lambda: server.web.get("/readyz").status == 503, 10)
            assert server.web.get("/healthz").status == 200
            for path in ("/fi/", f"/ru/events/{SPRING}", "/calendar/events.ics", f"/calendar/events/{SPRING}.ics", "/api/v1/events"):
                assert server.web.get(path).status == 200, path
            for attempt in range(3):
                began = time.monotonic()
                refused = server.web.send_json("POST", REGISTER, guest())
                assert refused.status == 503, refused.text
                assert int(refused.headers["Retry-After"]) >= 1
                assert time.monotonic() - began < 8, attempt
            by_form = server.web.send_form(f"/fi/events/{SPRING}/registrations", {"name": "A", "email": "a@example.org"})
            assert by_form.status == 503

            cluster.start()
            wait_until(lambda: server.web.get("/readyz").status == 200, 20)
            assert server.web.send_json("POST", REGISTER, guest()).status == 201
            assert server.web.get(f"/api/v1/registrations/{token}").json["status"] == "confirmed"
            wait_until(lambda: seats_of(server) == (2, 0), 5)
    finally:
        cluster.remove()


async def test_two_servers_on_one_database_are_equal(cluster, tmp_path):
    """Seats hold and changes travel across processes."""
    url = cluster.new_database()
    first, second = Kutsu(tmp_path / "first", url), Kutsu(tmp_path / "second", url)
    first.load(DEMO / "silta-2.json")
    options = ("--rate-registrations-per-address", "0", "--base-url", "http://kutsu.example")
    with first.serve(*options) as one, second.serve(*options) as two:
        async with contextlib.AsyncExitStack() as stack:
            guests = [await stack.enter_async_context(Peer(server)) for server in (one, two) * 5]
            right = await stack.enter_async_context(Peer(two))
            version = (await right.call("event.watch", event=SPRING))["version"]
            answers = await asyncio.gather(*(
                guests[number % 10].call("registration.submit", event=SPRING, **guest()) for number in range(100)))
            confirmed = 0
            while confirmed < 60:
                changed = await right.next_notification("event.changed")
                assert changed["version"] == version + 1
                version = changed["version"]
                confirmed = max(
                    [confirmed] + [change.get("confirmed", change.get("seats", {}).get("confirmed", 0))
                                   for change in changed["changes"] if change["kind"] == "seats"])

    assert sum(answer["status"] == "confirmed" for answer in answers) == 60
    assert sorted(answer["position"] for answer in answers if answer["position"]) == list(range(1, 41))
