"""Registration by HTTP and by socket: one vocabulary, the same answers (contract, section 5)."""

import asyncio
import uuid

import pytest
from harness.live import Peer, RpcError
from harness.postgres import rows
from harness.world import guest


def stored(world, slug: str) -> list[tuple]:
    """(submission_id, email, status, arrival, position) by arrival; only where the tests know the database."""
    if not world.database_url:
        pytest.skip("the private cluster is private")
    return rows(
        world.database_url,
        "select submission_id::text, email, status, arrival, position from qa_registration where event_slug = %s order by arrival",
        slug,
    )


def test_201_with_location_then_200_then_conflict(world):
    slug = world.event("seats-60")
    person = guest()

    first = world.register(slug, person)
    again = world.register(slug, person)
    other = world.register(slug, person | {"name": "Somebody Else"})

    assert first.status == 201, first.text
    assert first.json["token"] in first.headers["Location"]
    assert first.json == first.json | {"status": "confirmed", "event": slug, "sessions": []}
    assert first.json["position"] is None
    assert first.json["seats"] == {"capacity": 60, "confirmed": 1, "waitlisted": 0, "free": 59}
    assert again.status == 200 and again.json["token"] == first.json["token"]
    assert other.status == 409
    problem = other.problem("conflict")
    assert "current" in problem and first.json["token"] not in other.text
    world.seats_become(slug, confirmed=1)


def test_the_idempotency_key_is_the_submission_id_by_another_name(world):
    slug = world.event("seats-60")
    person = guest()
    key = person.pop("submission_id")

    first = world.register(slug, person, Idempotency_Key=key)
    again = world.register(slug, person, Idempotency_Key=key)
    by_field = world.register(slug, person | {"submission_id": key})

    assert (first.status, again.status, by_field.status) == (201, 200, 200)
    assert first.json["token"] == again.json["token"] == by_field.json["token"]


async def test_the_socket_gives_the_same_answer_and_the_same_token(world):
    slug = world.event("seats-60")
    person = guest()

    async with Peer(world.server) as peer:
        by_socket = await peer.call("registration.submit", event=slug, **person)
    by_http = world.register(slug, person)

    assert by_socket["status"] == "confirmed"
    assert by_http.status == 200
    assert by_http.json["token"] == by_socket["token"]


@pytest.mark.parametrize(
    "change, field",
    [
        ({"name": ""}, "name"), ({"name": "   "}, "name"), ({"name": "x" * 201}, "name"), ({"name": None}, "name"),
        ({"name": "a\u0000b"}, "name"), ({"name": 7}, "name"),
        ({"email": "nobody"}, "email"), ({"email": "a@b@c.example"}, "email"), ({"email": "a b@example.org"}, "email"),
        ({"email": "x" * 250 + "@example.org"}, "email"), ({"email": "a@example.org\r\nBcc: b@example.org"}, "email"),
        ({"language": "sv"}, "language"), ({"submission_id": "7"}, "submission_id"), ({"attendance": "perhaps"}, "attendance"),
        ({"answers": {"company": True}}, "answers.size"), ({"answers": {"company": "perhaps"}}, "answers.company"),
        ({"answers": {"company": True, "size": "giant"}}, "answers.size"),
        ({"answers": {"company": False, "colour": "red"}}, "answers.colour"), ({"answers": []}, "answers"),
        ({"sessions": ["no-such-session"]}, "sessions"), ({"companions": [{"email": "x@example.org"}]}, "companions.0.name"),
        ({"companions": [{"name": "x"}] * 10}, "companions"),
    ],
)
async def test_a_wrong_field_is_named_on_both_doors(world, change, field):
    person = {key: value for key, value in (guest() | change).items() if value is not None}

    by_http = world.register("ev-sem-spring", person)
    async with Peer(world.server) as peer:
        with pytest.raises(RpcError) as by_socket:
            await peer.call("registration.submit", event="ev-sem-spring", **person)

    assert by_http.status == 422, by_http.text
    fields = [error["field"] for error in by_http.problem("validation")["errors"]]
    assert any(each == field or each.startswith(field + ".") for each in fields), fields
    assert 1000 <= by_socket.value.code <= 1999
    assert by_socket.value.name == "validation"
    assert [error["field"] for error in by_socket.value.problem["errors"]] == fields


def test_all_wrong_fields_are_named_at_once_in_the_callers_language(world):
    answer = world.register("ev-sem-spring", {"submission_id": str(uuid.uuid4())}, Accept_Language="ru")

    errors = {error["field"]: error["detail"] for error in answer.problem("validation")["errors"]}
    assert {"name", "email"} <= set(errors)
    assert all(any("а" <= letter <= "я" for letter in detail.lower()) for detail in errors.values()), errors


