"""kill -9 of the server and of PostgreSQL, a database that is away: nothing that was answered is lost."""

import asyncio
import contextlib
import os
import random
import signal
import time

import pytest
from harness.live import Peer, RpcError
from harness.postgres import Cluster, rows
from harness.program import DEMO, Kutsu, wait_until
from harness.world import guest

SPRING = "ev-sem-spring"
REGISTER = f"/api/v1/events/{SPRING}/registrations"


class Ledger:
    """What was sent, and what was answered (submission id → answer)."""

    def __init__(self):
        self.sent: dict[str, dict] = {}
        self.answered: dict[str, dict] = {}

    async def register_until_it_breaks(self, server, count: int):
        try:
            async with Peer(server) as peer:
                for _ in range(count):
                    person = guest()
                    self.sent[person["submission_id"]] = person
                    answer = await peer.call("registration.submit", event=SPRING, **person)
                    self.answered[person["submission_id"]] = answer
        except (ConnectionError, OSError, asyncio.TimeoutError, RpcError):
            pass
        except Exception as error:  # the handshake may break in many ways
            if "websockets" not in type(error).__module__:
                raise


async def burst(ledger: Ledger, server, fault, sockets: int = 12):
    """Runs registrations and the fault in the middle of them."""
    tasks = [asyncio.create_task(ledger.register_until_it_breaks(server, 200)) for _ in range(sockets)]
    await asyncio.sleep(random.uniform(0.3, 0.8))
    fault()
    await asyncio.sleep(1)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def seats_of(server) -> tuple[int, int]:
    seats = server.web.get(f"/api/v1/events/{SPRING}").json["seats"]
    return seats["confirmed"], seats["waitlisted"]


def judge(ledger: Ledger, server):
    """Every answer stands; asking again gives the same token; unknown outcomes have one true answer."""
    assert ledger.answered, "the fault came before the first answer"
    for submission_id, answer in ledger.answered.items():
        again = server.web.send_json("POST", REGISTER, ledger.sent[submission_id])
        assert again.status == 200, (answer, again.text)
        assert again.json["token"] == answer["token"]
    unknown = set(ledger.sent) - set(ledger.answered)
    for submission_id in unknown:
        first = server.web.send_json("POST", REGISTER, ledger.sent[submission_id])
        second = server.web.send_json("POST", REGISTER, ledger.sent[submission_id])
        assert first.status in (200, 201) and second.status == 200
        assert first.json["token"] == second.json["token"]
    print(f"\n{len(ledger.answered)} answered, {len(unknown)} unknown")

    wait_until(lambda: seats_of(server) == (min(60, len(ledger.sent)), max(0, len(ledger.sent) - 60)), 3)
    if url := server.kutsu.database_url:
        table = rows(
            url, "select submission_id::text, status, position from qa_registration where event_slug = %s order by arrival", SPRING)
        assert {row[0] for row in table} == set(ledger.sent)
        assert [row[1] for row in table] == (["confirmed"] * 60 + ["waitlisted"] * len(table))[: len(table)]
        assert [row[2] for row in table[60:]] == list(range(1, len(table) - 59))
        versions = rows(url, "select event_version from qa_change where event_slug = %s order by 1", SPRING)
        assert [row[0] for row in versions] == list(range(versions[0][0], versions[0][0] + len(versions)))


@pytest.mark.parametrize("round_", range(2))
async def test_kill_9_of_the_server_loses_no_answer(installation, round_):
    installation.load(DEMO / "silta-2.json")
    ledger = Ledger()
    server = installation.serve("--rate-registrations-per-address", "0")
    await burst(ledger, server, server.kill)

    with installation.serve("--rate-registrations-per-address", "0") as healed:
        assert healed.start_seconds < 15
        judge(ledger, healed)


def postmaster_of(kutsu: Kutsu) -> int:
    pid_file = next(path for path in (kutsu.data / "database").glob("postmaster.pid"))
    return int(pid_file.read_text().split()[0])


async def test_kill_9_of_the_private_postgresql_heals_by_itself(new_installation):
    if new_installation.kind != "private":
        pytest.skip("about the private cluster")
    kutsu = new_installation()
    kutsu.load(DEMO / "silta-2.json")
    ledger = Ledger()
    with kutsu.serve("--rate-registrations-per-address", "0") as server:
        first = postmaster_of(kutsu)
        await burst(ledger, server, lambda: os.kill(first, signal.SIGKILL))
        wait_until(lambda: server.web.get("/readyz").status == 200, 30)
        wait_until(lambda: server.web.send_json("POST", REGISTER, ledger_entry(ledger)).status == 201, 30)
        assert postmaster_of(kutsu) != first
        judge(ledger, server)


def ledger_entry(ledger: Ledger) -> dict:
    person = guest()
    ledger.sent = ledger.sent | {person["submission_id"]: person}
    return person


async def test_kill_9_of_a_backend_loses_no_answer(new_installation):
    if new_installation.kind != "url":
        pytest.skip("needs the database's own account of its processes")
    kutsu = new_installation()
    kutsu.load(DEMO / "silta-2.json")
    ledger = Ledger()

    def kill_a_backend():
        database = kutsu.database_url.rsplit("/", 1)[1]
        [(pid,)] = rows(
            kutsu.database_url,
            "select pid from pg_stat_activity where datname = %s and pid <> pg_backend_pid() order by random() limit 1", database)
        rows(kutsu.database_url, "select pg_terminate_backend(%s)", pid)

    with kutsu.serve("--rate-registrations-per-address", "0") as server:
        await burst(ledger, server, kill_a_backend)
        wait_until(lambda: server.web.send_json("POST", REGISTER, ledger_entry(ledger)).status == 201, 30)
        judge(ledger, server)


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
