"""Against abuse without a puzzle for people: buckets by address and link at every door, signals of a form, caps."""

import re
import socket

import pytest
import websockets
from harness.live import Peer, RpcError
from harness.world import build_world, guest

HALL, OTHER = "203.0.113.7", "203.0.113.8"


@pytest.fixture(scope="module")
def make_world(new_installation):
    """A server behind a proxy on this machine, which says whose request it is."""
    from harness.fixtures import World

    def make(*arguments: str):
        kutsu = new_installation()
        slugs = build_world(kutsu.data / "world.json")
        kutsu.load(kutsu.data / "world.json")
        server = kutsu.serve("--http-trusted-proxies", "127.0.0.1", *arguments)
        return server, World(server, slugs)

    return make


class FarPeer(Peer):
    """A socket of somebody behind the proxy."""

    def __init__(self, server, address: str):
        super().__init__(server)
        self._connecting = websockets.connect(
            f"ws://127.0.0.1:{server.port}/live", subprotocols=["kutsu.v1"], extra_headers={"X-Forwarded-For": address})


async def status_of(call) -> int:
    try:
        await call
        return 200
    except RpcError as refusal:
        if refusal.name == "too-many-requests":
            assert refusal.problem["retry_after_ms"] > 0
        return {"too-many-requests": 429, "validation": 422, "conflict": 409}[refusal.name]


def form_fields(person: dict) -> dict:
    return {"submission_id": person["submission_id"], "name": person["name"], "email": person["email"], "answers.company": "false"}


async def test_an_address_has_one_bucket_at_all_doors(make_world):
    server, world = make_world("--rate-registrations-per-address", "6")
    with server:
        slug = world.event("seats-60")
        form, api = f"/fi/events/{slug}/registrations", f"/api/v1/events/{slug}/registrations"
        token = world.register(slug, guest("Aino"), X_Forwarded_For=HALL).json["token"]
        link, page = f"/api/v1/registrations/{token}", f"/fi/registrations/{token}"
        async with FarPeer(server, HALL) as peer:
            assert await status_of(peer.call("registration.submit", event=slug, **guest("Bo"))) == 200
            assert world.web.send_form(form, form_fields(guest("Cia")), X_Forwarded_For=HALL).status == 303
            assert world.web.send_json("PATCH", link, {"name": "Aino V"}, X_Forwarded_For=HALL).status == 200
            assert await status_of(peer.call("registration.change", token=token, language="en")) == 200
            assert world.web.send_form(page, {"action": "change", "name": "Aino"}, X_Forwarded_For=HALL).status == 303

            transfer = {"name": "B", "email": "b@example.org"}
            refused = [
                world.web.send_json("POST", api, guest("Dan"), X_Forwarded_For=HALL),
                world.web.send_form(form, form_fields(guest("Eva")), X_Forwarded_For=HALL),
                world.web.send_json("PATCH", link, {"name": "Z"}, X_Forwarded_For=HALL),
                world.web.ask("DELETE", link, headers={"X-Forwarded-For": HALL}),
                world.web.send_json("POST", link + "/transfer", transfer, X_Forwarded_For=HALL),
                world.web.send_json("POST", link + "/erase", {}, X_Forwarded_For=HALL),
                world.web.send_json("POST", "/api/v1/registrations/lost-link", {"email": "a@b.example"}, X_Forwarded_For=HALL),
                world.web.send_form("/fi/registrations/", {"email": "a@b.example"}, X_Forwarded_For=HALL),
                *(world.web.send_form(page, {"action": action} | transfer, X_Forwarded_For=HALL)
                  for action in ("cancel", "change", "sessions", "transfer", "erase", "accept-offer", "decline-offer")),
            ]
            assert [answer.status for answer in refused] == [429] * len(refused)
            assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
            for method, params in [
                ("submit", {"event": slug, **guest("F")}), ("change", {"token": token, "name": "Z"}), ("cancel", {"token": token}),
                ("accept", {"token": token}), ("decline", {"token": token}), ("erase", {"token": token}),
                ("transfer", {"token": token, **transfer}), ("lost_link", {"email": "a@b.example"}),
            ]:
                assert await status_of(peer.call(f"registration.{method}", **params)) == 429, method
        assert world.register(slug, guest("Gun"), X_Forwarded_For=OTHER).status == 201, "somebody else is not held up"
        mine = world.web.get(link, X_Forwarded_For=HALL)
        assert (mine.status, mine.json["status"], mine.json["name"]) == (200, "confirmed", "Aino"), "looking is free"


