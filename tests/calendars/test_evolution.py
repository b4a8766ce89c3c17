"""GNOME's calendar server lives through the changes of a programme, as a subscriber of the feed and over CalDAV."""

import contextlib
import json
import os
import pathlib
import select
import signal
import subprocess
import uuid

import pytest
import readers
from harness.live import Peer
from harness.program import DEMO

HERE = pathlib.Path(__file__).parent
EVENT = "ev-sem-spring"


class Evolution:
    """A subscriber in a home and a session bus of its own."""

    def __init__(self, home: pathlib.Path, backend: str, address: str):
        home.chmod(0o700)
        environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "GIO_USE_VFS": "local", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
        self._process = subprocess.Popen(
            ["dbus-run-session", "--", "/usr/bin/python3", HERE / "eds.py", backend, address],
            env=environment, start_new_session=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def look(self, refresh: bool) -> dict[str, list]:
        self._process.stdin.write(b"refresh\n" if refresh else b"\n")
        self._process.stdin.flush()
        assert select.select([self._process.stdout], [], [], 60)[0], "no answer"
        return json.loads(self._process.stdout.readline())

    def becomes(self, ready, looks: int = 100) -> dict[str, list]:
        """Refreshing is only begun by asking for it, and begun anew by asking again: look until what came satisfies."""
        for number in range(looks):
            held = self.look(refresh=number % 20 == 0)
            if ready(held):
                return held
            select.select([], [], [], 0.25)
        raise AssertionError(held)

    def close(self):
        os.killpg(self._process.pid, signal.SIGTERM)  # the bus and what it started
        self._process.communicate(timeout=30)


def instants(held: dict[str, list]) -> dict[str, tuple]:
    return {uid: (entry[0], entry[1], entry[2]) for uid, entry in held.items()}


@pytest.mark.parametrize("backend, path", [("webcal", f"/calendar/events/{EVENT}.ics?lang=en"), ("caldav", f"/dav/en/event-{EVENT}/")])
async def test_it_follows_what_was_moved_renamed_and_taken_out(request, installation, tmp_path, backend, path):
    if request.getfixturevalue("new_installation").kind == "url":
        pytest.skip("the same calendars, whichever the database")
    installation.load(DEMO / "silta-2.json")
    installation.run("user", "add", "aino@example.org", "--name", "Aino", "--role", "organiser", "--password-stdin", stdin="a good long password\n")
    with installation.serve() as server, contextlib.closing(Evolution(tmp_path, backend, server.base + path)) as evolution:
        feed = readers.by_icalendar(server.web.get(f"/calendar/events/{EVENT}.ics?lang=en").body)
        first = evolution.becomes(lambda held: len(held) == len(feed))
        assert instants(first) == {uid: (seen.starts.isoformat(), seen.ends.isoformat(), seen.summary) for uid, seen in feed.items()}
        uid = next(each for each in feed if each.startswith("s-spr-08@"))

        welcome = server.web.send_json("POST", "/api/v1/login", {"email": "aino@example.org", "password": "a good long password"})
        async with Peer(server, cookie=welcome.headers["Set-Cookie"].split(";")[0], origin=server.base) as organiser:
            async def edit(**change):
                snapshot = await organiser.call("event.watch", event=EVENT)
                session = next(each for each in snapshot["agenda"]["sessions"] if each["id"] == "s-spr-08")
                await organiser.call("agenda.edit", event=EVENT, op_id=str(uuid.uuid4()),
                                     ops=[{"session": "s-spr-08", "version": session["version"]} | change])

            await edit(op="move", starts_at="2027-05-27T12:20:00+03:00", ends_at="2027-05-27T13:10:00+03:00")
            moved = evolution.becomes(lambda held: held[uid][0] == "2027-05-27T09:20:00+00:00")
            assert moved[uid][1] == "2027-05-27T10:10:00+00:00" and {**moved, uid: first[uid]} == first

            await edit(op="change", title={"fi": "Pitkä lounas", "en": "A long lunch", "ru": "Долгий обед"})
            evolution.becomes(lambda held: held[uid][2] == "A long lunch")

            await edit(op="remove")
            gone = evolution.becomes(lambda held: uid not in held or held[uid][3] == "cancelled")
            assert {key: value for key, value in gone.items() if key != uid} == {key: value for key, value in first.items() if key != uid}
