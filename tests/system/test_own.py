"""What a guest does after registering: hand the place on, choose sessions, see and erase what is held, lose the link."""

import asyncio
import html
import re
import uuid

import pytest
from harness.live import Peer, RpcError
from harness.postbox import letter_of_kind, words_of
from harness.postgres import rows
from harness.program import wait_until
from harness.world import build_world, guest


def link_in(letter) -> str:
    return re.search(r"/registrations/([\w-]{20,})", words_of(letter)).group(1)


def read(world, token: str):
    return world.web.get(f"/api/v1/registrations/{token}")


async def do(world, door: str, deed: str, token: str, **fields):
    """The deed by each of the doors; gives the status that HTTP has for the outcome."""
    if door == "http":
        return world.web.send_json("POST", f"/api/v1/registrations/{token}/{deed}", fields).status
    if door == "form":
        return world.web.send_form(f"/fi/registrations/{token}", {"action": deed} | fields).status
    async with Peer(world.server) as peer:
        try:
            await peer.call(f"registration.{deed}", token=token, **fields)
            return 200
        except RpcError as refusal:
            return {"validation": 422, "conflict": 409, "gone": 410, "closed": 409, "not-found": 404}[refusal.name]


DOORS = ["http", "socket", "form"]
DONE = {"http": 200, "socket": 200, "form": 303}


@pytest.mark.parametrize("door", DOORS)
async def test_a_place_is_handed_on(office, postbox, door):
    slug = office.event("seats-5")
    person = guest("Aino", companions=[{"name": "Ville"}], answers={"company": True, "size": "micro", "diet": "no nuts"},
                   sessions=[f"s-{slug}-07"])
    old = office.register(slug, person).json["token"]
    colleague = f"boris-{uuid.uuid4().hex[:8]}@example.org"

    assert await do(office, door, "transfer", old, name="Boris", email=colleague, language="en") == DONE[door]

    letter = letter_of_kind(postbox, colleague, "transferred_to")
    new = link_in(letter)
    notice = letter_of_kind(postbox, person["email"], "transferred_from")
    assert "/registrations/" not in words_of(notice) and colleague not in words_of(notice)
    assert "Boris" not in words_of(notice)
    mine = read(office, new).json
    assert (mine["name"], mine["email"], mine["language"], mine["status"]) == ("Boris", colleague, "en", "confirmed")
    assert mine["companions"] == [{"name": "Ville"}]
    assert mine["sessions"] == [{"id": f"s-{slug}-07", "status": "confirmed"}]
    assert mine["answers"] == {"company": True, "size": "micro"}, "health stays with the one who told it"
    office.seats_become(slug, confirmed=2)

    gone = read(office, old)
    assert gone.status == 410
    assert "Boris" not in gone.text and colleague not in gone.text
    page = office.web.get(f"/en/registrations/{old}")
    assert page.status == 410 and "handed on" in page.text and "Boris" not in page.text
    for deed in ("transfer", "erase"):
        assert await do(office, door, deed, old, name="C", email="c@example.org") == 410
    assert office.web.ask("DELETE", f"/api/v1/registrations/{old}").status == 410
    assert office.register(slug, person).status == 410, "the old submission makes no registration"


@pytest.mark.parametrize("door", DOORS)
async def test_handing_on_to_somebody_registered_is_answered_the_same(office, postbox, door):
    slug = office.event("seats-5")
    there = guest("Boris", companions=[{"name": "Vera"}])
    theirs = office.register(slug, there).json["token"]
    mine = guest("Aino")
    old = office.register(slug, mine).json["token"]
    before = read(office, theirs).json

    assert await do(office, door, "transfer", old, name="B", email=there["email"].upper()) == DONE[door]

    assert read(office, old).status == 410
    assert read(office, old).text == read(office, old).text
    letter_of_kind(postbox, there["email"], "transfer_refused")
    letter_of_kind(postbox, mine["email"], "transferred_from")
    after = read(office, theirs).json
    assert {**after, "seats": None} == {**before, "seats": None}
    office.seats_become(slug, confirmed=2)


