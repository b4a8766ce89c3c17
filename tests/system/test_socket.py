"""The socket's protocol: watching, versions, errors, limits (contract, section 6)."""

import asyncio
import json

import pytest
import websockets
from harness.live import Peer, RpcError
from harness.world import guest


async def test_a_watcher_gets_a_snapshot_then_versions_without_gap(world):
    slug = world.event("seats-60")
    async with Peer(world.server) as watcher, Peer(world.server) as guests:
        snapshot = await watcher.call("event.watch", event=slug)
        assert snapshot["event"] == slug
        assert snapshot["seats"] == {"capacity": 60, "confirmed": 0, "waitlisted": 0, "free": 60}
        assert snapshot["agenda"]["sessions"][0] == snapshot["agenda"]["sessions"][0] | {
            "kind": "registration", "starts_at": "2027-05-27T08:30:00+03:00", "time_zone": "Europe/Helsinki",
        }

        await asyncio.gather(*(guests.call("registration.submit", event=slug, **guest()) for _ in range(20)))
        version = snapshot["version"]
        confirmed = 0
        while confirmed < 20:
            changed = await watcher.next_notification("event.changed")
            assert changed["event"] == slug
            assert changed["version"] == version + 1
            assert "by" not in changed
            version = changed["version"]
            for change in changed["changes"]:
                if change["kind"] == "seats":
                    confirmed = change.get("confirmed", change.get("seats", {}).get("confirmed"))

        again = await watcher.call("event.watch", event=slug)
        assert again["version"] == version
        assert again["seats"]["confirmed"] == 20


async def test_resuming_gives_everything_after_since(world):
    slug = world.event("seats-60")
    async with Peer(world.server) as peer:
        before = (await peer.call("event.watch", event=slug))["version"]
    for _ in range(3):
        world.register(slug, guest())

    async with Peer(world.server) as peer:
        resumed = await peer.call("event.watch", event=slug, since=before)
        assert resumed["version"] > before
        assert resumed.get("changes") or resumed["seats"]["confirmed"] == 3
        nothing_new = await peer.call("event.watch", event=slug, since=resumed["version"])
        assert nothing_new["version"] == resumed["version"]
        assert nothing_new.get("changes", []) == []
        future = await peer.call("event.watch", event=slug, since=resumed["version"] + 1000)
        assert future["version"] == resumed["version"]
        assert "seats" in future, "a since that cannot be served is answered with a snapshot"


async def test_after_unwatch_there_is_silence(world):
    slug = world.event("seats-60")
    async with Peer(world.server) as peer:
        await peer.call("event.watch", event=slug)
        assert await peer.call("event.unwatch", event=slug) == {}
        world.register(slug, guest())
        with pytest.raises(asyncio.TimeoutError):
            await peer.next_notification("event.changed", timeout=1.5)


async def test_versions_never_go_back_across_a_restart(installation):
    from harness.program import DEMO

    installation.load(DEMO / "silta-2.json")
    with installation.serve() as server:
        async with Peer(server) as peer:
            await peer.call("event.watch", event="ev-sem-spring")
            await peer.call("registration.submit", event="ev-sem-spring", **guest())
            await peer.next_notification("event.changed")
            before = await peer.call("event.watch", event="ev-sem-spring")
    with installation.serve() as server:
        async with Peer(server) as peer:
            after = await peer.call("event.watch", event="ev-sem-spring")
            resumed = await peer.call("event.watch", event="ev-sem-spring", since=before["version"] - 1)

    assert (after["version"], after["seats"]) == (before["version"], before["seats"])
    assert resumed["version"] == before["version"]


async def test_a_leaving_server_says_so(installation):
    from harness.program import DEMO

    installation.load(DEMO / "silta-2.json")
    with installation.serve() as server:
        async with Peer(server) as peer:
            await peer.call("event.watch", event="ev-sem-spring")
            server.process.terminate()
            closing = await peer.next_notification("server.closing")
            assert closing["retry_after_ms"] >= 0
            assert await peer.closed_with() in (1001, 1012)


@pytest.mark.parametrize(
    "text, code, number",
    [
        ("{", -32700, None), ("", -32700, None), ("\x00", -32700, None), ('{"a":1}', -32600, None), ("[]", -32600, None),
        ('[{"jsonrpc":"2.0","id":1,"method":"event.unwatch","params":{"event":"ev-sem-spring"}}]', -32600, None),
        ("7", -32600, None), ('{"jsonrpc":"1.0","id":5,"method":"event.watch"}', -32600, None),
        ('{"jsonrpc":"2.0","id":{},"method":"event.watch"}', -32600, None),
        ('{"jsonrpc":"2.0","id":"a","method":7}', -32600, None), ('{"jsonrpc":"2.0","id":"b","method":"no.such"}', -32601, "b"),
        ('{"jsonrpc":"2.0","id":"c","method":"event.watch"}', -32602, "c"),
        ('{"jsonrpc":"2.0","id":"d","method":"event.watch","params":[1]}', -32602, "d"),
        ('{"jsonrpc":"2.0","id":"e","method":"event.watch","params":{"event":7}}', -32602, "e"),
    ],
)
async def test_protocol_errors(world, text, code, number):
    async with Peer(world.server) as peer:
        answer = await peer.send_text(text)
        assert answer["error"]["code"] == code, answer
        assert answer["error"]["message"]
        if number:
            assert answer["id"] == number
        assert (await peer.call("event.watch", event="ev-sem-spring"))["event"] == "ev-sem-spring", "the socket lives on"


