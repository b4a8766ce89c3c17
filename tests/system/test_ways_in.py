"""Ways in to an event: approval, invitations, seats kept for organisations, opening and closing."""

import re
import urllib.parse

import pytest
from harness.desk import Organiser
from harness.live import Peer, RpcError
from harness.postgres import rows
from harness.program import Kutsu, wait_until
from harness.world import build_world, guest


@pytest.fixture(scope="module")
def desk(world):
    return Organiser(world.server)


def invite(desk, slug: str, *items: dict, **more) -> list[dict]:
    answer = desk.send("POST", f"/api/v1/events/{slug}/invitations", {"items": list(items)} | more)
    assert answer.status == 201, answer.text
    return answer.json["items"]


def invitation(desk, slug: str, number: str) -> dict:
    found = desk.get(f"/api/v1/events/{slug}/invitations").json["items"]
    return next(each for each in found if each["id"] == number)


def form_of(page: str, person: dict, **fields) -> list[tuple[str, str]]:
    """What a browser would send from this form."""
    hidden = {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("submission_id", "form_time")}
    return list((hidden | {"name": person["name"], "email": person["email"], "language": "fi", "website": ""} | fields).items())


async def refusals(world, slug: str, code: str | None) -> list[dict]:
    """The same wrong code at the three doors: problem objects of the API and the socket, the page as one."""
    given = {"invitation": code} if code is not None else {}
    by_http = world.register(slug, guest() | given, Accept_Language="en")
    assert by_http.status == 403, by_http.text
    async with Peer(world.server, language="en") as peer:
        with pytest.raises(RpcError) as refused:
            await peer.call("registration.submit", event=slug, **guest(), **given)
    form = f"/en/events/{slug}/registrations"
    page = world.web.send_form(form, form_of(world.web.get(form).text, guest(), **given))
    assert page.status == 403, page.text
    by_page = re.search(r'id="error-invitation"[^>]*>([^<]+)<', page.text)
    return [by_http.problem("not-allowed"), refused.value.problem, {"errors": [{"detail": by_page and by_page[1]}]}]


async def test_a_code_that_does_not_hold_is_refused_alike_at_every_door(world, desk):
    slug = world.event("invitation-5")
    used, late, gone = invite(
        desk, slug, {"label": "Used", "seats": 1}, {"label": "Late", "seats": 5, "expires": "2027-01-01T12:00"}, {"label": "Gone", "seats": 5},
    )
    assert world.register(slug, guest(invitation=used["code"])).status == 201
    assert desk.send("DELETE", f"/api/v1/events/{slug}/invitations/{gone['id']}", {}).json["state"] == "withdrawn"

    for code in ("", "WRON-GCOD-EXXX", used["code"], late["code"], gone["code"]):
        http, socket, page = await refusals(world, slug, code)
        assert http == socket, code
        assert http["field"] == "invitation" and http["errors"][0]["field"] == "invitation"
        assert page["errors"][0]["detail"] == http["errors"][0]["detail"].replace("'", "&#39;"), code
    world.seats_become(slug, confirmed=1)
    shown = desk.get(f"/app/events/{slug}/invitations", Accept_Language="en").text
    for state in ("registered", "expired", "withdrawn"):
        assert re.search(rf'<span class="state [^"]*">{state}</span>', shown), state


async def test_the_same_code_opens_every_door_however_it_is_typed(world, desk):
    slug = world.event("invitation-5")
    (shared,) = invite(desk, slug, {"label": "Press", "seats": 4})
    code = shared["code"]

    assert world.register(slug, guest(invitation=code.lower().replace("-", " "))).json["status"] == "confirmed"
    async with Peer(world.server) as peer:
        answer = await peer.call("registration.submit", event=slug, **guest(invitation=code.replace("-", "")))
        assert answer["status"] == "confirmed"
    path = f"/fi/events/{slug}/registrations"
    sent = world.web.send_form(path, form_of(world.web.get(path).text, guest(), invitation=code))
    assert sent.status == 303, sent.text
    now_is = invitation(desk, slug, shared["id"])
    assert (now_is["used"], now_is["state"]) == (3, "registered")
    # With companions it would be more than the code is good for.
    crowd = guest(invitation=code, companions=[{"name": "Ville"}])
    assert world.register(slug, crowd).problem("not-allowed")["field"] == "invitation"
    # The code is given back with the seat.
    token = sent.headers["Location"].rsplit("/", 1)[1]
    assert world.web.ask("DELETE", f"/api/v1/registrations/{token}").status == 200
    assert world.register(slug, crowd).status == 201


