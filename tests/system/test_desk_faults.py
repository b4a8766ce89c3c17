"""Faults of every kind while people register: nothing that was acknowledged is lost, nobody is registered twice."""

import contextlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time

import pytest
from harness.ledger import Ledger
from harness.postgres import Cluster, postmaster_of, private_dsn, process_tree, rows
from harness.program import DEMO, Kutsu, wait_until
from harness.world import build_world, guest

SPRING = "ev-sem-spring"
SEATS = 60
REGISTER = f"/api/v1/events/{SPRING}/registrations"
SERVE = ("--rate-registrations-per-address", "0")


def ask_private(kutsu: Kutsu):
    return lambda question, *parameters: rows(private_dsn(kutsu.data), question, *parameters)


@pytest.fixture
def private(tmp_path) -> Kutsu:
    """An installation with its own PostgreSQL and the demonstration."""
    kutsu = Kutsu(tmp_path / "kutsu")
    kutsu.load(DEMO / "silta-2.json")
    return kutsu


def is_ready(server) -> bool:
    return server.web.get("/readyz").status == 200


# ── Somebody is killed ──────────────────────────────────────────────────────────────────────────────────────


async def test_kill_9_of_the_server_mid_burst(private):
    ledger = Ledger(SPRING)
    for _ in range(3):  # again and again: each time a crowd, each time at another moment
        server = private.serve(*SERVE)
        await ledger.burst(server, server.kill, after=len(ledger.answered) + random.randint(40, 160))
    with private.serve(*SERVE) as healed:
        ledger.compare(ask_private(private), SEATS)
        ledger.come_again(healed.web)
        ledger.compare(ask_private(private), SEATS)
        assert len(ledger.answered) == len(ledger.sent)


async def test_kill_9_of_postgresql_and_all_its_backends_mid_burst(private):
    ledger = Ledger(SPRING)
    with private.serve(*SERVE) as server:
        for _ in range(2):
            first = postmaster_of(private.data)

            def kill_everything(tree=process_tree(first)):
                for process in tree:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)

            await ledger.burst(server, kill_everything, after=len(ledger.answered) + random.randint(40, 160))
            wait_until(lambda: postmaster_of(private.data) != first and is_ready(server), 30)
            wait_until(lambda: server.web.send_json("POST", REGISTER, ledger.person()).status == 201, 30)
        ledger.compare(ask_private(private), SEATS)
        ledger.come_again(server.web)
        ledger.compare(ask_private(private), SEATS)


async def test_kill_9_of_the_lanes_backends_mid_burst(private):
    """Only connections are lost; what was under way is asked again, and the socket of the guest stays open."""
    ledger = Ledger(SPRING)
    with private.serve(*SERVE) as server:
        def cut_all_sessions():
            ask_private(private)(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'kutsu' and pid <> pg_backend_pid()")

        await ledger.burst(server, cut_all_sessions, after=100)
        wait_until(lambda: server.web.send_json("POST", REGISTER, ledger.person()).status == 201, 30)
        ledger.come_again(server.web)
        ledger.compare(ask_private(private), SEATS)


# ── The database is away ────────────────────────────────────────────────────────────────────────────────────

AWAY_SECONDS = 30


def pages_are_alive(server):
    for path in ("/fi/", f"/ru/events/{SPRING}", f"/calendar/events/{SPRING}.ics", "/api/v1/events", "/healthz"):
        assert server.web.get(path).status == 200, path


def writes_are_told_to_wait(server, person: dict, within: float):
    began = time.monotonic()
    refused = server.web.send_json("POST", REGISTER, person)
    assert refused.status == 503, refused.text
    assert int(refused.headers["Retry-After"]) >= 1
    assert time.monotonic() - began < within


async def test_the_database_is_away_for_thirty_seconds_in_the_middle_of_a_burst(tmp_path):
    cluster = Cluster()
    try:
        kutsu = Kutsu(tmp_path, cluster.new_database())
        kutsu.load(DEMO / "silta-2.json")
        ledger = Ledger(SPRING)
        with kutsu.serve(*SERVE) as server:
            pages_are_alive(server)  # feeds are made when they are first asked for
            began = time.monotonic()
            await ledger.burst(server, lambda: cluster.stop("immediate"), after=80)
            wait_until(lambda: server.web.get("/readyz").status == 503, 10)
            stubborn = ledger.person()
            while time.monotonic() - began < AWAY_SECONDS:
                pages_are_alive(server)
                writes_are_told_to_wait(server, stubborn, within=12)

            cluster.start()
            wait_until(lambda: is_ready(server), 20)
            wait_until(lambda: server.web.send_json("POST", REGISTER, ledger.person()).status == 201, 20)
            ledger.come_again(server.web)
            ledger.compare(lambda *question: rows(kutsu.database_url, *question), SEATS)
    finally:
        cluster.remove()


async def test_the_database_stands_still(private):
    """Frozen, not dead: connections stay open and nothing answers. Nobody waits for ever, and it heals."""
    ledger = Ledger(SPRING)
    with private.serve(*SERVE) as server:
        pages_are_alive(server)
        frozen = process_tree(postmaster_of(private.data))
        try:
            await ledger.burst(server, lambda: [os.kill(process, signal.SIGSTOP) for process in frozen], after=80)
            pages_are_alive(server)
            writes_are_told_to_wait(server, ledger.person(), within=15)
        finally:
            for process in reversed(frozen):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)
        wait_until(lambda: is_ready(server), 30)
        wait_until(lambda: server.web.send_json("POST", REGISTER, ledger.person()).status == 201, 30)
        ledger.come_again(server.web)
        ledger.compare(ask_private(private), SEATS)


