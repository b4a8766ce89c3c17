"""A plain HTTP client, and raw bytes for what no client would send."""

import dataclasses
import email.message
import http.client
import json
import socket
import urllib.parse


@dataclasses.dataclass
class Answer:
    status: int
    headers: email.message.Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def json(self):
        return json.loads(self.body)

    def problem(self, name: str) -> dict:
        """The RFC 9457 object, of this name."""
        assert self.headers.get_content_type() == "application/problem+json", self.text
        assert self.json["type"] == f"/problems/{name}", self.json
        assert self.json["title"] and self.json["detail"], self.json
        return self.json


class Web:
    def __init__(self, port: int):
        self.port = port

    def ask(self, method: str, path: str, body: bytes | str | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, path, body=data, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def send_json(self, method: str, path: str, content, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(method, path, json.dumps(content), {"Content-Type": "application/json"} | named)

    def send_form(self, path: str, fields: dict | list, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(
            "POST", path, urllib.parse.urlencode(fields),
            {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"} | named,
        )

    def raw(self, request: bytes, timeout: float = 15) -> bytes:
        """Sends bytes and reads until the server closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as plain:
            try:
                plain.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                pass
            received = b""
            try:
                while part := plain.recv(65536):
                    received += part
            except (ConnectionResetError, socket.timeout):
                pass
            return received
