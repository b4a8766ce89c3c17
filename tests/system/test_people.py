"""The people of an event for those who run it: list, search, files, decisions, and watching them arrive."""

import csv
import email
import email.policy
import io
import re
import urllib.parse
import xml.etree.ElementTree
import zipfile

import pytest
from harness.desk import Organiser
from harness.live import Peer, RpcError
from harness.program import DEMO, wait_until
from harness.world import guest

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def desk(world):
    return Organiser(world.server)


def names(found: dict) -> list[str]:
    return [person["name"] for person in found["items"]]


def fill(world, slug: str, *people: dict) -> list[dict]:
    answers = [world.register(slug, person) for person in people]
    assert [answer.status for answer in answers] == [201] * len(people), answers[-1].text
    return [answer.json for answer in answers]


def quoted(**query: str) -> str:
    return "?" + urllib.parse.urlencode(query)


def test_a_list_is_searched_in_any_script_narrowed_counted_sorted_and_paged(world, desk):
    slug = world.event("seats-60")
    fill(
        world, slug,
        guest("Щербинина Светлана", language="ru", organisation="Белая степь"),
        guest("Väinö Äikäs", organisation="Oy Äijä"), guest("Anna Ivanova", answers={"company": True, "size": "micro"}),
        guest("Boris Ёлкин", answers={"company": False, "diet": "no nuts"}),
    )

    assert names(desk.people(slug)) == ["Boris Ёлкин", "Anna Ivanova", "Väinö Äikäs", "Щербинина Светлана"]
    for query in ("štšerbinina", "SHCHERB", "Щербинин", "belaja"):
        assert names(desk.people(slug, quoted(q=query))) == ["Щербинина Светлана"], query
    assert names(desk.people(slug, quoted(q="aikas"))) == ["Väinö Äikäs"]
    assert names(desk.people(slug, quoted(q="jolkin boris"))) == ["Boris Ёлкин"]
    assert desk.people(slug, quoted(q="nobody"))["total"] == 0

    narrowed = desk.people(slug, "?language=fi&answer.company=false&sort=name")
    assert names(narrowed) == ["Boris Ёлкин", "Väinö Äikäs"]
    assert (narrowed["total"], narrowed["all"]) == (2, 4)
    counts = {each["value"]: each["count"] for each in narrowed["facets"]["answer.company"]}
    assert counts == {"false": 2, "true": 1}
    assert {each["value"]: each["count"] for each in narrowed["facets"]["language"]} == {"fi": 2, "ru": 1}

    together, cursor = [], ""
    while cursor is not None:
        page = desk.people(slug, f"?sort=name&limit=3{cursor and '&cursor=' + cursor}")
        together += names(page)
        cursor = page["next"]
    assert together == names(desk.people(slug, "?sort=name")) and len(together) == 4


def test_sensitive_answers_are_masked_until_asked_for_and_looking_is_kept(world, desk):
    slug = world.event("seats-60")
    fill(world, slug, guest("Anna", answers={"company": False, "diet": "no nuts"}), guest("Boris"))

    hidden = next(person for person in desk.people(slug)["items"] if person["name"] == "Anna")
    assert hidden["answers"] == {"company": False, "diet": "•••"}
    assert "no nuts" not in desk.get(f"/app/events/{slug}").text
    assert "no nuts" not in desk.get(f"/app/events/{slug}/people.csv").text
    assert desk.get(f"/api/v1/events/{slug}/people?answer.diet=no+nuts").status == 422
    assert names(desk.people(slug, "?answer.diet=")) == ["Boris"]

    path = f"/api/v1/events/{slug}/people/{hidden['id']}"
    assert desk.get(path + "?reveal=diet").json["answers"]["diet"] == "no nuts"
    looked = [each for each in desk.get(path).json["timeline"] if each["kind"] == "looked"]
    assert [(each["detail"], each["by"]) for each in looked] == [("diet", "Organiser")]


