"""A real SMTP server that keeps what it gets."""

import email
import email.policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from .postgres import free_port
from .program import wait_until


class Postbox:
    """`refuse`: replies such as "451 later", given to the next deliveries, one each."""

    def __init__(self, port: int | None = None):
        self.port = port or free_port()
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuse: list[str] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd's name)
        if self.refuse:
            return self.refuse.pop(0)
        self.letters.append(email.message_from_bytes(envelope.original_content, policy=email.policy.default))
        self.recipients.append(envelope.rcpt_tos)
        return "250 kept"

    def __enter__(self) -> "Postbox":
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [letter for letter, to in zip(self.letters, self.recipients) if address in to]

    def wait_for(self, address: str, count: int = 1, seconds: float = 20) -> list[EmailMessage]:
        wait_until(lambda: len(self.letters_to(address)) >= count, seconds, f"{count} letters to {address}")
        return self.letters_to(address)


def words_of(letter) -> str:
    return letter.get_body(("plain",)).get_content()


def letter_of_kind(postbox, address: str, kind: str):
    def found():
        return [one for one in postbox.letters_to(address) if one["X-Dedupe-Key"].startswith(kind)]

    wait_until(lambda: found(), 20, f"{kind} to {address}")
    return found()[0]