async def test_of_many_hand_overs_at_once_one_is_done(office, postbox):
    slug = office.event("seats-5")
    old = office.register(slug, guest("Aino")).json["token"]
    mark = uuid.uuid4().hex[:8]

    async def attempt(number: int) -> int:
        return await do(office, "socket", "transfer", old, name=f"Taker {number}", email=f"taker-{mark}-{number}@example.org")

    outcomes = await asyncio.gather(*(attempt(number) for number in range(8)))

    assert sorted(outcomes) == [200] + [410] * 7, outcomes
    winner = outcomes.index(200)
    letter = letter_of_kind(postbox, f"taker-{mark}-{winner}@example.org", "transferred_to")
    assert read(office, link_in(letter)).json["name"] == f"Taker {winner}"
    office.seats_become(slug, confirmed=1)


def test_both_answers_are_equal_to_the_byte(office):
    slug = office.event("seats-5")
    there = guest("Boris")
    office.register(slug, there)
    first, second = (office.register(slug, guest("Aino")).json["token"] for _ in range(2))

    known = office.web.send_json("POST", f"/api/v1/registrations/{first}/transfer", {"name": "B", "email": there["email"]})
    fresh = office.web.send_json(
        "POST", f"/api/v1/registrations/{second}/transfer", {"name": "B", "email": "fresh@example.org"})

    assert (known.status, known.body) == (fresh.status, fresh.body)
    assert sorted(known.headers) == sorted(fresh.headers)
    assert read(office, first).text == read(office, second).text


@pytest.mark.parametrize("door", DOORS)
async def test_a_second_registration_behaves_alike_and_moves_nothing(office, postbox, door):
    """What only looks like a registration: handed on and erased like one."""
    slug = office.event("seats-5")
    person = guest("Aino")
    real = office.register(slug, person).json["token"]
    second = office.register(slug, guest("A Stranger", email=person["email"])).json["token"]
    taker = f"taker-{uuid.uuid4().hex[:8]}@example.org"

    assert await do(office, door, "transfer", second, name="Taker", email=taker) == DONE[door]
    new = link_in(letter_of_kind(postbox, taker, "transferred_to"))
    assert read(office, second).status == 410
    assert (read(office, new).json["status"], read(office, new).json["name"]) == ("confirmed", "Taker")
    letter = letter_of_kind(postbox, person["email"], "transfer_void")
    assert link_in(letter) == real
    assert await do(office, door, "erase", new) == DONE[door]
    assert read(office, new).status == 410

    assert read(office, real).json["status"] == "confirmed"
    office.seats_become(slug, confirmed=1)


@pytest.mark.parametrize("door", DOORS)
async def test_wrong_hand_overs_are_refused_and_change_nothing(office, door):
    slug = office.event("seats-5")
    person = guest("Aino")
    token = office.register(slug, person).json["token"]

    for fields in ({"name": "", "email": "b@example.org"}, {"name": "B", "email": "nobody"},
                   {"name": "B", "email": person["email"].upper()}, {"name": "B" * 201, "email": "b@example.org"},
                   {"name": "B", "email": "b@example.org", "language": "sv"}):
        assert await do(office, door, "transfer", token, **fields) == 422, fields
    assert await do(office, door, "transfer", "a" * 43, name="B", email="b@example.org") == 404
    assert read(office, token).json["name"] == "Aino"
    office.web.ask("DELETE", f"/api/v1/registrations/{token}")
    assert await do(office, door, "transfer", token, name="B", email="b@example.org") == 409


