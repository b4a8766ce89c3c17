"""The installation under test: a data folder with its private PostgreSQL, one server or two on it."""

import contextlib
import pathlib
import signal

import psycopg2
from harness.postgres import postmaster_of, private_dsn
from harness.program import CLOCK, Kutsu, Server, wait_until

from .machine import Watch, pin
from .world import World

# The same for every server: pages and sockets of two processes belong to one site.
SERVE = ("--base-url", "http://bench.example", "--log", "warn")


class Desk:
    def __init__(self, folder: pathlib.Path, world: World, core: int | None):
        self.folder = folder
        self.world = world
        self.core = core
        self.kutsu = Kutsu(folder / "one")
        world.write(folder / "world.json")
        self.kutsu.run("import", str(folder / "world.json"), timeout=600)
        self.server = self._serve(self.kutsu)
        self.second: Server | None = None
        self.postmaster = postmaster_of(self.kutsu.data)
        self.conninfo = private_dsn(self.kutsu.data)
        self.socket_folder = self.conninfo.removeprefix("host=").split()[0]
        self.connection = psycopg2.connect(self.conninfo)
        self.connection.autocommit = True
        self.instant = CLOCK
        self.event_ids = dict(self.rows("select slug, event_id from event"))

    def _serve(self, kutsu: Kutsu) -> Server:
        server = kutsu.serve(*SERVE)
        pin(server.process.pid, self.core)
        return server

    def rows(self, question: str, *parameters) -> list[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(question, parameters)
            return cursor.fetchall()

    def do(self, statement: str, *parameters):
        with self.connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)

    def start_second(self):
        if self.second:
            return
        url = f"postgresql://kutsu@/kutsu?host={self.socket_folder}&port=5432"
        self.second = self._serve(Kutsu(self.folder / "two", url))

    def stop_second(self):
        if self.second:
            self.second.stop()
            self.second = None

    @contextlib.contextmanager
    def standing_still(self):
        """The servers do nothing at all, not even send letters."""
        for server in self.servers:
            server.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for server in self.servers:
                server.process.send_signal(signal.SIGCONT)

    @property
    def servers(self) -> list[Server]:
        return [self.server] + ([self.second] if self.second else [])

    def watch(self) -> Watch:
        return Watch([server.process.pid for server in self.servers], self.postmaster)

    def settle(self, *tables: str):
        """Before each measurement: letters of the last one forgotten, its sockets gone, statistics and pages written."""
        for server in self.servers:
            descriptors = pathlib.Path(f"/proc/{server.process.pid}/fd")
            wait_until(lambda: sum(1 for _ in descriptors.iterdir()) < 200, 30, "the sockets of the last round to close")
        self.do("delete from outbox where state = 'queued'")
        for table in tables or ("registration", "registration_answer", "outbox", "event_counter", "change"):
            self.do(f"vacuum analyze {table}")
        self.do("checkpoint")

    def database_settings(self) -> dict:
        names = ("fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size", "jit", "server_version")
        return {name: self.rows("select current_setting(%s)", name)[0][0] for name in names}

    def stop(self):
        self.stop_second()
        self.connection.close()
        self.server.stop()