def test_an_edit_is_made_on_the_version_that_was_seen(world, desk):
    slug = world.event("seats-60")
    fill(world, slug, guest("Anna"), guest("Boris", email="boris@example.org"))
    anna = desk.people(slug, quoted(q="anna"))["items"][0]
    path = f"/api/v1/events/{slug}/people/{anna['id']}"
    tag = desk.get(path).headers["ETag"]

    edited = desk.send("PATCH", path, {"name": "Анна Белл", "tags": ["vip", "press"], "note": "calls back"}, If_Match=tag)
    stale = desk.send("PATCH", path, {"note": "another"}, If_Match=tag)
    taken = desk.send("PATCH", path, {"email": "Boris@example.org"})
    wrong = desk.send("PATCH", path, {"name": "", "tags": "vip", "shoe": 43})
    foreign = desk.web.send_json("PATCH", path, {"note": "x"}, Cookie=desk.cookie)

    assert edited.status == 200, edited.text
    assert (edited.json["name"], edited.json["tags"], edited.json["note"]) == ("Анна Белл", ["press", "vip"], "calls back")
    assert edited.headers["ETag"] != tag
    assert stale.status == 409 and stale.problem("conflict")["current"]["note"] == "calls back"
    assert taken.status == 409 and taken.problem("conflict")
    assert {error["field"] for error in wrong.problem("validation")["errors"]} == {"name", "tags", "shoe"}
    assert foreign.status == 403
    assert names(desk.people(slug, quoted(q="bell"))) == ["Анна Белл"]
    assert names(desk.people(slug, "?tag=vip")) == ["Анна Белл"]
    assert "edited" in [each["kind"] for each in desk.get(path).json["timeline"]]


def test_whoever_was_erased_stays_nobody(world, desk):
    slug = world.event("seats-5")
    token = fill(world, slug, guest("Anna Bell"))[0]["token"]
    person = desk.people(slug)["items"][0]["id"]
    path = f"/api/v1/events/{slug}/people/{person}"
    desk.send("PATCH", path, {"tags": ["vip"], "note": "knows everybody"})

    assert world.web.send_json("POST", f"/api/v1/registrations/{token}/erase", {}).status == 200
    left = desk.get(path)
    assert "Bell" not in left.text and left.json["tags"] == [] and left.json["note"] is None
    assert desk.people(slug, quoted(q="bell"))["total"] == 0
    assert desk.send("PATCH", path, {"name": "Anna Bell"}).status == 410
    desk.send("POST", f"/api/v1/events/{slug}/people/bulk", {"action": "tag", "tag": "vip", "ids": [person]})
    assert desk.get(path).json["tags"] == []


def test_adding_somebody_goes_through_the_desk(world, desk):
    slug = world.event("seats-2")
    add = lambda **fields: desk.send("POST", f"/api/v1/events/{slug}/people", {"answers": {"company": False}} | fields)

    first = add(name="Walk In", email="walk@example.org", source="walk_in")
    twice = add(name="Walk In", email="WALK@example.org")
    add(name="Second", email="second@example.org")
    third = add(name="Third", email="third@example.org")
    wrong = add(name="", email="x", source="form")

    assert first.status == 201 and first.json["source"] == "walk_in" and first.json["status"] == "confirmed"
    assert first.headers["Location"].endswith(first.json["id"])
    assert twice.status == 409 and twice.problem("conflict")["current"]["id"] == first.json["id"]
    assert (third.json["status"], third.json["position"], third.json["source"]) == ("waitlisted", 1, "organiser")
    assert wrong.status == 422
    world.seats_become(slug, confirmed=2, waitlisted=1)