def test_a_personal_link_opens_the_form_filled_and_is_good_once(world, desk):
    slug = world.event("invitation-5")
    anna = {"name": "Anna <Ivanova>", "email": "anna.invited@example.org", "language": "ru"}
    (sent,) = invite(desk, slug, anna, send=True)
    assert sent["state"] == "invited" and sent["sent_at"]
    link = urllib.parse.urlsplit(sent["link"])
    assert link.path == f"/ru/events/{slug}"

    led = world.web.get(f"{link.path}?{link.query}")
    assert led.status == 303
    page = world.web.get(led.headers["Location"])
    assert page.status == 200 and "no-store" in page.headers["Cache-Control"] and page.headers["X-Robots-Tag"] == "noindex"
    assert 'value="Anna &lt;Ivanova&gt;"' in page.text and 'value="anna.invited@example.org"' in page.text
    assert sent["code"] in page.text
    assert invitation(desk, slug, sent["id"])["state"] == "opened"

    posted = world.web.send_form(f"/ru/events/{slug}/registrations", form_of(page.text, anna, invitation=sent["code"]))
    assert posted.status == 303, posted.text
    assert invitation(desk, slug, sent["id"])["state"] == "registered"
    again = world.web.get(led.headers["Location"])
    assert "anna.invited" not in again.text and 'id="error-invitation"' in again.text
    assert world.register(slug, guest(invitation=sent["code"])).status == 403


def test_a_person_says_no_and_may_change_their_mind(world, desk):
    slug = world.event("invitation-5")
    (sent,) = invite(desk, slug, {"name": "Boris", "email": "boris.invited@example.org"})
    path = f"/en/events/{slug}/invitation"

    assert world.web.get(path).status in (404, 405)
    assert invitation(desk, slug, sent["id"])["state"] == "invited"
    declined = world.web.send_form(path, {"action": "decline", "invitation": sent["code"]})
    assert declined.status == 200 and "registrations?invitation=" in declined.text
    assert invitation(desk, slug, sent["id"])["state"] == "declined"
    assert world.web.send_form(path, {"action": "decline", "invitation": sent["code"]}).status == 200
    assert world.web.send_form(path, {"action": "decline", "invitation": "WRONG"}).status == 403
    assert world.register(slug, guest(invitation=sent["code"])).status == 201
    assert invitation(desk, slug, sent["id"])["state"] == "registered"
    assert world.web.send_form(path, {"action": "decline", "invitation": sent["code"]}).status == 409


def test_a_list_is_taken_whole_or_refused_with_its_lines(world, desk):
    slug = world.event("invitation-5")
    path = f"/api/v1/events/{slug}/invitations"

    refused = desk.send("POST", path, {"lines": "Nimi;Sähköposti\nAnna;anna@list.example\nBoris;boris\nCarl;ANNA@list.example;fi;99"})
    fields = [error["field"] for error in refused.problem("validation")["errors"]]
    assert fields == ["lines.3.email", "lines.4.seats", "lines.4.email"]
    assert desk.get(path).json["items"] == []
    assert desk.send("POST", path, {"lines": "Anna;anna@list.example;ru\nBoris <boris@list.example>"}).status == 201
    twice = desk.send("POST", path, {"items": [{"name": "Anna", "email": "Anna@List.example"}]})
    assert twice.problem("validation")["errors"][0]["field"] == "items.0.email"
    assert [(each["name"], each["language"]) for each in desk.get(path).json["items"]] == [("Boris", "fi"), ("Anna", "ru")]


