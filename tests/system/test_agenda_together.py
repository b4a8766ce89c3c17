"""What organisers do together on one agenda: drafts, publishing, undoing, presence."""

import uuid

import pytest
from harness.live import Peer, RpcError
from harness.program import DEMO, wait_until

SLUG = "ev-sem-spring"
PASSWORD = "a good long password"


@pytest.fixture
def server(installation):
    installation.load(DEMO / "silta-2.json")
    for name, role in (("aino", "organiser"), ("pavel", "organiser"), ("vera", "viewer")):
        installation.run("user", "add", f"{name}@example.org", "--name", name.title(), "--role", role, "--password-stdin", stdin=PASSWORD + "\n")
    with installation.serve() as running:
        yield running


def cookie(server, name: str) -> str:
    return server.web.send_json("POST", "/api/v1/login", {"email": f"{name}@example.org", "password": PASSWORD}).headers["Set-Cookie"].split(";")[0]


def peer(server, name: str | None = None) -> Peer:
    return Peer(server, cookie=cookie(server, name), origin=server.base) if name else Peer(server)


def op_id() -> str:
    return str(uuid.uuid4())


async def session_of(who: Peer, session: str) -> dict | None:
    snapshot = await who.call("event.watch", event=SLUG)
    return next((each for each in snapshot["agenda"]["sessions"] if each["id"] == session), None)


async def edit(who: Peer, session: str, **change) -> dict:
    now = await session_of(who, session)
    return await who.call("agenda.edit", event=SLUG, op_id=op_id(), ops=[{"session": session, "version": now["version"]} | change])


async def test_an_edit_is_undone_and_done_again(server):
    async with peer(server, "aino") as aino:
        before = await session_of(aino, "s-spr-08")
        done = await edit(aino, "s-spr-08", op="move", starts_at="2027-05-27T12:20:00+03:00", ends_at="2027-05-27T13:10:00+03:00")
        undone = await aino.call("agenda.undo", event=SLUG, op_id=op_id())
        now = await session_of(aino, "s-spr-08")
        assert {**now, "version": 0} == {**before, "version": 0} and now["version"] == before["version"] + 2

        again = await aino.call("agenda.undo", event=SLUG, op_id=op_id(), version=undone["version"])
        assert (await session_of(aino, "s-spr-08"))["starts_at"] == "2027-05-27T12:20:00+03:00"
        assert again["version"] == undone["version"] + 1 == done["version"] + 2
        with pytest.raises(RpcError) as refused:
            await aino.call("agenda.undo", event=SLUG, op_id=op_id(), version=done["version"])
        assert refused.value.name == "conflict", "it has been undone already"


async def test_what_was_added_goes_and_what_was_removed_comes_back(server):
    async with peer(server, "aino") as aino, peer(server) as guest:
        await guest.call("event.watch", event=SLUG)
        added = await aino.call("agenda.edit", event=SLUG, op_id=op_id(), ops=[
            {"op": "add", "kind": "talk", "title": {"fi": "Uusi", "en": "New", "ru": "Новый"},
             "starts_at": "2027-05-27T14:45:00+03:00", "ends_at": "2027-05-27T15:00:00+03:00"}])
        new = added["sessions"][0]["id"]
        assert (await guest.next_notification("event.changed"))["changes"][0]["kind"] == "session.added"
        await aino.call("agenda.undo", event=SLUG, op_id=op_id())
        assert (await guest.next_notification("event.changed"))["changes"] == [{"kind": "session.removed", "id": new}]

        await edit(aino, "s-spr-05", op="remove")
        await guest.next_notification("event.changed")
        await aino.call("agenda.undo", event=SLUG, op_id=op_id())
        assert (await guest.next_notification("event.changed"))["changes"][0]["kind"] == "session.added"
        assert (await session_of(aino, "s-spr-05"))["status"] == "confirmed"


async def test_nobody_undoes_what_somebody_else_has_changed_since(server):
    async with peer(server, "aino") as aino, peer(server, "pavel") as pavel:
        await edit(aino, "s-spr-08", op="move", starts_at="2027-05-27T12:20:00+03:00", ends_at="2027-05-27T13:10:00+03:00")
        await edit(pavel, "s-spr-08", op="change", title={"en": "A long lunch"})
        with pytest.raises(RpcError) as refused:
            await aino.call("agenda.undo", event=SLUG, op_id=op_id())
        assert refused.value.name == "conflict" and refused.value.problem["current"]["session"] == "s-spr-08"
        await pavel.call("agenda.undo", event=SLUG, op_id=op_id())
        with pytest.raises(RpcError):
            await pavel.call("agenda.undo", event=SLUG, op_id=op_id())


