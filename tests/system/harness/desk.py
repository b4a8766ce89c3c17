"""Somebody who works with the people of events: signed in, with the header that changes need."""

from .live import Peer


SIGNED_IN: dict[tuple, "Organiser"] = {}


class Organiser:
    def __init__(self, server, role: str = "organiser"):
        self.server = server
        self.web = server.web
        self.email = f"{role}@example.org"
        password = "correct horse battery"
        found = server.kutsu.run("user", "list")
        if self.email not in found.stdout:
            server.kutsu.run(
                "user", "add", self.email, "--name", role.capitalize(), "--role", role, "--password-stdin", stdin=password + "\n",
            )
        answer = self.web.send_json("POST", "/api/v1/login", {"email": self.email, "password": password})
        assert answer.status == 200, answer.text
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.csrf = answer.json["csrf_token"]

    @classmethod
    def of(cls, server, role: str = "organiser") -> "Organiser":
        """The same one for all tests of a server: signing in has limits."""
        known = SIGNED_IN.get((id(server), role))
        if known is None:
            known = SIGNED_IN[id(server), role] = cls(server, role)
        return known

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": self.cookie, "X-CSRF-Token": self.csrf}

    def get(self, path: str, **headers: str):
        return self.web.get(path, Cookie=self.cookie, **headers)

    def send(self, method: str, path: str, content, **headers: str):
        return self.web.send_json(method, path, content, Cookie=self.cookie, X_CSRF_Token=self.csrf, **headers)

    def post(self, path: str, fields: dict | list, **headers: str):
        return self.web.send_form(path, fields, Cookie=self.cookie, **headers)

    def people(self, slug: str, query: str = "") -> dict:
        answer = self.get(f"/api/v1/events/{slug}/people{query}")
        assert answer.status == 200, answer.text
        return answer.json

    def peer(self) -> Peer:
        return Peer(self.server, cookie=self.cookie)