# ── The disk is full ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk():
    """A file system of its own of 200 MB, where the machine allows to mount one."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kutsu-disk-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=755", "tmpfs", folder], capture_output=True, text=True)
    if mounted.returncode != 0:
        folder.rmdir()
        pytest.skip(f"this machine lets us mount nothing: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)
    folder.rmdir()


def fill(folder: pathlib.Path) -> pathlib.Path:
    """Leaves no byte."""
    ballast = folder / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(65536))
    return ballast


async def test_a_full_disk_for_the_write_ahead_log(small_disk):
    """PostgreSQL gives up when its log cannot grow. Guests are told to wait, and no answer is lost once there is room."""
    kutsu = Kutsu(small_disk / "kutsu")
    kutsu.load(DEMO / "silta-2.json")
    assert shutil.disk_usage((kutsu.data / "database").resolve()).total < 300 << 20, "the cluster lies on another disk"
    ledger = Ledger(SPRING)
    with kutsu.serve(*SERVE) as server:
        pages_are_alive(server)
        ballast: list[pathlib.Path] = []
        await ledger.burst(server, lambda: ballast.append(fill(small_disk)), after=80)

        def use_up_the_log():
            """Segments that were made in advance, until the next one does not fit."""
            ask_private(kutsu)("select pg_switch_wal(), pg_logical_emit_message(true, 'fault', repeat('x', 1000000))")
            return False

        with contextlib.suppress(Exception):
            for _ in range(50):
                use_up_the_log()
        wait_until(lambda: server.web.send_json("POST", REGISTER, ledger.person()).status == 503, 20)
        pages_are_alive(server)

        ballast[0].unlink()
        wait_until(lambda: is_ready(server), 30)
        wait_until(lambda: server.web.send_json("POST", REGISTER, ledger.person()).status == 201, 20)
        ledger.come_again(server.web)
        ledger.compare(ask_private(kutsu), SEATS)


# ── The clock jumps ─────────────────────────────────────────────────────────────────────────────────────────

BEFORE_OPENING, OPEN, LATER, CLOSED = (
    "2027-04-01T06:00:00Z", "2027-05-03T06:00:00Z", "2027-05-10T06:00:00Z", "2027-05-25T06:00:00Z")


def test_the_clock_jumps_forward_and_back(tmp_path):
    """Order and versions do not follow the clock; repeating an old submission is not registering."""
    ledger = Ledger(SPRING)
    Kutsu(tmp_path / "kutsu").load(DEMO / "silta-2.json")
    asked = []
    for clock, status in ((OPEN, 201), (CLOSED, 409), (LATER, 201), (BEFORE_OPENING, 409), (OPEN, 201)):
        kutsu = Kutsu(tmp_path / "kutsu", clock=clock)
        with kutsu.serve(*SERVE) as server:
            for person, token in asked:
                again = server.web.send_json("POST", REGISTER, person)
                assert again.status == 200 and again.json["token"] == token, (clock, again.text)
            for _ in range(5):
                person = ledger.person()
                answer = server.web.send_json("POST", REGISTER, person)
                assert (answer.status == 201) == (status == 201), (clock, answer.text)
                if status == 201:
                    ledger.answered[person["submission_id"]] = answer.json
                    asked.append((person, answer.json["token"]))
                else:
                    answer.problem("closed" if clock == CLOSED else "not-open-yet")
            ledger.compare(ask_private(kutsu), SEATS)


def test_an_offer_that_ended_does_not_revive_when_the_clock_goes_back(tmp_path):
    build_world(tmp_path / "world.json")
    Kutsu(tmp_path / "kutsu").load(tmp_path / "world.json")
    event = "ev-seats-2-1"
    register = f"/api/v1/events/{event}/registrations"

    def told(server, token: str) -> dict:
        return server.web.get(f"/api/v1/registrations/{token}").json

    with Kutsu(tmp_path / "kutsu", clock=OPEN).serve(*SERVE) as server:
        tokens = [server.web.send_json("POST", register, guest()).json["token"] for _ in range(4)]
        assert server.web.ask("DELETE", f"/api/v1/registrations/{tokens[0]}").status == 200
        assert told(server, tokens[2])["status"] == "offered"
    with Kutsu(tmp_path / "kutsu", clock=LATER).serve(*SERVE) as server:  # a week on: the offer has passed on, and ended, too
        wait_until(lambda: told(server, tokens[2])["status"] == "declined", 10)
        assert told(server, tokens[3])["status"] in ("offered", "confirmed")
    with Kutsu(tmp_path / "kutsu", clock=OPEN).serve(*SERVE) as server:
        assert told(server, tokens[2])["status"] == "declined"
        refused = server.web.send_json("POST", f"/api/v1/registrations/{tokens[2]}/accept", {})
        assert refused.status in (404, 405, 409)
        assert told(server, tokens[2])["status"] == "declined"
        taken = rows(
            private_dsn(tmp_path / "kutsu"), "select taken, confirmed from event_counter c join event e using (event_id) where slug = %s", event)
        assert taken[0][0] <= 2