def test_refusals_by_event(silta):
    web = silta.web
    for slug, name, status in [
        ("no-such-event", "not-found", 404), ("ev-trip-a", "not-found", 404), ("ev-sem-jns", "closed", 409),
    ]:
        answer = web.send_json("POST", f"/api/v1/events/{slug}/registrations", guest())
        assert answer.status == status or 400 <= answer.status < 500, answer.text
        answer.problem(name)


def test_full_without_a_waiting_list(world):
    slug = world.event("seats-1-no-queue")

    assert world.register(slug, guest()).json["status"] == "confirmed"
    full = world.register(slug, guest())

    assert 400 <= full.status < 500
    full.problem("full")


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "\ud800", '{"name": "\\ud800"}', '{"a":' * 200 + "1" + "}" * 200])
def test_a_body_that_is_no_object_is_refused(world, body):
    answer = world.web.ask(
        "POST", "/api/v1/events/ev-sem-spring/registrations", body.encode("utf-8", "surrogatepass"),
        {"Content-Type": "application/json"},
    )

    assert 400 <= answer.status < 500, answer.text
    assert answer.headers.get_content_type() == "application/problem+json"


NAMES = [
    "Светлана Щербинина", "Ёжиков Йосиф", "Åsa Öström", "Nguye\u0302\u0303n Thi\u0323", "李小龙", "👩🏽‍🚀 Kosmo", "عائشة بنت محمد",
    "שלום עליכם", "O'Brien <script>alert(1)</script>", "x" * 200, "щ" * 200, '"; drop table registration; --', "a\u200bb", "{name}",
]


@pytest.mark.parametrize("name", NAMES)
def test_every_script_survives(world, name):
    import unicodedata

    person = guest(name, organisation=name[:100])
    token = world.register("ev-sem-spring", person).json["token"]

    read = world.web.get(f"/api/v1/registrations/{token}").json
    assert unicodedata.normalize("NFC", read["name"]) == unicodedata.normalize("NFC", name)
    page = world.web.get(f"/en/registrations/{token}")
    assert page.status == 200
    assert "<script>alert(1)" not in page.text


async def test_200_at_once_for_60_seats(world):
    slug = world.event("seats-60")
    people = [guest(f"Guest {number}") for number in range(200)]

    async def submit(person):
        async with Peer(world.server) as peer:
            return await peer.call("registration.submit", event=slug, **person)

    answers = await asyncio.gather(*(submit(person) for person in people))

    confirmed = [answer for answer in answers if answer["status"] == "confirmed"]
    waiting = [answer for answer in answers if answer["status"] == "waitlisted"]
    assert len(confirmed) == 60 and len(waiting) == 140
    assert sorted(answer["position"] for answer in waiting) == list(range(1, 141))
    assert len({answer["token"] for answer in answers}) == 200
    world.seats_become(slug, capacity=60, confirmed=60, waitlisted=140, free=0)

    again = await asyncio.gather(*(submit(person) for person in people[::7]))
    assert [answer["token"] for answer in again] == [answer["token"] for answer in answers[::7]]

    table = stored(world, slug)
    assert len(table) == 200
    assert [row[2] for row in table] == ["confirmed"] * 60 + ["waitlisted"] * 140
    assert [row[4] for row in table[60:]] == list(range(1, 141))
    by_id = {row[0]: row for row in table}
    for person, answer in zip(people, answers):
        row = by_id[person["submission_id"]]
        assert (row[1], row[2], row[4]) == (person["email"], answer["status"], answer["position"])


async def test_200_at_once_on_one_socket(world):
    slug = world.event("seats-60")
    async with Peer(world.server) as peer:
        answers = await asyncio.gather(*(peer.call("registration.submit", event=slug, **guest()) for _ in range(200)))

    assert sum(answer["status"] == "confirmed" for answer in answers) == 60
    assert sorted(answer["position"] for answer in answers if answer["position"]) == list(range(1, 141))


async def test_the_same_submission_from_many_sockets_is_one_registration(world):
    slug = world.event("seats-60")
    person = guest()

    async def submit():
        async with Peer(world.server) as peer:
            return await peer.call("registration.submit", event=slug, **person)

    answers = await asyncio.gather(*(submit() for _ in range(20)))

    assert len({answer["token"] for answer in answers}) == 1
    world.seats_become(slug, confirmed=1)


def test_the_change_log_has_no_gap(world):
    slug = world.event("seats-60")
    for number in range(5):
        world.register(slug, guest(f"Guest {number}"))
    if not world.database_url:
        pytest.skip("the private cluster is private")

    versions = [row[0] for row in rows(
        world.database_url, "select event_version from qa_change where event_slug = %s order by event_version", slug)]

    assert versions == list(range(versions[0], versions[0] + len(versions)))
    assert len(versions) >= 5