def test_mails_go_once_and_reminders_not_twice_a_day(world, desk):
    slug = world.event("invitation-5")
    path = f"/api/v1/events/{slug}/invitations"
    anna, shared = invite(desk, slug, {"name": "Anna", "email": f"anna@{slug}.example"}, {"label": "Shared", "seats": 2})

    def send(**what) -> list[str]:
        answer = desk.send("POST", f"{path}/send", what)
        assert answer.status == 200, answer.text
        return [each["outcome"] for each in answer.json["items"]]

    assert send(ids=[anna["id"], shared["id"], "nobody"]) == ["sent", "no_address", "not_found"]
    assert send(ids=[anna["id"]]) == ["sent_before"]
    assert send(ids=[anna["id"]], reminder=True) == ["too_soon"]
    assert send(reminder=True) == []
    if world.database_url:
        kinds = rows(world.database_url, "select kind from qa_mail where recipient = %s", f"anna@{slug}.example")
        assert kinds == [("invitation",)]


def test_an_invitation_is_edited_from_the_version_one_saw(world, desk):
    slug = world.event("invitation-5")
    (made,) = invite(desk, slug, {"label": "Press", "seats": 3})
    path = f"/api/v1/events/{slug}/invitations/{made['id']}"

    edited = desk.send("PATCH", path, {"seats": 2, "label": "Lehdistö"}, If_Match=f'"{made["version"]}"')
    assert edited.status == 200 and edited.json["label"] == "Lehdistö" and edited.headers["ETag"] == f'"{edited.json["version"]}"'
    assert desk.send("PATCH", path, {"seats": 1}, If_Match=f'"{made["version"]}"').problem("conflict")["current"]["seats"] == 2
    assert world.register(slug, guest(invitation=made["code"], companions=[{"name": "Ville"}])).status == 201
    assert desk.send("PATCH", path, {"seats": 1}).status == 409
    assert desk.send("PATCH", path, {"seats": 0}).problem("validation")["field"] == "seats"


def test_organisers_decide_in_bulk_and_never_over_the_capacity(world, desk):
    slug = world.event("approval-2")
    people = [guest(f"Guest {number}") for number in range(4)]
    answers = [world.register(slug, person).json for person in people]
    assert {answer["status"] for answer in answers} == {"pending"}
    world.seats_become(slug, confirmed=0, waitlisted=0, free=2)
    ids = [person["id"] for person in reversed(desk.people(slug)["items"])]
    path = f"/api/v1/events/{slug}/decisions"

    decided = desk.send("POST", path, {"items": [
        {"registration": ids[0], "to": "declined", "template": "late", "reason": {"en": "Own words."}},
        *({"registration": number, "to": "confirmed"} for number in ids[1:]),
        {"registration": "nobody", "to": "confirmed"},
    ]})
    assert decided.status == 200, decided.text
    assert [(each["outcome"], each["status"]) for each in decided.json["items"]] == [
        ("done", "declined"), ("done", "confirmed"), ("done", "confirmed"), ("full", None), ("not-found", None),
    ]
    again = desk.send("POST", path, {"items": [{"registration": ids[3], "to": "confirmed", "if_full": "waitlisted"}]})
    assert again.json["items"] == [{"registration": ids[3], "outcome": "done", "status": "waitlisted"}]
    world.seats_become(slug, confirmed=2, waitlisted=1, free=0)
    if world.database_url:
        kinds = dict(rows(world.database_url, "select recipient, string_agg(kind, ' ' order by kind) from qa_mail where recipient = any(%s) group by 1",
                          [person["email"] for person in people]))
        assert [kinds[person["email"]] for person in people] == ["declined pending", "approved pending", "approved pending", "pending waitlisted"]
        (reason,) = rows(world.database_url, "select params ->> 'reason' from outbox where kind = 'declined' and recipient = %s", people[0]["email"])[0]
        assert reason == "Hakemus tuli määräajan jälkeen."


