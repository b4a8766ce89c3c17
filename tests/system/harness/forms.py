"""Forms of one's own for events of the pool, and posts with files in them."""

import uuid

from .desk import Organiser
from .postgres import private_dsn
from .world import guest


def words(text: str) -> dict:
    return {"fi": text, "en": text, "ru": text}


def question(key: str, kind: str, **members) -> dict:
    return {"key": key, "type": kind, "label": words(f"{key}?"), **members}


def options(*values: str) -> list[dict]:
    return [{"value": value, "label": words(value)} for value in values]


ORGANISERS: dict[tuple, Organiser] = {}


def somebody(server, role: str = "organiser") -> Organiser:
    """Signed in once a server: signing in has limits."""
    key = (id(server), role)
    if key not in ORGANISERS:
        ORGANISERS[key] = Organiser(server, role)
    return ORGANISERS[key]


def database_of(world) -> str:
    return world.database_url or private_dsn(world.server.kutsu.data)


class Form:
    """An event of the pool with a form of one's own."""

    def __init__(self, world, *questions: dict, **settings):
        self.world = world
        self.slug = world.event("seats-60")
        self.organiser = somebody(world.server)
        self.put(questions=list(questions), **settings)

    @property
    def path(self) -> str:
        return f"/api/v1/events/{self.slug}/form"

    def get(self) -> dict:
        return self.organiser.get(self.path).json

    def put(self, **members):
        answer = self.organiser.send("PUT", self.path, {"version": self.get()["version"], **members})
        assert answer.status == 200, answer.text
        return answer.json

    def refused(self, **members) -> dict[str, str]:
        answer = self.organiser.send("PUT", self.path, {"version": self.get()["version"], **members})
        return {each["field"]: each["detail"] for each in answer.problem("validation")["errors"]}

    def upload(self, content: bytes = b"%PDF-1.7\nhello", name: str = "cv.pdf"):
        return self.world.web.ask("POST", f"/api/v1/events/{self.slug}/files?name={name}", content)

    def register(self, **fields) -> dict:
        answer = self.world.register(self.slug, guest(**fields))
        assert answer.status == 201, answer.text
        return answer.json

    def answers(self, token: str) -> dict:
        return self.world.web.get(f"/api/v1/registrations/{token}").json["answers"]


def multipart(fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields]
    for name, file, content in files:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n' "Content-Type: text/html\r\n\r\n"
        parts.append(head.encode() + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def post_form(world, path: str, fields: list[tuple[str, str]], files: list[tuple[str, str, bytes]]):
    body, kind = multipart(fields, files)
    return world.web.ask("POST", path, body, {"Content-Type": kind})