def test_a_bulk_deed_says_what_became_of_each(world, desk):
    slug = world.event("seats-2")
    fill(world, slug, *(guest(name) for name in ("Anna", "Boris", "Cecilia", "Dora")))
    by_name = {person["name"]: person for person in desk.people(slug)["items"]}
    bulk = lambda **body: desk.send("POST", f"/api/v1/events/{slug}/people/bulk", body)

    tagged = bulk(action="tag", tag="bus", filter={"status": ["waitlisted"]})
    refused = bulk(action="approve", ids=[by_name["Dora"]["id"], "nobody"])
    cancelled = bulk(action="cancel", ids=[by_name["Anna"]["id"], by_name["Anna"]["id"]])

    assert (tagged.json["done"], tagged.json["failed"]) == (2, 0), tagged.text
    assert [each["outcome"] for each in refused.json["results"]] == ["full", "not_found"]
    assert [each["outcome"] for each in cancelled.json["results"]] == ["done", "unchanged"]
    assert sorted(names(desk.people(slug, "?tag=bus"))) == ["Cecilia", "Dora"]
    assert {person["name"]: person["status"] for person in desk.people(slug)["items"]}["Anna"] == "cancelled"
    for body, field in [({"action": "fly", "ids": ["x"]}, "action"), ({"action": "tag", "tag": "x"}, "ids"),
                        ({"action": "tag", "ids": ["x"]}, "tag"), ({"action": "tag", "filter": {"shoe": ["43"]}}, "shoe")]:
        assert [error["field"] for error in bulk(**body).problem("validation")["errors"]] == [field]


