"""A PostgreSQL of the tests' own, for --database-url: made with initdb, run by an unprivileged account."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

import psycopg2

PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))[-1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="kutsu-test-pg-"))
        self.port = free_port()
        self.account = {}
        if os.geteuid() == 0:
            postgres = pwd.getpwnam("postgres")
            os.chown(self.folder, postgres.pw_uid, postgres.pw_gid)
            self.account = {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}
        self._call("initdb", "-D", str(self.folder / "data"), "-U", "kutsu", "-A", "trust", "-E", "UTF8", "--locale=C")
        self.start()
        self._made = 0

    def _call(self, program: str, *arguments: str):
        subprocess.run(
            [PROGRAMS / program, *arguments], check=True, cwd=self.folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, **self.account,
        )

    def start(self):
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", options, "start")

    def stop(self, mode: str = "fast"):
        self._call("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", mode, "stop")

    def url(self, database: str) -> str:
        return f"postgresql://kutsu@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """The URL of a fresh, empty database."""
        self._made += 1
        name = f"kutsu_{self._made}"
        connection = psycopg2.connect(self.url("postgres"))
        connection.autocommit = True
        connection.cursor().execute(f"create database {name}")
        connection.close()
        return self.url(name)

    def remove(self):
        try:
            self.stop("immediate")
        except subprocess.CalledProcessError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)


def rows(url: str, question: str, *parameters) -> list[tuple]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(question, parameters)
            return cursor.fetchall()
    finally:
        connection.close()


def private_dsn(data: pathlib.Path) -> str:
    """The private cluster of a data folder, by line 5 of PostgreSQL's lock file: the folder of its socket."""
    folder = (data / "database/postmaster.pid").read_text().splitlines()[4]
    return f"host={folder} port=5432 user=kutsu dbname=kutsu"


def process_tree(postmaster: int) -> list[int]:
    """A postmaster and its backends."""
    children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    return [postmaster, *map(int, children)]


def postmaster_of(data: pathlib.Path) -> int:
    return int((data / "database/postmaster.pid").read_text().split()[0])