def test_nothing_is_handed_on_once_the_event_is_over(new_installation):
    kutsu = new_installation()
    slugs = build_world(kutsu.data / "world.json")
    kutsu.load(kutsu.data / "world.json")
    from harness.fixtures import World

    with kutsu.serve() as server:
        world = World(server, slugs)
        slug = world.event("seats-5")
        token = world.register(slug, guest("Aino")).json["token"]
    kutsu.options[kutsu.options.index("--clock") + 1] = "2027-05-27T20:00:00Z"
    with kutsu.serve() as server:
        answer = server.web.send_json(
            "POST", f"/api/v1/registrations/{token}/transfer", {"name": "B", "email": "b@example.org"})
        assert answer.status == 409, answer.text
        answer.problem("closed")
        page = server.web.get(f"/en/registrations/{token}")
        assert "The event is over" in page.text
        assert "confirm=transfer" not in page.text and "confirm=cancel" not in page.text
        assert "confirm=erase" in page.text, "one's data can be erased for as long as they are there"


def test_everything_held_is_handed_out(office):
    slug = office.event("seats-5")
    person = guest("Aino", answers={"company": True, "size": "micro"}, organisation="Valimo Oy", sessions=[f"s-{slug}-07"])
    token = office.register(slug, person).json["token"]
    office.web.send_json("PATCH", f"/api/v1/registrations/{token}", {"name": "Aino Virtanen"})

    answer = office.web.get(f"/api/v1/registrations/{token}/export")

    assert answer.status == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    data = answer.json
    assert data["registration"]["name"] == "Aino Virtanen" and data["registration"]["organisation"] == "Valimo Oy"
    assert data["submission_id"] == person["submission_id"]
    answers = {each["key"]: each for each in data["answers"]}
    assert answers["size"]["value"] == "micro" and set(answers["size"]["question"]) == {"fi", "en", "ru"}
    assert data["sessions"][0]["id"] == f"s-{slug}-07" and data["sessions"][0]["title"]["fi"]
    assert [mail["kind"] for mail in data["mails"]] == ["confirmed", "changed"]
    assert [each["what"] for each in data["timeline"]] == ["registered", "mail", "mail"]
    by_form = office.web.send_form(f"/fi/registrations/{token}", {"action": "export"})
    assert by_form.status == 200 and by_form.json | {"exported_at": 0} == data | {"exported_at": 0}
    assert office.web.get("/api/v1/registrations/" + "a" * 43 + "/export").status == 404


@pytest.mark.parametrize("door", DOORS)
async def test_what_is_erased_is_gone_everywhere(office, postbox, door):
    slug = office.event("seats-2-at-once") if door == "http" else office.event("seats-2")
    mark = uuid.uuid4().hex[:10]
    person = guest(f"Erik {mark}", email=f"erik-{mark}@example.org", organisation=f"Org {mark}",
                   answers={"company": False, "diet": f"diet {mark}"}, companions=[{"name": f"Friend {mark}"}])
    token = office.register(slug, person).json["token"]
    waiting = office.register(slug, guest("Next")).json["token"]

    assert office.web.get(f"/fi/registrations/{token}?confirm=erase").status == 200
    assert read(office, token).json["status"] == "confirmed", "asking is not doing"
    assert await do(office, door, "erase", token) == DONE[door]

    for path in (f"/api/v1/registrations/{token}", f"/fi/registrations/{token}", f"/api/v1/registrations/{token}/export"):
        answer = office.web.get(path)
        assert answer.status == 410 and mark not in answer.text
    assert read(office, waiting).json["status"] in ("confirmed", "offered"), "the seats are free"
    letter = letter_of_kind(postbox, person["email"], "erased")
    assert mark not in words_of(letter)
    assert office.register(slug, person).status == 409, "the same submission does not come back to life"
    if office.database_url:
        url = office.database_url
        wait_until(lambda: not rows(url, "select 1 from outbox where recipient = %s", person["email"]), 10,
                   "the address is forgotten after the last mail")
        for (table,) in rows(url, "select table_name from information_schema.tables where table_schema = 'public' "
                                  "and table_type = 'BASE TABLE'"):
            assert not rows(url, f'select 1 from "{table}" t where t::text like %s', f"%{mark}%"), table
        [(status, arrival, email)] = rows(
            url, "select status, arrival, email from qa_registration where event_slug = %s order by arrival limit 1", slug)
        assert (status, arrival, email) == ("cancelled", 1, None)


