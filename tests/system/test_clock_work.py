"""What happens because time passes: reminders, offers that end, openings; once, over restarts, crashes and processes."""

import email
import email.policy
import json
import random
import time

import pytest
from harness.live import Peer
from harness.postgres import rows
from harness.program import DEMO, Kutsu, wait_until
from harness.world import copy_of, demo, event_of, guest

SLUG = "ev-clock"
BEFORE = "2027-05-03T06:00:00Z"
# The event begins on 27 May at 8.30 in Joensuu; its guests are reminded at noon of the day before.
JUST_BEFORE_NOON = "2027-05-26T08:59:57Z"
AFTER_NOON = "2027-05-26T09:00:30Z"


class House:
    """One database and any number of servers on it, one after the other or beside each other, each with its own clock."""

    def __init__(self, folder, cluster, **form):
        self.folder = folder
        self.url = cluster.new_database()
        self.count = 0
        project = demo(2)
        event = copy_of(event_of(project, "ev-sem-spring"), SLUG)
        event["registration"] |= form
        project["events"].append(event)
        file = folder / "project.json"
        file.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
        self.at(BEFORE).load(file)

    def at(self, clock: str) -> Kutsu:
        self.count += 1
        return Kutsu(self.folder / f"data-{self.count}", self.url, clock)

    def serve(self, clock: str, *arguments: str):
        return self.at(clock).serve(*arguments)

    def rows(self, question: str, *parameters) -> list[tuple]:
        return rows(self.url, question, *parameters)

    def reminded(self) -> list[str]:
        return [row[0] for row in self.rows(
            "select m.recipient from qa_mail m where m.kind = 'reminder' and m.recipient like 'guest-%%' order by 1")]

    def confirmed(self) -> list[str]:
        return [row[0] for row in self.rows(
            "select email from qa_registration where event_slug = %s and status = 'confirmed' order by 1", SLUG)]

    def timers(self, kind: str) -> list[tuple]:
        return self.rows("select state, note from timer where kind = %s and subject = %s order by due_at", kind, SLUG)

    def all_sent(self) -> bool:
        return self.rows("select every(state = 'sent') from qa_mail")[0][0]

    def letters(self, kind: str) -> list:
        """Those that were written to files by any server."""
        found = []
        for file in self.folder.glob("data-*/mail/*.eml"):
            letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            if letter["X-Dedupe-Key"].startswith(kind + ":"):
                found.append(letter)
        return found


@pytest.fixture
def house(tmp_path, cluster):
    return House(tmp_path, cluster)


def register(server, **fields) -> dict:
    person = guest(**fields)
    answer = server.web.send_json("POST", f"/api/v1/events/{SLUG}/registrations", person)
    assert answer.status == 201, answer.text
    return person | answer.json


def fill(house, confirmed: int = 5) -> list[dict]:
    """Some have a seat, one has cancelled."""
    with house.serve(BEFORE) as server:
        people = [register(server, language=("fi", "en", "ru")[number % 3]) for number in range(confirmed + 1)]
        assert server.web.ask("DELETE", f"/api/v1/registrations/{people[-1]['token']}").status == 200
        wait_until(lambda: house.timers("reminder"))
    assert len(house.confirmed()) == confirmed
    return people[:-1]


def test_everybody_with_a_seat_is_reminded_once_over_two_processes(house):
    people = fill(house)

    with house.serve(JUST_BEFORE_NOON) as one, house.serve(JUST_BEFORE_NOON) as two:
        assert house.reminded() == [], "nobody is early"
        wait_until(lambda: len(house.letters("reminder")) >= 5)
        wait_until(house.all_sent)
        for server in (one, two):
            assert server.web.get("/readyz").status == 200

    assert house.reminded() == house.confirmed()
    assert house.timers("reminder") == [("done", "5 letters")]
    letters = house.letters("reminder")
    assert sorted(letter["To"] for letter in letters) == house.confirmed()
    by_address = {letter["To"]: letter for letter in letters}
    for person in people:
        letter = by_address[person["email"]]
        text = letter.get_body(("plain",)).get_content()
        assert letter["Content-Language"] == person["language"]
        assert f"/{person['language']}/registrations/{person['token']}" in text
        assert {"fi": "huomenna", "en": "tomorrow", "ru": "завтра"}[person["language"]] in text
        assert "Petropavl" in text or "Петропавл" in text