def test_a_list_is_taken_away_as_a_table(world, desk):
    slug = world.event("seats-60")
    fill(world, slug, guest("=1+1", organisation="@x"), guest("Щербинина; \"Света\"", language="ru"))

    finnish = desk.get(f"/api/v1/events/{slug}/people.csv?lang=fi")
    english = desk.get(f"/app/events/{slug}/people.csv?lang=en")
    table = list(csv.reader(io.StringIO(finnish.body.decode("utf-8-sig")), delimiter=";"))

    assert finnish.body.startswith(b"\xef\xbb\xbf") and b"\r\n" in finnish.body
    assert finnish.headers["Content-Disposition"] == f'attachment; filename="{slug}.csv"'
    assert [row[1] for row in table] == ["Nimi", "'=1+1", 'Щербинина; "Света"']
    assert table[1][4] == "'@x" and table[0][5] == "Tila"
    assert english.text.startswith('"Arrival number","Name",')

    book = zipfile.ZipFile(io.BytesIO(desk.get(f"/api/v1/events/{slug}/people.xlsx?lang=ru").body))
    sheet = xml.etree.ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    texts = ["".join(each.itertext()) for each in xml.etree.ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
    assert sheet.find(f".//{SHEET}f") is None, "no formula"
    assert sheet.find(f".//{SHEET}pane").get("state") == "frozen"
    assert "=1+1" in texts and 'Щербинина; "Света"' in texts and "Номер поступления" in texts
    row = sheet.findall(f".//{SHEET}row")[1]
    assert row.find(f"{SHEET}c").get("t") is None, "numbers are numbers"


def test_each_role_sees_its_share(world, desk):
    slug = world.event("seats-60")
    fill(world, slug, guest("Anna", organisation="Secret Oy"))
    api = f"/api/v1/events/{slug}/people"
    person = desk.people(slug)["items"][0]["id"]

    for role in ("door", "viewer"):
        other = Organiser(world.server, role)
        item = other.people(slug)["items"][0]
        assert {"name", "status"} <= set(item) and not {"email", "organisation", "answers", "note"} & set(item)
        assert "Secret Oy" not in other.get(f"/app/events/{slug}").text
        assert other.people(slug, quoted(q="secret"))["total"] == 0
        assert other.get(f"{api}?organisation=Secret+Oy").status == 403
        assert other.get(f"{api}.csv").status == 403
        assert other.send("PATCH", f"{api}/{person}", {"note": "x"}).status == 403
        assert other.send("POST", f"{api}/bulk", {"action": "cancel", "ids": [person]}).status == 403
    translator = Organiser(world.server, "translator")
    assert translator.get(api).status == 403
    assert translator.get(f"/app/events/{slug}").status == 404
    assert world.web.get(api).status == 403
    assert world.web.get(f"/app/events/{slug}").status == 303


async def test_people_arrive_on_the_socket_of_those_who_may_see_them(world, desk):
    slug = world.event("seats-60")
    fill(world, slug, guest("Anna"))

    async with desk.peer() as peer:
        watched = await peer.call("people.watch", event=slug)
        assert names(watched) == ["Anna"] and watched["event"] == slug
        fill(world, slug, guest("Boris"))
        arrived = await peer.next_notification("people.changed")
        assert [(person["name"], person["status"]) for person in arrived["people"]] == [("Boris", "confirmed")]
        boris = arrived["people"][0]
        desk.send("PATCH", f"/api/v1/events/{slug}/people/{boris['id']}", {"note": "late"})
        changed = await peer.next_notification("people.changed")
        assert [(person["name"], person["note"]) for person in changed["people"]] == [("Boris", "late")]

        desk.web.send_json("POST", "/api/v1/logout", {}, Cookie=desk.cookie, X_CSRF_Token=desk.csrf)
        fill(world, slug, guest("Cecilia"))
        ended = await peer.next_notification("people.changed")
        assert ended == {"event": slug, "ended": True}
    again = Organiser(world.server)
    desk.cookie, desk.csrf = again.cookie, again.csrf


async def test_people_are_watched_by_nobody_else(world):
    slug = world.event("seats-60")
    async with Peer(world.server) as stranger:
        with pytest.raises(RpcError) as refused:
            await stranger.call("people.watch", event=slug)
        assert refused.value.name == "not-allowed"
    async with Organiser(world.server, "translator").peer() as translator:
        with pytest.raises(RpcError) as refused:
            await translator.call("people.watch", event=slug)
        assert refused.value.name == "not-allowed"
    async with Organiser(world.server, "door").peer() as door:
        await door.call("people.watch", event=slug)
        fill(world, slug, guest("Anna", organisation="Secret Oy"))
        arrived = await door.next_notification("people.changed")
        assert arrived["people"][0]["name"] == "Anna" and "organisation" not in arrived["people"][0]


def test_the_table_works_without_javascript(world, desk):
    slug = world.event("seats-2")
    fill(world, slug, *(guest(name) for name in ("Anna", "Boris", "Cecilia")))
    page = desk.get(f"/app/events/{slug}?lang=en").text
    ids = dict(zip(("Cecilia", "Boris", "Anna"), re.findall(r'name="id" value="([a-z0-9]+)"', page)))
    assert len(ids) == 3

    asked = desk.post(f"/app/events/{slug}/bulk", {"action": "cancel", "id": ids["Anna"]}, Accept_Language="en")
    assert asked.status == 200 and 'name="confirm"' in asked.text and "Anna" in asked.text
    assert desk.people(slug, quoted(q="anna"))["items"][0]["status"] == "confirmed", "nothing has happened yet"
    done = desk.post(f"/app/events/{slug}/bulk", {"action": "cancel", "id": ids["Anna"], "confirm": "1"})
    assert done.status == 303
    assert desk.people(slug, quoted(q="anna"))["items"][0]["status"] == "cancelled"

    person = f"/app/events/{slug}/people/{ids['Boris']}"
    shown = desk.get(person + "?lang=en").text
    version = re.search(r'name="version" value="(\d+)"', shown)[1]
    fields = {"action": "edit", "version": version, "name": "Boris B", "email": "b@example.org", "tags": "vip, bus", "note": "hi"}
    assert desk.post(person, fields).status == 303
    again = desk.post(person, fields, Accept_Language="en")
    assert again.status == 409 and "changed this registration meanwhile" in again.text
    assert desk.people(slug, "?tag=vip")["items"][0]["name"] == "Boris B"
    foreign = desk.web.ask("POST", person, urllib.parse.urlencode(fields), {"Cookie": desk.cookie, "Origin": "http://evil.example"})
    assert foreign.status == 403

    assert desk.post(f"/app/events/{slug}/capacity", {"capacity": "5"}).status == 303
    world.seats_become(slug, capacity=5)
    too_few = desk.post(f"/app/events/{slug}/capacity", {"capacity": "1"})
    assert too_few.status == 409


def test_a_list_is_looked_over_and_then_registered_exactly_as_it_was(world, desk):
    slug = world.event("seats-5")
    fill(world, slug, guest("Here Already", email="here@example.org"))
    path = f"/api/v1/events/{slug}/people/import"
    rows = "ФИО;Эл. почта;Организация\r\n" + "".join(f"Гость {n};guest{n}@example.org;ООО\r\n" for n in range(1, 7))
    rows += "Here;HERE@example.org;\r\nTwice;guest1@example.org;\r\nBroken;no address;\r\n"
    headers = desk.headers | {"Content-Type": "text/csv", "Accept-Language": "en"}

    looked = desk.web.ask("POST", path + "?preview=1", rows.encode("windows-1251"), headers).json
    assert looked["encoding"] == "windows-1251" and looked["delimiter"] == ";"
    assert [column["field"] for column in looked["columns"]] == ["name", "email", "organisation"]
    assert looked["good"] == 6
    assert [row["duplicate"] for row in looked["rows"]][6:] == ["event", "file", None]
    assert looked["rows"][8]["line"] == 10 and looked["rows"][8]["errors"][0]["field"] == "email"
    assert desk.people(slug)["all"] == 1, "nothing is saved by looking"

    done = desk.send("POST", path, {"import": looked["import"]})
    again = desk.send("POST", path, {"import": looked["import"]})
    unknown = desk.send("POST", path, {"import": "0" * 64})
    assert (done.json["registered"], done.json["failed"]) == (6, 0), done.text
    assert [row["outcome"] for row in done.json["rows"]] == ["confirmed"] * 4 + ["waitlisted"] * 2
    assert {row["outcome"] for row in again.json["rows"]} == {"seen"}
    assert unknown.status == 410
    people = desk.people(slug, "?sort=arrival&source=import")
    assert names(people) == [f"Гость {n}" for n in range(1, 7)], "in the order of the rows"
    assert [person["position"] for person in people["items"]] == [None] * 4 + [1, 2]
    world.seats_become(slug, confirmed=5, waitlisted=2)


def test_a_list_is_brought_without_javascript(world, desk):
    slug = world.event("seats-60")
    page = f"/app/events/{slug}/import"
    assert desk.get(page).status == 200

    wrong = desk.post(page, {"text": "Name;Shoe\nA;43"}, Accept_Language="en")
    assert wrong.status == 422 and "No column holds the e-mail address" in wrong.text and "A;43" in wrong.text
    looked = desk.post(page, {"text": "Who,Where\nAnna,anna@example.org\nBoris,boris"} , Accept_Language="en")
    assert looked.status == 422
    looked = desk.post(
        page, [("text", "Who,Where\nAnna,anna@example.org\nBoris,boris"), ("column", "name"), ("column", "email")], Accept_Language="en",
    )
    assert looked.status == 200 and "2 rows, of which 1 are fine" in looked.text
    chosen = re.search(r'name="import" value="([0-9a-f]{64})"', looked.text)[1]
    assert desk.post(page, {"import": chosen}).status == 303
    assert names(desk.people(slug)) == ["Anna"]


def test_a_message_is_looked_at_tried_sent_and_taken_back(world, desk):
    slug = world.event("seats-5")
    fill(
        world, slug, guest("Anna", email="anna.mail@example.org", language="en"), guest("Мария", email="maria.mail@example.org", language="ru"),
        guest("Väinö", email="vaino.mail@example.org", answers={"company": False, "diet": "no nuts"}),
    )
    path = f"/api/v1/events/{slug}/messages"
    draft = {
        "subject": {"en": "About {event}", "fi": "Tapahtumasta"}, "body": {"en": "Dear {name},\n\nyou are {status}.", "fi": "Hei {name}"},
        "filter": {"status": ["confirmed"], "answer.diet": [""]},
    }
    write = lambda **more: desk.send("POST", path, draft | more, Accept_Language="en")

    look = write(action="preview").json
    assert look["recipients"] == 2 and look["by_language"] == {"en": 1, "ru": 1} and look["missing"] == ["ru"]
    assert "confirmed" in look["whom"] and "not answered" in look["whom"]
    assert look["sample"]["body"] == "Dear Anna,\n\nyou are confirmed."
    wrong = write(action="send", body={"en": "Dear\n{shoe}"}, subject={"en": "x"}).problem("validation")
    assert wrong["errors"][0]["field"] == "body.en" and "Line 2" in wrong["errors"][0]["detail"]
    assert write(action="send", count=7).problem("validation")["errors"][0]["field"] == "count"
    assert write(action="send", filter={"status": ["pending"]}).problem("validation")["errors"][0]["field"] == "filter"
    assert write(action="try").json == {"letters": 2}
    assert desk.get(path).json["items"] == []

    sent = write(action="send", count=2)
    assert sent.status == 201 and sent.json["recipients"] == 2, sent.text
    undone = desk.send("POST", f"{path}/{sent.json['id']}/undo", {})
    assert undone.status == 200 and undone.json["state"] == "undone"
    assert desk.send("POST", f"{path}/{sent.json['id']}/undo", {}).status == 409
    assert desk.send("POST", f"{path}/nothing/undo", {}).status == 404
    assert [item["state"] for item in desk.get(path).json["items"]] == ["undone"]
    door = Organiser(world.server, "door")
    assert door.send("POST", path, draft | {"action": "send"}).status == 403 and door.get(path).status == 403


def test_a_message_arrives_once_after_the_moment_to_undo_it(installation):
    installation.load(DEMO / "silta-2.json")
    with installation.serve() as server:
        desk = Organiser(server)
        slug = "ev-sem-spring"
        assert server.web.send_json(
            "POST", f"/api/v1/events/{slug}/registrations", guest("Anna Bell", email="anna.bell@example.org", language="en"),
        ).status == 201
        page = f"/app/events/{slug}/mail?status=confirmed&q=anna"
        fields = {"subject.en": "Rooms", "body.en": "Dear {name},\r\n\r\nbring shoes.", "subject.fi": "", "body.fi": ""}
        looked = desk.post(page, fields | {"action": "preview"}, Accept_Language="en")
        assert looked.status == 200 and "bring shoes." in looked.text and "Send 1 message" in looked.text
        wrong = desk.post(page, fields | {"action": "send", "body.en": "{shoe}", "count": "1"}, Accept_Language="en")
        assert wrong.status == 422 and "unknown place shoe" in wrong.text
        assert desk.post(page, fields | {"action": "send", "count": "1"}).status == 303

        mails = installation.data / "mail"
        ours = lambda: [letter for letter in mails.glob("*.eml") if b"organiser_message" in letter.read_bytes()]
        assert ours() == []
        assert desk.get(f"/api/v1/events/{slug}/messages").json["items"][0]["sent"] == 0
        wait_until(lambda: desk.get(f"/api/v1/events/{slug}/messages").json["items"][0]["sent"] == 1, 60)
        assert len(ours()) == 1
        letter = email.message_from_bytes(ours()[0].read_bytes(), policy=email.policy.default)
        text = letter.get_body(("plain",)).get_content()
        assert letter["To"] == "anna.bell@example.org" and letter["Subject"] == "Rooms"
        assert "Dear Anna Bell," in text and "bring shoes." in text and "/en/registrations/" in text
