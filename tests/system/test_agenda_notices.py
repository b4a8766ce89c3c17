"""Guests hear of a changed programme by one mail, some minutes after the first change, with the first old and the last new time."""

import email
import email.policy
import re
import uuid

import pytest
from harness.live import Peer
from harness.postgres import rows
from harness.program import DEMO, Kutsu, wait_until
from harness.world import guest

SLUG = "ev-sem-spring"
BEFORE, SOON, LATER = "2027-05-03T06:00:00Z", "2027-05-03T06:04:00Z", "2027-05-03T06:10:00Z"


class House:
    def __init__(self, folder, cluster):
        self.folder, self.url, self.count = folder, cluster.new_database(), 0
        self.at(BEFORE).load(DEMO / "silta-2.json")
        self.at(BEFORE).run("user", "add", "aino@example.org", "--name", "Aino", "--role", "organiser", "--password-stdin",
                            stdin="a good long password\n")

    def at(self, clock: str) -> Kutsu:
        self.count += 1
        return Kutsu(self.folder / f"data-{self.count}", self.url, clock)

    def serve(self, clock: str):
        return self.at(clock).serve()

    def told(self) -> list[tuple]:
        return rows(self.url, "select recipient, state from qa_mail where kind = 'event_changed' order by 1")

    def timers(self) -> list[tuple]:
        return rows(self.url, "select state, note from timer where kind = 'agenda_notice' order by due_at")

    def letter(self, address: str):
        for file in self.folder.glob("data-*/mail/[!.]*.eml"):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if letter["X-Dedupe-Key"].startswith("event_changed:") and address in letter["To"]:
                return letter
        return None


@pytest.fixture
def house(tmp_path, cluster):
    return House(tmp_path, cluster)


def register(server, **fields) -> str:
    person = guest(**fields)
    assert server.web.send_json("POST", f"/api/v1/events/{SLUG}/registrations", person).status == 201
    return person["email"]


async def edit(server, session: str, **change):
    welcome = server.web.send_json("POST", "/api/v1/login", {"email": "aino@example.org", "password": "a good long password"})
    async with Peer(server, cookie=welcome.headers["Set-Cookie"].split(";")[0], origin=server.base) as organiser:
        snapshot = await organiser.call("event.watch", event=SLUG)
        now = next(each for each in snapshot["agenda"]["sessions"] if each["id"] == session)
        await organiser.call("agenda.edit", event=SLUG, op_id=str(uuid.uuid4()),
                             ops=[{"session": session, "version": now["version"]} | change])
        return now


async def test_one_mail_tells_the_first_old_and_the_last_new_time(house):
    with house.serve(BEFORE) as server:
        finn, russian = register(server, language="fi"), register(server, language="ru")
        before = await edit(server, "s-spr-08", op="move", starts_at="2027-05-27T12:20:00+03:00", ends_at="2027-05-27T13:10:00+03:00")
        await edit(server, "s-spr-08", op="move", starts_at="2027-05-27T12:30:00+03:00", ends_at="2027-05-27T13:20:00+03:00")
        assert house.told() == [] and [state for state, _ in house.timers()] in (["waiting"], ["waiting", "waiting"])
    with house.serve(SOON):
        assert house.told() == []
    with house.serve(LATER), house.serve(LATER):
        wait_until(lambda: house.told() == sorted([(finn, "sent"), (russian, "sent")]), 15)
        assert all(state != "waiting" for state, _ in wait_until(lambda: [t for t in house.timers() if t[0] != "waiting"] == house.timers() and house.timers(), 10))
    letter = house.letter(finn)
    words = letter.get_body(("plain",)).get_content()
    start = re.search(r"T(\d\d):(\d\d)", before["starts_at"])
    assert f"ennen 27.5.2027 klo {int(start[1])}.{start[2]}–" in words and "nyt 27.5.2027 klo 12.30–13.20" in words, words
    assert "12.20" not in words, "what lay between is nobody's business"
    assert "теперь" in house.letter(russian).get_body(("plain",)).get_content()
    assert [part.get_param("method") for part in letter.walk() if part.get_content_type() == "text/calendar"] == ["REQUEST"]


async def test_what_is_as_it_was_again_is_not_told(house):
    with house.serve(BEFORE) as server:
        register(server)
        before = await edit(server, "s-spr-08", op="move", starts_at="2027-05-27T12:20:00+03:00", ends_at="2027-05-27T13:10:00+03:00")
        await edit(server, "s-spr-08", op="move", starts_at=before["starts_at"], ends_at=before["ends_at"])
    with house.serve(LATER):
        wait_until(lambda: house.timers() and all(state == "skipped" for state, _ in house.timers()), 15, str(house.timers()))
        assert house.told() == []


async def test_a_session_people_chose_concerns_those_who_chose_it(house):
    with house.serve(BEFORE) as server:
        agenda = server.web.get(f"/api/v1/events/{SLUG}/agenda").json["sessions"]
        chosen = next(each["id"] for each in agenda if "capacity" in each)
        there, register_elsewhere = register(server, sessions=[chosen]), register(server)
        await edit(server, chosen, op="remove")
    with house.serve(LATER):
        wait_until(lambda: house.told() == [(there, "sent")], 15)
    assert "ei järjestetä" in house.letter(there).get_body(("plain",)).get_content()
    assert house.letter(register_elsewhere) is None