def test_an_edit_waits_for_approval_again_where_the_event_says_so(world, desk):
    slug = world.event("approval-2")
    form = desk.get(f"/api/v1/events/{slug}/form")
    changed = desk.send("PUT", f"/api/v1/events/{slug}/form", {"reapprove_on_edit": True}, If_Match=form.headers["ETag"])
    assert changed.status == 200, changed.text
    token = world.register(slug, guest()).json["token"]
    number = desk.people(slug)["items"][0]["id"]
    desk.send("POST", f"/api/v1/events/{slug}/decisions", {"items": [{"registration": number, "to": "confirmed"}]})

    same = world.web.send_json("PATCH", f"/api/v1/registrations/{token}", {"name": "Aino N.", "answers": {"company": False}})
    assert same.json["status"] == "confirmed", same.text
    edited = world.web.send_json("PATCH", f"/api/v1/registrations/{token}", {"answers": {"company": False, "diet": "no nuts"}})
    assert edited.json["status"] == "pending", edited.text
    world.seats_become(slug, confirmed=0, free=2)


def test_the_approvals_page_lists_what_could_not_be_done(world, desk):
    slug = world.event("approval-2")
    for number in range(3):
        world.register(slug, guest(f"Guest {number}"))
    path = f"/app/events/{slug}/approvals"
    page = desk.get(path, Accept_Language="en")
    ids = re.findall(r'name="registration" value="([^"]+)"', page.text)
    assert len(ids) == 3, page.text

    nobody = desk.post(path, {"to": "confirmed"}, Accept_Language="en")
    assert nobody.status == 422 and "Choose at least one" in nobody.text
    partly = desk.post(path, [("registration", number) for number in ids] + [("to", "confirmed")], Accept_Language="en")
    assert partly.status == 409 and "no seats are left" in partly.text and "Guest 2" in partly.text
    rest = desk.post(path, [("registration", ids[2]), ("to", "declined"), ("reason.fi", "Ei tällä kertaa.")], Accept_Language="en")
    assert rest.status == 303
    assert "Nobody is waiting" in desk.get(path, Accept_Language="en").text
    forged = world.web.send_form(path, {"to": "confirmed"}, Cookie=desk.cookie, Sec_Fetch_Site="cross-site", Origin="https://evil.example")
    assert forged.status == 403


@pytest.mark.parametrize("role", ["viewer", "door"])
def test_who_may_only_look_decides_nothing(world, role):
    slug = world.event("invitation-5")
    looker = Organiser(world.server, role)

    for path in ("approvals", "invitations", "allotments"):
        assert looker.get(f"/app/events/{slug}/{path}").status == 404
        assert looker.post(f"/app/events/{slug}/{path}", {"action": "add"}).status == 404
    for path in ("invitations", "allotments"):
        assert looker.get(f"/api/v1/events/{slug}/{path}").status == 403
        assert looker.send("POST", f"/api/v1/events/{slug}/{path}", {}).status == 403
    assert looker.send("POST", f"/api/v1/events/{slug}/decisions", {"items": []}).status == 403
    assert world.web.get(f"/api/v1/events/{slug}/invitations").status in (401, 403)


def kept(desk, slug: str, **fields):
    return desk.send("POST", f"/api/v1/events/{slug}/allotments", {
        "organisation": "Silta ry", "contact_name": "Maija", "contact_email": f"maija@{slug}.example", "language": "fi",
        "seats": 3, "until": "2027-05-20T16:00"} | fields)


def token_of(allotment: dict) -> str:
    return allotment["link"].rsplit("/", 1)[1]