async def test_drafts_are_seen_by_organisers_only_until_they_are_published(server):
    async with peer(server, "aino") as aino, peer(server) as guest:
        await guest.call("event.watch", event=SLUG)
        added = await aino.call("agenda.edit", event=SLUG, op_id=op_id(), ops=[
            {"op": "add", "kind": "talk", "status": "draft", "title": {"fi": "Salainen", "en": "Secret", "ru": "Тайна"},
             "starts_at": "2027-05-27T14:45:00+03:00", "ends_at": "2027-05-27T15:00:00+03:00"}])
        draft = added["sessions"][0]
        assert draft["status"] == "draft"
        assert (await guest.next_notification("event.changed"))["changes"] == []
        for path in (f"/api/v1/events/{SLUG}/agenda", f"/en/events/{SLUG}", f"/calendar/events/{SLUG}.ics", f"/calendar/events/{SLUG}.json"):
            assert draft["id"] not in server.web.get(path).text and "Secret" not in server.web.get(path).text, path
        path = f"/api/v1/events/{SLUG}/agenda/history"
        assert server.web.get(path).status == 403
        assert server.web.get(path, Cookie=cookie(server, "vera")).status == 403
        assert [each["id"] for each in server.web.get(path, Cookie=cookie(server, "aino")).json["drafts"]] == [draft["id"]]

        operation = op_id()
        published = await aino.call("agenda.publish", event=SLUG, op_id=operation, name="Toukokuun ohjelma", note={"fi": "Uusi puhe"})
        assert [each["status"] for each in published["sessions"]] == ["confirmed"]
        assert (await aino.call("agenda.publish", event=SLUG, op_id=operation))["version"] == published["version"], "a replay"
        assert (await guest.next_notification("event.changed"))["changes"][0]["kind"] == "session.added"
        wait_until(lambda: draft["id"] in server.web.get(f"/calendar/events/{SLUG}.ics").text, 5)
        [latest, *_] = server.web.get(path, Cookie=cookie(server, "aino")).json["items"]
        assert latest["published"] and latest["name"] == "Toukokuun ohjelma" and latest["note"] == {"fi": "Uusi puhe"}
        with pytest.raises(RpcError) as refused:
            await aino.call("agenda.publish", event=SLUG, op_id=op_id())
        assert refused.value.name == "conflict"


async def test_only_who_may_edit_may_undo_publish_and_be_present(server):
    async with peer(server, "vera") as vera, peer(server) as guest:
        for who in (vera, guest):
            for method in ("agenda.undo", "agenda.publish", "presence.set"):
                with pytest.raises(RpcError) as refused:
                    await who.call(method, event=SLUG)
                assert refused.value.name == "not-allowed"
    token = server.web.send_json("POST", f"/api/v1/events/{SLUG}/agenda/undo", {}, Cookie=cookie(server, "aino"))
    assert token.status == 403, "without the CSRF header a browser's cookie is not enough"


async def test_organisers_see_each_other_and_guests_do_not(server):
    async with peer(server, "aino") as aino, peer(server) as guest:
        await aino.call("event.watch", event=SLUG)
        await guest.call("event.watch", event=SLUG)
        assert (await aino.call("presence.set", event=SLUG))["people"][0]["name"] == "Aino"
        await aino.next_notification("presence.changed")
        async with peer(server, "pavel") as pavel:
            await pavel.call("presence.set", event=SLUG, session="s-spr-08", holding=True)
            seen = await aino.next_notification("presence.changed")
            held = next(each for each in seen["people"] if each["name"] == "Pavel")
            assert (held["session"], held["holding"]) == ("s-spr-08", True)
        left = await aino.next_notification("presence.changed")
        assert [each["name"] for each in left["people"]] == ["Aino"]
        await guest.call("event.unwatch", event=SLUG)
        assert not [each for each in guest.notifications._queue if each["method"] == "presence.changed"]
