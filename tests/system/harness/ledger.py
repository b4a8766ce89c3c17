"""What clients sent and were answered, kept on their side, to be compared with the tables afterwards."""

import asyncio

from .live import Peer, RpcError
from .world import guest

TABLE = "select submission_id::text, status, arrival, position from qa_registration where event_slug = %s order by arrival"


class Ledger:
    """`sent`: submission id → person; `answered`: submission id → what the desk said, after its commit."""

    def __init__(self, event: str):
        self.event = event
        self.sent: dict[str, dict] = {}
        self.answered: dict[str, dict] = {}
        self.refused: dict[str, str] = {}  # told to come again; may or may not be in
        self._closing = False

    def person(self) -> dict:
        made = guest()
        self.sent[made["submission_id"]] = made
        return made

    @property
    def unknown(self) -> list[str]:
        return [submission_id for submission_id in self.sent if submission_id not in self.answered]

    async def submit(self, peer: Peer, person: dict, timeout: float = 20):
        number = person["submission_id"]
        try:
            self.answered[number] = await peer.call("registration.submit", timeout, event=self.event, **person)
        except RpcError as error:
            self.refused[number] = error.name
            raise

    async def register_until_it_breaks(self, server, count: int):
        """One guest after the other on one socket, until it breaks or all have come."""
        try:
            async with Peer(server) as peer:
                for _ in range(count):
                    if self._closing:
                        return
                    await self.submit(peer, self.person())
        except (ConnectionError, OSError, asyncio.TimeoutError, RpcError):
            pass
        except Exception as error:  # a handshake may break in many ways
            if "websockets" not in type(error).__module__:
                raise

    async def burst(self, server, fault, *, after: int, sockets: int = 16):
        """Crowds of guests, and the fault as soon as `after` of them have their answer; nobody new comes after it."""
        self._closing = False
        tasks = [asyncio.create_task(self.register_until_it_breaks(server, 1000)) for _ in range(sockets)]
        while len(self.answered) < after and not all(task.done() for task in tasks):
            await asyncio.sleep(0.005)
        assert len(self.answered) >= after, f"the burst ended by itself after {len(self.answered)} answers"
        fault()
        self._closing = True
        await asyncio.wait(tasks, timeout=15)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def come_again(self, web):
        """Whoever has no answer asks again with the same submission id, and then once more."""
        path = f"/api/v1/events/{self.event}/registrations"
        for number in self.unknown:
            first = web.send_json("POST", path, self.sent[number])
            assert first.status in (200, 201), first.text
            second = web.send_json("POST", path, self.sent[number])
            assert second.status == 200 and second.json["token"] == first.json["token"], second.text
            self.answered[number] = first.json

    def compare(self, ask, seats: int):
        """Every answer stands in the tables as it was told, nobody is there twice, arrivals are dense, seats exact.

        `ask`: gives the rows of a question.
        """
        table = {row[0]: row[1:] for row in ask(TABLE, self.event)}
        for number, told in self.answered.items():
            assert number in table, f"{number} was answered and is lost"
            status, _, position = table[number]
            assert (told["status"], told["position"]) == (status, position), number
        assert set(table) <= set(self.sent), "somebody is there who never asked"
        rows = list(table.values())
        assert [row[1] for row in rows] == list(range(1, len(rows) + 1)), "arrivals are not dense"
        assert [row[0] for row in rows] == (["confirmed"] * seats + ["waitlisted"] * len(rows))[: len(rows)]
        versions = [row[0] for row in ask("select event_version from qa_change where event_slug = %s order by 1", self.event)]
        assert versions == list(range(versions[0], versions[0] + len(versions))), "versions have a gap"
        letters = ask("select count(*) from outbox o join event e using (event_id) where e.slug = %s", self.event)[0][0]
        assert letters == len(rows), "one letter each"
        assert len({told["token"] for told in self.answered.values()}) == len(self.answered), "two people have one link"
