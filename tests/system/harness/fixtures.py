"""Fixtures. Everything that asks for `installation` or a server runs twice: on the private cluster and on a URL."""

import asyncio
import inspect
import itertools
import pathlib

import pytest

from .postbox import Postbox
from .postgres import Cluster
from .program import DEMO, Kutsu, wait_until
from .world import build_world


def pytest_make_parametrize_id(val):
    """Short names for long texts."""
    return f"{val[:40]!r}…" if isinstance(val, str) and len(val) > 40 else None


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Tests may be coroutines."""
    if inspect.iscoroutinefunction(pyfuncitem.obj):
        names = pyfuncitem._fixtureinfo.argnames
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True
    return None


@pytest.fixture(scope="session")
def cluster():
    made = Cluster()
    yield made
    made.remove()


@pytest.fixture(scope="session", params=["private", "url"])
def new_installation(request, tmp_path_factory):
    """Makes empty installations, all with the same kind of database."""
    numbers = itertools.count(1)

    def make(**options) -> Kutsu:
        data: pathlib.Path = tmp_path_factory.mktemp(f"{request.param}-{next(numbers)}")
        url = request.getfixturevalue("cluster").new_database() if request.param == "url" else None
        return Kutsu(data, url, **options)

    make.kind = request.param
    return make


@pytest.fixture
def installation(new_installation):
    return new_installation()


@pytest.fixture(scope="session")
def silta(new_installation):
    """A server with the two demonstration projects as they are."""
    kutsu = new_installation()
    kutsu.load(DEMO / "silta-1.json", DEMO / "silta-2.json")
    with kutsu.serve() as server:
        yield server


class World:
    """A server with many open events; `event(kind)` gives one that no other test has touched."""

    def __init__(self, server, slugs: dict[str, list[str]]):
        self.server = server
        self.web = server.web
        self.database_url = server.kutsu.database_url
        self._slugs = slugs

    def event(self, kind: str) -> str:
        assert self._slugs[kind], f"the pool of {kind} is empty: raise its number in world.py"
        return self._slugs[kind].pop(0)

    def register(self, slug: str, person: dict, **headers: str):
        return self.web.send_json("POST", f"/api/v1/events/{slug}/registrations", person, **headers)

    def seats_become(self, slug: str, **expected: int):
        """Public reads follow the change log: within a moment, not within the answer."""
        wait_until(lambda: self._seats(slug) == self._seats(slug) | expected, 3, f"{expected}, not {self._seats(slug)}")

    def _seats(self, slug: str) -> dict:
        return self.web.get(f"/api/v1/events/{slug}").json["seats"]


@pytest.fixture(scope="session")
def world(new_installation):
    kutsu = new_installation()
    slugs = build_world(kutsu.data / "world.json")
    kutsu.load(kutsu.data / "world.json")
    with kutsu.serve("--rate-registrations-per-address", "0") as server:
        yield World(server, slugs)


@pytest.fixture(scope="module")
def postbox():
    with Postbox() as made:
        yield made


@pytest.fixture(scope="module")
def office(new_installation, postbox):
    """A server that mails to the postbox; its events as in World."""
    kutsu = new_installation()
    slugs = build_world(kutsu.data / "world.json")
    kutsu.load(kutsu.data / "world.json")
    with kutsu.serve("--smtp-url", postbox.url, "--mail-from", "kutsu@example.org") as server:
        yield World(server, slugs)