def test_a_refused_form_keeps_what_was_typed(make_world):
    server, world = make_world("--rate-registrations-per-address", "1")
    with server:
        slug = world.event("seats-60")
        path = f"/fi/events/{slug}/registrations"
        assert world.web.send_form(path, form_fields(guest("A")), X_Forwarded_For=HALL).status == 303
        person = guest("Kirsti Kepponen")
        refused = world.web.send_form(path, form_fields(person), X_Forwarded_For=HALL)
        assert refused.status == 429
        assert 'value="Kirsti Kepponen"' in refused.text and person["submission_id"] in refused.text
        again = world.web.send_form(path, form_fields(person), X_Forwarded_For=OTHER)
        assert again.status == 303


def test_a_header_of_the_callers_choice_gives_no_bucket(new_installation):
    """Without a trusted proxy the header says nothing; the address is this machine's, which is not limited."""
    from harness.fixtures import World

    kutsu = new_installation()
    slugs = build_world(kutsu.data / "world.json")
    kutsu.load(kutsu.data / "world.json")
    with kutsu.serve("--rate-registrations-per-address", "1") as server:
        world = World(server, slugs)
        slug = world.event("seats-60")
        for _ in range(3):
            assert world.register(slug, guest("A"), X_Forwarded_For=HALL).status == 201


def test_signals_ask_again_and_lose_no_seat(world):
    slug = world.event("seats-60")
    path = f"/fi/events/{slug}/registrations"
    form = world.web.get(path).text
    trap = re.search(r'<div class="trap"[^>]*aria-hidden="true".*?</div>', form, re.S).group(0)
    assert 'name="website"' in trap and 'tabindex="-1"' in trap
    fresh_time = re.search(r'name="form_time" value="([^"]+)"', form).group(1)

    trapped = guest("Botti")
    answer = world.web.send_form(path, form_fields(trapped) | {"website": "http://spam.example"})
    assert answer.status == 422 and 'value="Botti"' in answer.text, "asked again, with everything kept"
    world.seats_become(slug, confirmed=0)
    assert world.web.send_form(path, form_fields(trapped)).status == 303, "a person sends it again"

    forged = world.web.send_form(path, form_fields(guest("B")) | {"form_time": fresh_time[:-2] + "xx"})
    assert forged.status == 422
    quick = world.web.send_form(path, form_fields(guest("C")) | {"form_time": fresh_time})
    assert quick.status == 303, "haste alone refuses nobody"
    assert world.web.send_form(path, form_fields(guest("D"))).status == 303, "a plain post needs no signal"
    world.seats_become(slug, confirmed=3)


async def test_a_socket_that_talks_too_much_is_told_to_wait(new_installation):
    kutsu = new_installation()
    with kutsu.serve("--socket-messages-per-second", "1", "--socket-message-burst", "5") as server:
        async with Peer(server) as peer:
            for _ in range(5):
                with pytest.raises(RpcError) as unknown:
                    await peer.call("registration.get", token="a" * 43)
                assert unknown.value.name == "not-found"
            with pytest.raises(RpcError) as refused:
                await peer.call("registration.get", token="a" * 43)
            assert refused.value.name == "too-many-requests" and refused.value.problem["retry_after_ms"] > 0


def test_connections_are_capped_and_those_that_are_there_are_served(new_installation):
    kutsu = new_installation()
    with kutsu.serve("--http-connection-limit", "4") as server:
        open_ones = [socket.create_connection(("127.0.0.1", server.port), timeout=10) for _ in range(4)]
        request = b"GET /healthz HTTP/1.1\r\nHost: localhost:%d\r\n\r\n" % server.port
        for one in open_ones:
            one.sendall(request)
            assert one.recv(65536).startswith(b"HTTP/1.1 200")
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as late:
            late.sendall(request)
            try:
                said = late.recv(65536)
            except ConnectionResetError:
                said = b""
            assert not said.startswith(b"HTTP/1.1 200")
        for one in open_ones:
            one.sendall(request)
            assert one.recv(65536).startswith(b"HTTP/1.1 200")
            one.close()