@pytest.mark.parametrize("text", ["[" * 500 + "]" * 500, '{"jsonrpc":"2.0","id":1,"method":"x","params":' + '{"a":' * 500 + "1" + "}" * 501])
async def test_deep_nesting_is_refused_without_harm(world, text):
    async with Peer(world.server) as peer:
        assert (await peer.send_text(text))["error"]["code"] in (-32700, -32600, -32602)
        assert (await peer.call("event.watch", event="ev-sem-spring"))["event"] == "ev-sem-spring"


async def test_a_notification_is_not_answered(world):
    async with Peer(world.server) as peer:
        await peer.socket.send(json.dumps({"jsonrpc": "2.0", "method": "event.watch", "params": {"event": "ev-sem-spring"}}))
        await peer.socket.send(json.dumps({"jsonrpc": "2.0", "method": "no.such"}))
        await peer.call("event.unwatch", event="ev-sem-spring")
        assert peer.unasked.empty()


async def test_refusals_are_problem_objects(world):
    async with Peer(world.server) as peer:
        for method, params, name in [
            ("event.watch", {"event": "no-such-event"}, "not-found"),
            ("event.watch", {"event": "ev-trip-a"}, "not-found"),
            ("registration.get", {"token": "a" * 43}, "not-found"),
            ("registration.cancel", {"token": "a" * 43}, "not-found"),
            ("agenda.edit", {"event": "ev-sem-spring", "op_id": guest()["submission_id"], "ops": []}, "not-allowed"),
        ]:
            with pytest.raises(RpcError) as refused:
                await peer.call(method, **params)
            assert refused.value.name == name, method
            assert 1000 <= refused.value.code <= 1999
            assert refused.value.problem["title"] and refused.value.problem["detail"]


async def test_a_foreign_origin_is_refused_and_ours_is_not(world):
    with pytest.raises(websockets.InvalidStatusCode) as refused:
        async with Peer(world.server, origin="https://evil.example"):
            pass
    assert refused.value.status_code == 403
    for wrong in ("null", world.server.base + ".evil.example", "https" + world.server.base[4:]):
        with pytest.raises(websockets.InvalidStatusCode):
            async with Peer(world.server, origin=wrong):
                pass
    async with Peer(world.server, origin=world.server.base) as peer:
        assert peer.socket.subprotocol == "kutsu.v1"


async def test_limits_of_messages(world):
    async with Peer(world.server) as peer:
        fitting = {"jsonrpc": "2.0", "id": "x", "method": "no.such", "params": {"pad": ""}}
        fitting["params"]["pad"] = "x" * (64 * 1024 - len(json.dumps(fitting)))
        assert (await peer.send_text(json.dumps(fitting)))["error"]["code"] == -32601

    async with Peer(world.server) as peer:
        await peer.socket.send("x" * (64 * 1024 + 1))
        assert await peer.closed_with() == 1009

    async with Peer(world.server) as peer:
        async def pieces():
            for _ in range(9):
                yield "x" * 8 * 1024

        try:
            await peer.socket.send(pieces())
        except websockets.ConnectionClosed:
            pass
        assert await peer.closed_with() == 1009

    async with Peer(world.server) as peer:
        await peer.socket.send(b"binary")
        assert await peer.closed_with() == 1003


async def test_pings_are_answered_and_a_polite_close_too(world):
    async with Peer(world.server) as peer:
        await asyncio.wait_for(await peer.socket.ping(), 5)
        await peer.socket.close(1000)
        assert peer.socket.close_code == 1000


async def test_the_echo_exists_only_with_its_flag(new_installation, world):
    with pytest.raises(websockets.InvalidStatusCode) as refused:
        async with Peer(world.server, path="/conformance/echo"):
            pass
    assert refused.value.status_code == 404

    with new_installation().serve("--conformance-echo") as server:
        async with websockets.connect(f"ws://127.0.0.1:{server.port}/conformance/echo", max_size=None) as echo:
            for message in ("", "тест 👋", b"", b"\x00\xff" * 1000, "x" * 64 * 1024):
                await echo.send(message)
                assert await asyncio.wait_for(echo.recv(), 5) == message
            await echo.send("x" * (64 * 1024 + 1))
            with pytest.raises(websockets.ConnectionClosed):
                await echo.recv()
            assert echo.close_code == 1009
        assert "echo" in server.said()