def test_pages_that_ask_before_they_act_do_not_act(office):
    slug = office.event("seats-5")
    token = office.register(slug, guest("Aino")).json["token"]
    for language in ("fi", "en", "ru"):
        for confirm in ("cancel", "transfer", "erase"):
            page = office.web.get(f"/{language}/registrations/{token}?confirm={confirm}&action={confirm}&name=B&email=b@c.de")
            assert page.status == 200 and f'value="{confirm}"' in page.text
    assert read(office, token).json["status"] == "confirmed"


def test_cancelling_may_say_why(office):
    slug = office.event("seats-5")
    token = office.register(slug, guest("Aino")).json["token"]
    page = f"/fi/registrations/{token}"

    assert office.web.send_form(page, {"action": "cancel", "reason": "x" * 501}).status == 422
    assert read(office, token).json["status"] == "confirmed"
    assert office.web.send_form(page, {"action": "cancel", "reason": "Flunssa"}).status == 303
    assert "Flunssa" not in office.web.get(page).text
    if office.database_url:
        [(reason,)] = rows(office.database_url,
                           "select r.details ->> 'cancel_reason' from registration r join event e using (event_id) "
                           "where e.slug = %s", slug)
        assert reason == "Flunssa"


def test_sessions_are_chosen_on_a_form_of_their_own(office):
    slug = office.event("seats-5")
    token = office.register(slug, guest("Aino")).json["token"]
    page = f"/en/registrations/{token}"

    assert office.web.send_form(page, {"action": "sessions", "sessions": f"s-{slug}-07"}).status == 303
    shown = office.web.get(page).text
    assert "My programme" in shown and "Seat reserved" in shown and f'data-session="s-{slug}-07"' in shown
    changed = office.web.send_form(page, {"action": "change", "name": "Aino V", "answers.company": "false"})
    assert changed.status == 303
    assert read(office, token).json["sessions"] == [{"id": f"s-{slug}-07", "status": "confirmed"}], "not part of that form"
    programme = office.web.get(f"{page}/programme")
    assert programme.status == 200 and f'data-session="s-{slug}-07"' in programme.text
    assert f'data-session="s-{slug}-06"' not in programme.text, "somebody else's workshop"
    assert "no-store" in programme.headers["Cache-Control"]
    assert office.web.get("/en/registrations/" + "a" * 43 + "/programme").status == 404
    unknown = office.web.send_form(page, {"action": "sessions", "sessions": "no-such-session"})
    assert unknown.status == 422
    assert office.web.send_form(page, {"action": "sessions"}).status == 303
    assert read(office, token).json["sessions"] == []


def test_links_have_buckets_of_their_own(new_installation):
    """Every deed with a link may write a mail, so a link can be used only so often."""
    from harness.fixtures import World

    kutsu = new_installation()
    slugs = build_world(kutsu.data / "world.json")
    kutsu.load(kutsu.data / "world.json")
    with kutsu.serve("--rate-registrations-per-email", "3") as server:
        world = World(server, slugs)
        slug = world.event("seats-60")
        for method, path, body in [
            ("PATCH", "", {"name": "X"}), ("DELETE", "", {}), ("POST", "/transfer", {"name": "", "email": ""}),
        ]:
            token = world.register(slug, guest("Aino")).json["token"]
            answers = [world.web.send_json(method, f"/api/v1/registrations/{token}{path}", body) for _ in range(5)]
            assert answers[0].status != 429
            answers[-1].problem("too-many-requests")
            assert answers[-1].status == 429 and int(answers[-1].headers["Retry-After"]) >= 1
            page = world.web.send_form(f"/fi/registrations/{token}", {"action": "change", "name": "Y"})
            assert page.status == 429 and page.headers["Retry-After"]
            assert world.web.get(f"/api/v1/registrations/{token}").status == 200, "looking is free"
        asked = [world.web.send_json("POST", "/api/v1/registrations/lost-link", {"email": "a@example.org"}) for _ in range(5)]
        assert asked[0].status == 202 and asked[-1].status == 429