def test_a_restart_reminds_nobody_again(house):
    fill(house)
    with house.serve(JUST_BEFORE_NOON):
        wait_until(lambda: len(house.reminded()) == 5)
    with house.serve(JUST_BEFORE_NOON), house.serve(AFTER_NOON) as later:
        wait_until(lambda: "kutsu_timers_due 0" in later.web.get("/metrics").text)
        wait_until(house.all_sent)
    assert house.reminded() == house.confirmed()
    assert len(house.letters("reminder")) == 5


def test_a_clock_that_goes_back_and_forth_reminds_nobody_twice(house):
    fill(house)
    with house.serve(AFTER_NOON):
        wait_until(lambda: len(house.reminded()) == 5)
    for clock in (BEFORE, JUST_BEFORE_NOON, "2027-06-20T06:00:00Z", AFTER_NOON):
        with house.serve(clock) as server:
            wait_until(lambda: "kutsu_timers_due 0" in server.web.get("/metrics").text)
    assert house.reminded() == house.confirmed()
    assert house.timers("reminder") == [("done", "5 letters")]


def test_kill_9_around_the_instant_loses_and_doubles_nothing(house):
    fill(house, 20)
    for _ in range(4):
        server = house.serve("2027-05-26T08:59:59.500Z")
        time.sleep(random.uniform(0.2, 1.0))
        server.kill()
    with house.serve(AFTER_NOON):
        wait_until(lambda: len(house.letters("reminder")) >= 20)
        wait_until(house.all_sent)

    assert house.reminded() == house.confirmed()
    assert house.timers("reminder") == [("done", "20 letters")]
    # A letter that was under way when the server died may be written twice, but is the same letter.
    assert len({letter["Message-ID"] for letter in house.letters("reminder")}) == 20


def test_after_a_long_night_a_reminder_comes_late_but_not_after_the_event_has_begun(house):
    fill(house)
    with house.serve("2027-05-26T20:00:00Z"):
        wait_until(lambda: len(house.reminded()) == 5)


def test_a_reminder_of_an_event_that_has_begun_is_skipped_with_its_reason(house):
    fill(house)
    with house.serve("2027-05-27T06:00:00Z"):
        wait_until(lambda: house.timers("reminder") == [("skipped", "came up too late")])
    assert house.reminded() == []


def move(house, starts_local: str, starts_utc: str, ends_local: str, ends_utc: str):
    """As an organiser's edit will: the dates and the change in one transaction."""
    house.rows(
        """with moved as (
               update event set starts_local = %s, starts_at = %s, ends_local = %s, ends_at = %s where slug = %s returning event_id)
           select record_change(event_id, 'status', '[]', 'test', '', %s) from moved""",
        starts_local, starts_utc, ends_local, ends_utc, SLUG, BEFORE)


def test_a_moved_event_reminds_again_on_its_new_day(house):
    fill(house)
    with house.serve(JUST_BEFORE_NOON):
        wait_until(lambda: len(house.reminded()) == 5)
        move(house, "2027-06-10 08:30", "2027-06-10T05:30Z", "2027-06-10 14:45", "2027-06-10T11:45Z")
        wait_until(lambda: [state for state, _ in house.timers("reminder")] == ["done", "waiting"])
    with house.serve("2027-06-09T08:59:58Z"), house.serve("2027-06-09T08:59:58Z"):
        wait_until(lambda: len(house.reminded()) == 10)
    assert [state for state, _ in house.timers("reminder")] == ["done", "done"]


def test_a_cancelled_event_reminds_nobody(house):
    fill(house)
    with house.serve("2027-05-26T08:59:50Z"):
        wait_until(lambda: [state for state, _ in house.timers("reminder")] == ["waiting"])
        house.rows(
            """with gone as (update event set status = 'cancelled' where slug = %s returning event_id)
               select record_change(event_id, 'status', '[]', 'test', '', %s) from gone""", SLUG, BEFORE)
        wait_until(lambda: [state for state, _ in house.timers("reminder")] == ["withdrawn"])
    with house.serve(AFTER_NOON) as server:
        wait_until(lambda: "kutsu_timers_due 0" in server.web.get("/metrics").text)
    assert house.reminded() == []


