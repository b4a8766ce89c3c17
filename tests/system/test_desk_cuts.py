"""Guests whose connections break, who do not read, or who talk nonsense, among guests who do it right."""

import asyncio
import json
import random

import pytest
from harness.ledger import Ledger
from harness.live import Peer
from harness.postgres import private_dsn, rows
from harness.program import Kutsu
from harness.raw_socket import RawSocket, frame, submission
from harness.world import build_world, guest

SEATS = 60
SERVE = ("--rate-registrations-per-address", "0")


@pytest.fixture(scope="module")
def cuttable(tmp_path_factory):
    """One server for all cuts, with an event for each."""
    kutsu = Kutsu(tmp_path_factory.mktemp("cuts") / "kutsu")
    slugs = build_world(tmp_path_factory.getbasetemp() / "cuts.json")
    kutsu.load(tmp_path_factory.getbasetemp() / "cuts.json")
    with kutsu.serve(*SERVE) as server:
        server.slugs = slugs["seats-60"]
        yield server


def rows_of(server, submission_id: str) -> int:
    return len(rows(private_dsn(server.kutsu.data), "select from qa_registration where submission_id = %s", submission_id))


def cut_at(point: str, socket: RawSocket, message: bytes):
    if point == "after connect":
        return
    if point == "mid-handshake":
        socket.socket.sendall(socket.handshake[:70])
        return
    socket.upgrade()
    whole = frame(message)
    if point == "mid-header":
        socket.socket.sendall(whole[:3])
    elif point == "mid-frame":
        socket.socket.sendall(whole[: len(whole) // 2])
    elif point == "last byte missing":
        socket.socket.sendall(whole[:-1])
    elif point in ("before the answer", "after the answer"):
        socket.socket.sendall(whole)
        if point == "after the answer":
            assert socket.read_answer()["result"]["token"]


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("point, may_be_in", [
    ("after connect", False), ("mid-handshake", False), ("after upgrade", False), ("mid-header", False), ("mid-frame", False),
    ("last byte missing", False), ("before the answer", True), ("after the answer", True)])
def test_a_cut_socket_and_the_same_submission_again(cuttable, point, may_be_in, reset):
    event, person = cuttable.slugs[0], guest()
    first = RawSocket(cuttable.port)
    cut_at(point, first, submission(event, person))
    first.close(reset=reset)

    again = RawSocket(cuttable.port).upgrade()
    again.socket.sendall(frame(submission(event, person)))
    answer = again.read_answer()["result"]
    again.socket.sendall(frame(submission(event, person, 2)))
    assert again.read_answer()["result"]["token"] == answer["token"]
    again.close()

    by_http = cuttable.web.send_json("POST", f"/api/v1/events/{event}/registrations", person)
    assert by_http.status == 200 and by_http.json["token"] == answer["token"]
    assert rows_of(cuttable, person["submission_id"]) == 1
    if not may_be_in:
        letters = rows(
            private_dsn(cuttable.kutsu.data), "select count(*) from qa_mail where recipient = %s", person["email"])
        assert letters == [(1,)]


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95, 1.0])
def test_a_cut_http_request_and_the_same_submission_again(cuttable, share):
    event, person = cuttable.slugs[1], guest()
    body = json.dumps(person).encode()
    request = (
        f"POST /api/v1/events/{event}/registrations HTTP/1.1\r\nHost: 127.0.0.1:{cuttable.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body
    first = RawSocket(cuttable.port)
    first.socket.sendall(request[: int(len(request) * share)])
    first.close(reset=share == 1.0)

    again = cuttable.web.send_json("POST", f"/api/v1/events/{event}/registrations", person)
    assert again.status in ((200, 201) if share == 1.0 else (201,)), again.text
    assert rows_of(cuttable, person["submission_id"]) == 1


def test_two_hundred_sockets_cut_at_a_byte_by_chance(cuttable):
    """Whatever got through, everybody who comes again is there once, in one order, with the seats there are."""
    ledger = Ledger(cuttable.slugs[2])
    chance = random.Random(7)
    for _ in range(200):
        socket = RawSocket(cuttable.port).upgrade()
        whole = frame(submission(ledger.event, ledger.person()))
        socket.socket.sendall(whole[: chance.choice((len(whole), chance.randrange(len(whole))))])
        socket.close(reset=chance.random() < 0.5)
    ledger.come_again(cuttable.web)

    # The tables after all this: what was told when somebody came again is the truth then and now.
    ledger.compare(lambda *question: rows(private_dsn(cuttable.kutsu.data), *question), SEATS)


# ── Among others ────────────────────────────────────────────────────────────────────────────────────────────


async def register_many(server, ledger: Ledger, sockets: int, each: int) -> list[float]:
    """Guests who do it right; how long each waited for the answer."""
    loop = asyncio.get_running_loop()
    waits: list[float] = []

    async def one_socket():
        async with Peer(server) as peer:
            for _ in range(each):
                began = loop.time()
                await ledger.submit(peer, ledger.person())
                waits.append(loop.time() - began)

    await asyncio.gather(*(one_socket() for _ in range(sockets)))
    return waits


async def test_a_slow_reader_slows_nobody_down(cuttable):
    """Thousands of answers asked for and not read: bounded in memory, and nobody else notices."""
    ledger = Ledger(cuttable.slugs[3])
    slow = [RawSocket(cuttable.port, receive_buffer=4096).upgrade() for _ in range(5)]
    before = cuttable.status("VmRSS")
    for socket in slow:
        socket.socket.setblocking(False)
        for number in range(3000):
            ask = {"jsonrpc": "2.0", "id": number, "method": "event.watch", "params": {"event": ledger.event}}
            try:
                socket.socket.send(frame(json.dumps(ask).encode()))
            except OSError:  # the server does not read on, or has had enough
                break

    waits = await register_many(cuttable, ledger, sockets=10, each=20)

    assert max(waits) < 5, f"the longest wait was {max(waits):.1f} s"
    assert cuttable.status("VmRSS") - before < 64 << 10, "answers nobody reads pile up"
    for socket in slow:
        socket.close(reset=True)
    assert len(ledger.answered) == 200
    ledger.compare(lambda *question: rows(private_dsn(cuttable.kutsu.data), *question), SEATS)


def nonsense(event: str, kind: str) -> tuple[bytes, int]:
    """Bytes, and the close code that answers them; 0: the socket stays and there is an error instead."""
    person = guest()
    text = submission(event, person)
    return {
        "half a JSON": (frame(text[: len(text) // 2]), 0),
        "an array": (frame(b"[" + text + b"]"), 0),
        "no method": (frame(b'{"jsonrpc":"2.0","id":7}'), 0),
        "wrong types": (frame(submission(event, person | {"email": 7, "name": ["x"], "answers": "none"})), 0),
        "a NUL": (frame(submission(event, person | {"name": "A\x00B"})), 0),
        "broken UTF-8": (frame(text.replace(b"Aino", b"\xff\xfe")), 1007),
        "binary": (frame(text, opcode=2), 1003),
        "not masked": (frame(text, masked=False), 1002),
        "a reserved bit": (frame(text, reserved=4), 1002),
        "an unknown opcode": (frame(text, opcode=5), 1002),
        "a long ping": (frame(text, opcode=9), 1002),
        "too long": (frame(submission(event, person | {"organisation": "x" * 70000})), 1009),
    }[kind]


KINDS = ("half a JSON", "an array", "no method", "wrong types", "a NUL", "broken UTF-8", "binary", "not masked",
         "a reserved bit", "an unknown opcode", "a long ping", "too long")


async def test_one_malformed_frame_in_a_hundred(cuttable):
    """Each kind of nonsense gets its answer or its close code; the ninety-nine others do not notice."""
    ledger = Ledger(cuttable.slugs[4])
    loop = asyncio.get_running_loop()

    def talk_nonsense(kind: str):
        socket = RawSocket(cuttable.port).upgrade()
        bytes_, code = nonsense(ledger.event, kind)
        socket.socket.sendall(bytes_)
        if code:
            assert socket.closed_with() == code, kind
            return
        assert "error" in socket.read_answer(), kind
        # The socket is as good as before.
        person = ledger.person()
        socket.socket.sendall(frame(submission(ledger.event, person, 8)))
        ledger.answered[person["submission_id"]] = socket.read_answer()["result"]
        socket.close()

    crowd = asyncio.create_task(register_many(cuttable, ledger, sockets=12, each=100))
    for kind in KINDS:
        reached = len(ledger.answered) + 50
        while len(ledger.answered) < min(reached, 1000) and not crowd.done():
            await asyncio.sleep(0.005)
        await loop.run_in_executor(None, talk_nonsense, kind)
    await crowd

    assert len(ledger.answered) == len(ledger.sent)
    ledger.compare(lambda *question: rows(private_dsn(cuttable.kutsu.data), *question), SEATS)