def test_the_position_is_true_without_script(office):
    slug = office.event("seats-2-at-once")
    tokens = [office.register(slug, guest(f"Guest {number}")).json["token"] for number in range(5)]

    assert "number 3" in html.unescape(office.web.get(f"/en/registrations/{tokens[4]}").text)
    office.web.ask("DELETE", f"/api/v1/registrations/{tokens[2]}")
    assert "number 2" in html.unescape(office.web.get(f"/en/registrations/{tokens[4]}").text)
    office.web.ask("DELETE", f"/api/v1/registrations/{tokens[0]}")
    assert "number 1" in html.unescape(office.web.get(f"/en/registrations/{tokens[4]}").text)
    assert read(office, tokens[3]).json["status"] == "confirmed"


def organiser(kutsu, server) -> dict:
    """Signed in; the headers that every request of theirs carries."""
    answer = server.web.send_json("POST", "/api/v1/login", {"email": "org@example.org", "password": "a long enough password"})
    assert answer.status == 200, answer.text
    return {"Cookie": answer.headers["Set-Cookie"].split(";")[0], "X_CSRF_Token": answer.json["csrf_token"]}


def test_a_hybrid_event_asks_how_one_takes_part(new_installation):
    from harness.fixtures import World

    kutsu = new_installation()
    slugs = build_world(kutsu.data / "world.json")
    kutsu.load(kutsu.data / "world.json")
    kutsu.run("user", "add", "org@example.org", "--name", "Organiser", "--role", "owner", "--password-stdin",
              stdin="a long enough password\n")
    with kutsu.serve() as server:
        world = World(server, slugs)
        slug = world.event("seats-5")
        headers = organiser(kutsu, server)
        path = f"/api/v1/events/{slug}/form"
        form = server.web.get(path, **headers)
        assert form.status == 200, form.text
        label = {"fi": "x", "en": "x", "ru": "x"}
        wanted = {"hybrid": True, "pools": [
            {"key": "on_site", "by": "attendance", "label": label, "capacity": 2},
            {"key": "remote", "by": "attendance", "label": label, "capacity": 1}]}
        changed = server.web.send_json("PUT", path, wanted, If_Match=form.headers["ETag"], **headers)
        assert changed.status == 200, changed.text
        page = f"/en/events/{slug}/registrations"
        wait_until(lambda: 'name="attendance"' in server.web.get(page).text, 5, "the form asks")
        assert "2 seats free" in server.web.get(page).text and "1 seat free" in server.web.get(page).text

        person = guest("Aino")
        sent = server.web.send_form(page, {"name": "Aino", "email": person["email"], "answers.company": "false",
                                           "attendance": "remote"})
        assert sent.status == 303, sent.text
        token = sent.headers["Location"].rsplit("/", 1)[1]
        assert read(world, token).json["attendance"] == "remote"
        assert "Remotely" in server.web.get(f"/en/registrations/{token}").text
        here = world.register(slug, guest("Bo", attendance="on_site")).json["token"]
        full = server.web.send_json("PATCH", f"/api/v1/registrations/{here}", {"attendance": "remote"})
        assert full.status == 409 and full.problem("full"), full.text
        back = server.web.send_form(f"/en/registrations/{token}", {"action": "change", "name": "Aino", "attendance": "on_site",
                                                                   "answers.company": "false"})
        assert back.status == 303, back.text
        assert read(world, token).json["attendance"] == "on_site"
        assert server.web.send_json("PATCH", f"/api/v1/registrations/{here}", {"attendance": "remote"}).status == 200