def test_a_contact_fills_and_swaps_names_and_others_get_what_is_left(world, desk):
    slug = world.event("seats-5")
    made = kept(desk, slug, send=True)
    assert made.status == 201 and made.json["sent_at"], made.text
    world.seats_become(slug, confirmed=0, free=2)
    for _ in range(2):
        assert world.register(slug, guest()).json["status"] == "confirmed"
    waiting = world.register(slug, guest()).json
    assert waiting["status"] == "waitlisted"
    path = f"/api/v1/allotments/{token_of(made.json)}"

    def name(who: str, method: str = "POST", of: str = ""):
        return world.web.send_json(method, f"{path}/guests{of}", {"name": who, "email": f"{who}@{slug}.example"})

    for who in ("ville", "kalle", "pekka"):
        assert name(who).status == 200
    assert name("matti").problem("full")
    world.seats_become(slug, confirmed=5, waitlisted=1, free=0)
    guests = world.web.get(path).json["guests"]
    assert [(each["name"], each["status"]) for each in guests] == [("ville", "confirmed"), ("kalle", "confirmed"), ("pekka", "confirmed")]
    swapped = name("matti", "PUT", f"/{guests[0]['id']}")
    assert [each["name"] for each in swapped.json["guests"]] == ["kalle", "pekka", "matti"]
    emptied = world.web.ask("DELETE", f"{path}/guests/{guests[1]['id']}")
    assert emptied.json["named"] == 2
    world.seats_become(slug, confirmed=4, waitlisted=1, free=0)

    # The queue gets the empty seat when organisers stop keeping it; those with a name stay.
    ended = desk.send("DELETE", f"/api/v1/events/{slug}/allotments/{made.json['id']}", {})
    assert ended.json["state"] == "withdrawn", ended.text
    assert world.web.get(path).status == 410 and name("late").status == 410
    wait_until(lambda: world.web.get(f"/api/v1/registrations/{waiting['token']}").json["status"] == "offered", 5, "an offer")
    world.seats_become(slug, confirmed=4, waitlisted=0, free=0)
    if world.database_url:
        kinds = rows(world.database_url, "select recipient, kind from qa_mail where recipient like %s order by recipient, kind", f"%@{slug}.example")
        assert kinds == [(f"kalle@{slug}.example", "cancelled"), (f"kalle@{slug}.example", "confirmed"), (f"maija@{slug}.example", "allotment"),
                         (f"matti@{slug}.example", "confirmed"), (f"pekka@{slug}.example", "confirmed"), (f"ville@{slug}.example", "cancelled"),
                         (f"ville@{slug}.example", "confirmed")]
        assert rows(world.database_url, "select * from counter_flaws()") == []


def test_nobody_learns_from_an_allotment_who_is_registered(world, desk):
    slug = world.event("seats-5")
    person = guest()
    world.register(slug, person)
    made = kept(desk, slug).json
    path = f"/api/v1/allotments/{token_of(made)}/guests"

    known = world.web.send_json("POST", path, {"name": "Somebody", "email": person["email"].upper()})
    fresh = world.web.send_json("POST", path, {"name": "Somebody Else", "email": guest()["email"]})
    assert known.status == fresh.status == 200
    assert [each["status"] for each in fresh.json["guests"]] == ["confirmed", "confirmed"]
    assert fresh.json["named"] == 2
    world.seats_become(slug, confirmed=2)


def test_more_seats_than_are_free_cannot_be_kept(world, desk):
    slug = world.event("seats-5")
    path = f"/api/v1/events/{slug}/allotments"

    assert kept(desk, slug, seats=6).problem("full")
    made = kept(desk, slug, seats=4).json
    assert kept(desk, slug, seats=2).problem("full")
    more = desk.send("PATCH", f"{path}/{made['id']}", {"seats": 6})
    assert more.problem("full")
    five = desk.send("PATCH", f"{path}/{made['id']}", {"seats": 5}, If_Match=f'"{made["version"]}"')
    assert five.status == 200, five.text
    assert desk.send("PATCH", f"{path}/{made['id']}", {"seats": 2}, If_Match=f'"{made["version"]}"').status == 409
    assert world.register(slug, guest()).json["status"] == "waitlisted"
    assert kept(desk, slug, until="2028-01-01").problem("validation")["field"] == "until"


def test_the_contacts_page_works_without_javascript(world, desk):
    slug = world.event("seats-5")
    made = kept(desk, slug, seats=1).json
    path = f"/fi/allotments/{token_of(made)}"

    page = world.web.get(path)
    assert page.status == 200 and page.headers["X-Robots-Tag"] == "noindex" and "16.00" in page.text and "18.00" in page.text
    wrong = world.web.send_form(path, {"action": "seat", "new.name": "", "new.email": "x", "new.language": "fi"})
    assert wrong.status == 422 and 'href="#field-new-email"' in wrong.text
    done = world.web.send_form(path, {"action": "seat", "new.name": "Ville", "new.email": f"ville@{slug}.example", "new.language": "fi"})
    assert done.status == 303
    number = re.search(r'name="guest" value="([^"]+)"', world.web.get(path).text)[1]
    assert world.web.send_form(path, {"action": "unseat", "guest": number}).status == 303
    assert "Ville" not in world.web.get(path).text
    assert world.web.get("/fi/allotments/nothing").status == 404