@pytest.mark.parametrize(
    "view, columns",
    [
        ("qa_registration", "id event_slug submission_id email status arrival position"),
        ("qa_change", "event_slug event_version kind at actor"),
        ("qa_mail", "dedupe_key recipient kind state sent_at"),
    ],
)
def test_the_views_for_auditors_have_stable_columns(world, view, columns):
    if not world.database_url:
        pytest.skip("the private cluster is private")

    question = "select column_name from information_schema.columns where table_name = %s order by ordinal_position"

    assert " ".join(row[0] for row in rows(world.database_url, question, view)) == columns


def test_nobody_learns_who_is_registered(world):
    slug = world.event("seats-60")
    person = guest("Aino Nieminen")
    first = world.register(slug, person)

    second = world.register(slug, guest("A Stranger", email=person["email"].upper()))
    fresh = world.register(slug, guest("A Stranger"))

    assert second.status == fresh.status == 201
    assert sorted(second.json) == sorted(fresh.json)
    assert second.json["status"] == fresh.json["status"]
    assert second.json["token"] != first.json["token"]
    assert "Nieminen" not in second.text
    assert sorted(name for name in second.headers) == sorted(name for name in fresh.headers)
    if world.database_url:
        assert len([row for row in stored(world, slug) if row[1].lower() == person["email"].lower()]) == 1


async def test_a_freed_seat_is_offered_to_the_first_in_the_queue(world):
    slug = world.event("seats-2")
    first, second, third, fourth = (world.register(slug, guest(f"Guest {number}")).json for number in range(4))
    assert [each["status"] for each in (first, second, third, fourth)] == ["confirmed", "confirmed", "waitlisted", "waitlisted"]
    assert (third["position"], fourth["position"]) == (1, 2)

    async with Peer(world.server) as peer:
        cancelled = await peer.call("registration.cancel", token=first["token"])
        assert cancelled["status"] == "cancelled"
        assert (await peer.call("registration.get", token=third["token"]))["status"] == "offered"
        moved_up = await peer.call("registration.get", token=fourth["token"])
        assert (moved_up["status"], moved_up["position"]) == ("waitlisted", 1)

        newcomer = await peer.call("registration.submit", event=slug, **guest("Newcomer"))
        assert newcomer["status"] == "waitlisted"

        accepted = await peer.call("registration.accept", token=third["token"])
        assert accepted["status"] == "confirmed"
        assert (await peer.call("registration.cancel", token=first["token"]))["status"] == "cancelled"
        world.seats_become(slug, confirmed=2, free=0)

        await peer.call("registration.cancel", token=second["token"])
        declined = await peer.call("registration.decline", token=fourth["token"])
        assert declined["status"] in ("declined", "cancelled")
        assert (await peer.call("registration.get", token=newcomer["token"]))["status"] == "offered"


def test_without_offers_a_freed_seat_is_taken_at_once(world):
    slug = world.event("seats-2-at-once")
    tokens = [world.register(slug, guest(f"Guest {number}")).json["token"] for number in range(3)]

    gone = world.web.ask("DELETE", f"/api/v1/registrations/{tokens[0]}")

    assert gone.status == 200 and gone.json["status"] == "cancelled"
    assert world.web.get(f"/api/v1/registrations/{tokens[2]}").json["status"] == "confirmed"


async def test_what_a_person_may_change(world):
    slug = world.event("seats-5")
    token = world.register(slug, guest("Aino")).json["token"]

    by_http = world.web.send_json("PATCH", f"/api/v1/registrations/{token}", {"name": "Aino Virtanen", "language": "ru"})
    assert by_http.status == 200, by_http.text
    async with Peer(world.server) as peer:
        by_socket = await peer.call("registration.change", token=token, answers={"company": True, "size": "micro"})

    assert by_socket["name"] == "Aino Virtanen"
    read = world.web.get(f"/api/v1/registrations/{token}").json
    assert (read["name"], read["language"], read["answers"]) == ("Aino Virtanen", "ru", {"company": True, "size": "micro"})


def test_parties_are_seated_or_queued_whole(world):
    slug = world.event("seats-5")

    three = world.register(slug, guest("Three", companions=[{"name": "Two"}, {"name": "Three"}])).json
    four = world.register(slug, guest("Four", companions=[{"name": name} for name in "abc"])).json
    one = world.register(slug, guest("One")).json

    assert three["status"] == "confirmed" and three["seats"]["confirmed"] == 3
    assert four["status"] == "waitlisted"
    assert one["status"] == "waitlisted", "nobody passes an earlier party"


def test_sessions_with_their_own_seats(world):
    slug = world.event("seats-60")
    workshop = f"s-{slug}-07"  # workshop B, 12 seats

    answers = [world.register(slug, guest(f"Guest {number}", sessions=[workshop])).json for number in range(13)]

    assert [answer["sessions"] for answer in answers[:12]] == [[{"id": workshop, "status": "confirmed"}]] * 12
    assert answers[12]["sessions"] == [{"id": workshop, "status": "waitlisted"}]
    overlapping = world.register(slug, guest(sessions=[workshop, f"s-{slug}-06"]))
    assert overlapping.status == 422