def test_an_offer_ends_at_its_instant_and_passes_on(tmp_path, cluster):
    house = House(tmp_path, cluster, capacity=1, offer_hours=24)
    with house.serve(BEFORE) as server:
        first, second, third = (register(server) for _ in range(3))
        server.web.ask("DELETE", f"/api/v1/registrations/{first['token']}")
        offered = server.web.get(f"/api/v1/registrations/{second['token']}").json
        assert offered["status"] == "offered"
    ends = house.rows("select to_char(offer_expires_at at time zone 'utc', 'YYYY-MM-DD HH24:MI') from registration where status = 'offered'")
    assert ends == [("2027-05-04 06:00",)]

    def states() -> dict[str, str]:
        return dict(house.rows("select email, status from qa_registration where event_slug = %s", SLUG))

    # Four hours before it ends, its owner hears of that; once.
    with house.serve("2027-05-03T16:59:58Z"), house.serve("2027-05-03T16:59:58Z"):
        wait_until(lambda: len(house.letters("offer_expiring")) == 1)
        assert house.letters("offer_expiring")[0]["To"] == second["email"]
    assert states()[second["email"]] == "offered"

    with house.serve("2027-05-04T05:59:57Z") as one, house.serve("2027-05-04T05:59:57Z"):
        assert states()[second["email"]] == "offered"
        wait_until(lambda: states()[third["email"]] == "offered")
        assert states()[second["email"]] == "declined"
        wait_until(lambda: one.web.get(f"/api/v1/registrations/{third['token']}").json["status"] == "offered")
        wait_until(lambda: len(house.letters("offered")) == 2)
        wait_until(lambda: len(house.letters("offer_expired")) == 1)
    assert len(house.letters("offer_expiring")) == 1


async def test_an_opening_reaches_who_watches_at_its_instant(house):
    """Registering opens on 12 April at 9.00 in Joensuu."""
    with house.serve("2027-04-12T05:59:54Z") as one, house.serve("2027-04-12T05:59:54Z") as two:
        async with Peer(one) as here, Peer(two) as there:
            for peer in (here, there):
                await peer.call("event.watch", event=SLUG)
            wait_until(lambda: house.timers("registration_opens"))
            if house.timers("registration_opens")[0][0] == "waiting":
                one.web.send_json("POST", f"/api/v1/events/{SLUG}/registrations", guest()).problem("not-open-yet")
            for peer in (here, there):
                changed = await peer.next_notification("event.changed")
                assert [(change["kind"], change["registration"]) for change in changed["changes"]] == [("status", "open")]
                assert changed["at"] >= "2027-04-12T06:00:00Z"
        assert register(one)["status"] == "confirmed"
        assert 'kutsu_timer_runs_total{kind="registration_opens",outcome="done"}' in (
            one.web.get("/metrics").text + two.web.get("/metrics").text)
    assert house.timers("registration_opens") == [("done", None)]


def test_a_closing_is_one_change_over_two_processes(house):
    with house.serve("2027-05-21T12:59:58Z") as one, house.serve("2027-05-21T12:59:58Z"):
        wait_until(lambda: house.timers("registration_closes") == [("done", None)])
        wait_until(lambda: one.web.get(f"/api/v1/events/{SLUG}").json["registration"]["state"] == "closed")
    assert house.rows("select kind, actor from qa_change where event_slug = %s and event_version > 1", SLUG) == [("status", "clock")]


def test_doctor_says_when_timers_are_late(house):
    fill(house)
    early = house.at(BEFORE).run("doctor", expect=None)
    assert "no timer is late" in early.stdout

    late = house.at("2027-05-26T12:00:00Z").run("doctor", expect=1)
    assert "late, the first since 2027-05-03T07:00:00Z" in late.stdout, late.stdout


def test_answers_go_when_their_time_is_over(house):
    """The diet is kept for 14 days after the event, which ends on 27 May at 11:45 UTC."""
    with house.serve(BEFORE) as server:
        register(server, answers={"company": False, "diet": "vegan"})
        wait_until(lambda: house.rows("select 1 from timer where kind = 'tidy_answers'"))

    def answers() -> set[str]:
        return {row[0] for row in house.rows(
            "select a.key from registration_answer a join qa_registration q on q.id = a.registration_id where q.event_slug = %s", SLUG)}

    with house.serve("2027-06-10T11:30:00Z"):
        wait_until(lambda: house.rows("select 1 from timer where kind = 'tidy_answers' and due_at = '2027-06-10T12:00Z' and note is not null"))
        assert answers() == {"company", "diet"}
    with house.serve("2027-06-10T11:59:57Z"):
        wait_until(lambda: answers() == {"company"})