def test_an_event_says_when_registration_opens_and_closed_in_both_cities(world, desk):
    slug = world.event("seats-2")
    path = f"/api/v1/events/{slug}/form"

    def put(**times):
        answer = desk.send("PUT", path, times, If_Match=desk.get(path).headers["ETag"])
        assert answer.status == 200, answer.text

    put(opens="2027-05-10T08:00", closes="2027-05-21T16:00")
    early = world.register(slug, guest(), Accept_Language="fi").problem("not-open-yet")
    assert "8.00 Joensuu" in early["detail"] and "10.00 Petropavl" in early["detail"], early
    page = world.web.get(f"/fi/events/{slug}").text
    assert "8.00 Joensuu" in page and "10.00 Petropavl" in page
    put(opens="2027-04-12T09:00", closes="2027-04-20T16:00")
    late = world.register(slug, guest(), Accept_Language="en").problem("closed")
    assert "16:00 Joensuu" in late["detail"] and "18:00 Petropavl" in late["detail"], late


async def test_an_organiser_decides_over_the_socket_too(world, desk):
    slug = world.event("approval-2")
    world.register(slug, guest())
    number = desk.people(slug)["items"][0]["id"]
    items = [{"registration": number, "to": "confirmed"}]

    async with Peer(world.server) as stranger:
        with pytest.raises(RpcError) as refused:
            await stranger.call("registration.decide", event=slug, items=items)
    assert refused.value.name == "not-allowed", refused.value
    async with desk.peer() as peer:
        decided = await peer.call("registration.decide", event=slug, items=items)
        assert decided == {"items": [{"registration": number, "outcome": "done", "status": "confirmed"}]}
        with pytest.raises(RpcError) as wrong:
            await peer.call("registration.decide", event=slug, items=[{"registration": number, "to": "somewhere"}])
        assert wrong.value.problem["field"] == "items.0.to"


def test_at_the_deadline_empty_seats_go_to_the_queue_once_over_two_processes(tmp_path, cluster):
    """Kept seats of two organisations; one server makes them, two see the deadline come."""
    url = cluster.new_database()
    slugs = build_world(tmp_path / "world.json")
    slug = slugs["seats-2-at-once"][0]
    before = Kutsu(tmp_path / "before", url, "2027-05-03T06:00:00Z")
    before.load(tmp_path / "world.json")
    with before.serve() as server:
        organiser = Organiser(server)
        made = kept(organiser, slug, seats=2, until="2027-05-04T12:00").json
        named = server.web.send_json("POST", f"/api/v1/allotments/{token_of(made)}/guests", {"name": "Ville", "email": "ville@kept.example"})
        assert named.json["named"] == 1, named.text
        waiting = [server.web.send_json("POST", f"/api/v1/events/{slug}/registrations", guest()).json for _ in range(2)]
        assert [each["status"] for each in waiting] == ["waitlisted", "waitlisted"]

    just_before = "2027-05-04T08:59:57Z"  # noon in Joensuu is 9.00 UTC
    with Kutsu(tmp_path / "one", url, just_before).serve() as one, Kutsu(tmp_path / "two", url, just_before).serve():
        def standing(of: dict) -> str:
            return one.web.get(f"/api/v1/registrations/{of['token']}").json["status"]

        assert standing(waiting[0]) == "waitlisted", "nobody is early"
        wait_until(lambda: standing(waiting[0]) == "confirmed", 15, "the empty seat at the deadline")
        assert standing(waiting[1]) == "waitlisted"
        late = one.web.send_json("POST", f"/api/v1/allotments/{token_of(made)}/guests", {"name": "Late", "email": "late@kept.example"})
        assert late.problem("closed")
    assert rows(url, "select state, seats from allotment") == [("released", 2)]
    assert rows(url, "select count(*) from promotion where why = 'released'") == [(1,)]
    assert rows(url, "select count(*) from change where actor = 'clock' and kind = 'seats'") == [(1,)]
    assert rows(url, "select * from counter_flaws()") == []
    assert rows(url, "select status from qa_registration where email = 'ville@kept.example'") == [("confirmed",)]
