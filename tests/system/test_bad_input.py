"""Bad input at the three doors: the socket, JSON over HTTP and the plain form name the same problem and the same fields, in
the caller's language; what only looks bad is kept as it is and never interpreted."""

import html
import json
import re
import uuid

import pytest
from harness.live import Peer, RpcError
from harness.program import ROOT
from harness.world import guest
from websockets.frames import Opcode

SPRING = "ev-sem-spring"
LANGUAGES = ("fi", "en", "ru")
WORDS = {language: json.loads((ROOT / f"server/messages/{language}.json").read_text(encoding="utf-8")) for language in LANGUAGES}


def said(language: str, key: str) -> re.Pattern:
    """The catalogue's words, whatever the numbers in them."""
    parts = re.split(r"\{[^{}]*\}", WORDS[language][key])
    return re.compile(".*".join(re.escape(part) for part in parts))


# ── The doors: each takes a person and gives (problem, {field: words}) or (None, token) ──────────────────────────


async def by_socket(server, slug: str, person: dict, language: str):
    async with Peer(server, language=language) as peer:
        try:
            answer = await peer.call("registration.submit", event=slug, **person)
        except RpcError as error:
            problem = error.problem
            return error.name, {each["field"]: each["detail"] for each in problem.get("errors", [])}, problem
    return None, {}, answer


async def by_json(server, slug: str, person: dict, language: str):
    answer = server.web.send_json("POST", f"/api/v1/events/{slug}/registrations", person, Accept_Language=language)
    if answer.status in (200, 201):
        return None, {}, answer.json
    problem = answer.json
    return problem["type"].removeprefix("/problems/"), {each["field"]: each["detail"] for each in problem.get("errors", [])}, problem


def fields_of(person: dict) -> list[tuple[str, str]]:
    """As the form of the page names them."""
    fields: list[tuple[str, str]] = []
    for name, value in person.items():
        if name == "answers":
            for key, answer in value.items():
                for each in answer if isinstance(answer, list) else [answer]:
                    fields.append((f"answers.{key}", {True: "true", False: "false"}.get(each, each)))
        elif name == "sessions":
            fields += [("sessions", each) for each in value]
        elif name == "companions":
            for number, companion in enumerate(value):
                fields += [(f"companions.{number}.{key}", each) for key, each in companion.items()]
        else:
            fields.append((name, value))
    return fields


def summary_of(page: str) -> dict[str, str]:
    """The list of errors at the top of the form: field → words. Ids have dashes where names have dots."""
    links = re.findall(r'<a href="#field-([^"]+)">(.*?)</a>', page, re.S)
    return {field: html.unescape(re.sub(r"<[^>]+>", "", words)) for field, words in links}


async def by_form(server, slug: str, person: dict, language: str):
    answer = server.web.send_form(f"/{language}/events/{slug}/registrations", fields_of(person))
    if answer.status == 303:
        return None, {}, {"token": answer.headers["Location"].rsplit("/", 1)[1]}
    names = {409: ("closed", "not-open-yet", "full", "conflict"), 422: ("validation",), 403: ("not-allowed",), 404: ("not-found",)}
    possible = names.get(answer.status, ())
    problem = next((name for name in possible if len(possible) == 1 or mentions(answer.text, language, name)), None)
    return problem or f"HTTP {answer.status}", summary_of(answer.text), {"page": answer.text}


def mentions(page: str, language: str, name: str) -> bool:
    shown = html.unescape(re.sub(r"<[^>]+>", "", page))
    keys = [key for key in WORDS[language] if key.startswith(f"problem.{name}.") and key.endswith(("detail", "title"))]
    return any(said(language, key).search(shown) for key in keys) or any(
        said(language, key).search(shown) for key in FORM_WORDS.get(name, ()))


FORM_WORDS = {"closed": ("state.closed",), "not-open-yet": ("state.not_open_yet",), "full": ("state.full",)}
DOORS = {"socket": by_socket, "json": by_json, "form": by_form}


# ── What is refused by its fields ────────────────────────────────────────────────────────────────────────────


def with_answers(**answers) -> dict:
    return {"answers": {"company": False} | answers}


LONG = "ä" * 201
BOUNDS = {
    "name too long": ({"name": LONG}, {"name": "field.name"}),
    "name empty": ({"name": ""}, {"name": "field.name"}),
    "name of blanks": ({"name": " \t "}, {"name": "field.name"}),
    "e-mail too long": ({"email": "a" * 60 + "@" + "b" * 190 + ".org"}, {"email": "field.email"}),
    "e-mail without @": ({"email": "aino.example.org"}, {"email": "field.email"}),
    "e-mail empty": ({"email": ""}, {"email": "field.email"}),
    "organisation too long": ({"organisation": LONG}, {"organisation": "field.too_long"}),
    "other script too long": ({"name_other_script": LONG}, {"name_other_script": "field.too_long"}),
    "invitation too long": ({"invitation": "x" * 201}, {"invitation": "field.too_long"}),
    "language not offered": ({"language": "sv"}, {"language": "field.language"}),
    "language that is none": ({"language": "../fi"}, {"language": "field.language"}),
    "no such attendance": ({"attendance": "perhaps"}, {"attendance": "field.unknown_choice"}),
    "no such type": ({"participant_type": "king"}, {"participant_type": "field.unknown_choice"}),
    "id is no UUID": ({"submission_id": "7"}, {"submission_id": "field.submission_id"}),
    "answer too long": (with_answers(diet="x" * 501), {"answers.diet": "field.too_long"}),
    "answer missing": ({"answers": {"company": True}}, {"answers.size": "field.missing"}),
    "no such option": (with_answers(company=True, size="giant"), {"answers.size": "field.unknown_choice"}),
    "option of another language": (with_answers(channel="suomi"), {"answers.channel": "field.unknown_choice"}),
    "unknown question": (with_answers(colour="red"), {"answers.colour": "field.unknown_question"}),
    "question with a path": (with_answers(**{"diet.x": "red"}), {"answers.diet.x": "field.unknown_question"}),
    "unknown field": ({"colour": "red"}, {"colour": "field.unknown"}),
    "field of another method": ({"token": "x" * 43}, {"token": "field.unknown"}),
    "ten companions": ({"companions": [{"name": "Liisa"}] * 10}, {"companions": "field.too_many"}),
    "companion's name too long": ({"companions": [{"name": LONG}]}, {"companions.0.name": "field.name"}),
    "companion's e-mail": ({"companions": [{"name": "Liisa"}, {"name": "Eki", "email": "eki@"}]}, {"companions.1.email": "field.email"}),
    "companion without a name": ({"companions": [{"email": "x@example.org"}]}, {"companions.0.name": "field.missing"}),
    "companion with more": ({"companions": [{"name": "Liisa", "age": "7"}]}, {"companions.0.age": "field.unknown"}),
    "no such session": ({"sessions": ["no-such-session"]}, {"sessions": "field.unknown_session"}),
    "session that takes no sign-up": ({"sessions": ["s-spr-01"]}, {"sessions": "field.unknown_session"}),
    "session twice": ({"sessions": ["s-spr-06", "s-spr-06"]}, {"sessions": "field.session_twice"}),
    "too many sessions": ({"sessions": [f"s-{number}" for number in range(51)]}, {"sessions": "field.too_many"}),
    "NUL in the name": ({"name": "Ai\0no"}, {"name": "field.bad_characters"}),
    "NUL in the e-mail": ({"email": "ai\0no@example.org"}, {"email": "field.bad_characters"}),
    "NUL in the organisation": ({"organisation": "\0"}, {"organisation": "field.bad_characters"}),
    "NUL in an answer": (with_answers(diet="a\0b"), {"answers.diet": "field.bad_characters"}),
    "NUL in a companion": ({"companions": [{"name": "a\0b"}]}, {"companions.0.name": "field.bad_characters"}),
    "CRLF in the e-mail": ({"email": "a@example.org\r\nBcc: b@example.org"}, {"email": "field.email"}),
    "several at once": (
        {"name": "", "email": "x", "language": "sv", "answers": {"company": True, "colour": "red"}},
        {"name": "field.name", "email": "field.email", "language": "field.language", "answers.colour": "field.unknown_question",
         "answers.size": "field.missing"},
    ),
}


@pytest.mark.parametrize("case", BOUNDS)
async def test_the_same_fields_are_wrong_at_every_door(world, case):
    change, expected = BOUNDS[case]
    for number, (door, submit) in enumerate(DOORS.items()):
        language = LANGUAGES[(number + len(case)) % 3]
        person = guest() | change
        problem, fields, _ = await submit(world.server, SPRING, person, language)
        wanted = {name.replace(".", "-") if door == "form" else name: key for name, key in expected.items()}

        assert problem == "validation", (door, problem, fields)
        assert set(fields) == set(wanted), (door, fields)
        for field, key in wanted.items():
            assert said(language, key).search(fields[field]), (door, language, field, fields[field])


async def test_a_session_of_another_event_is_not_ours(world):
    other = world.event("seats-60")
    for door, submit in DOORS.items():
        person = guest(sessions=[f"s-{other}-06"])
        problem, fields, _ = await submit(world.server, SPRING, person, "en")
        assert (problem, set(fields)) == ("validation", {"sessions"}), door


# A form has only text; JSON has types.
TYPES = {
    "name": 5, "email": ["a@example.org"], "language": {"fi": True}, "organisation": False, "name_other_script": 1.5,
    "attendance": 1, "participant_type": [], "invitation": 42, "submission_id": 7, "answers": ["company"], "sessions": "s-spr-06",
    "companions": {"name": "Liisa"},
}


@pytest.mark.parametrize("field", TYPES)
async def test_a_field_of_the_wrong_type_is_named(world, field):
    answers = [await submit(world.server, SPRING, guest() | {field: TYPES[field]}, "ru") for submit in (by_socket, by_json)]

    for problem, fields, _ in answers:
        assert problem == "validation"
        assert list(fields) == [field]
    assert answers[0][1] == answers[1][1]
    assert re.search("[а-я]", answers[0][1][field])


@pytest.mark.parametrize(
    "answers, field",
    [({"company": "perhaps"}, "company"), ({"company": False, "diet": 5}, "diet"), ({"company": True, "size": ["micro"]}, "size"),
     ({"company": False, "channel": {"fi": 1}}, "channel"), ({"company": 1}, "company")],
)
async def test_an_answer_of_the_wrong_type_is_named(world, answers, field):
    for submit in (by_socket, by_json):
        problem, fields, _ = await submit(world.server, SPRING, guest(answers=answers), "fi")
        assert (problem, list(fields)) == ("validation", [f"answers.{field}"])


# ── What is refused as a whole ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("slug, name", [("ev-sem-jns", "closed"), ("ev-ws-2", "not-found"), ("ev-no-such", "not-found")])
@pytest.mark.parametrize("spoilt", [{}, {"name": "", "colour": "red"}])
async def test_a_date_says_more_than_a_field(silta, slug, name, spoilt):
    for number, (door, submit) in enumerate(DOORS.items()):
        problem, fields, _ = await submit(silta, slug, guest() | spoilt, LANGUAGES[number])
        assert (problem, fields) == (name, {}), door


# ── What only looks bad ──────────────────────────────────────────────────────────────────────────────────────

HARMLESS = {
    "CRLF in a name": ("Aino\r\nBcc: all@example.org", "Aino Bcc: all@example.org"),
    "a formula": ('=HYPERLINK("http://evil.example";"Aino")', None),
    "a command of a spreadsheet": ("@SUM(1+1)*cmd|' /C calc'!A0", None),
    "control characters": ("Ai\x1b[31mno", "Ai[31mno"),
    "markup": ("<script>alert(1)</script><b>Aino</b>", None),
    "an entity": ("Aino &amp; Eki", None),
    "a homograph": ("Аinо Niеminеn", None),  # Cyrillic А, о, е
    "a placeholder": ("{event} %s ${x} {{7*7}}", None),
    "SQL": ("'); drop table registration; --", None),
    "right to left": ("\u202eonia", "\u202eonia"),
    "a mononym in Kazakh": ("Қайрат", None),
    "combining marks": ("Ştšerbinina", None),
    "200 characters of four bytes": ("𐍈" * 200, None),
}


@pytest.mark.parametrize("case", HARMLESS)
async def test_what_only_looks_bad_is_kept_and_shown_as_text(world, case):
    name, kept = HARMLESS[case]
    slug = world.event("seats-60")
    names = set()
    for door, submit in DOORS.items():
        problem, fields, answer = await submit(world.server, slug, guest(name), "en")
        assert problem is None, (door, problem, fields)
        page = world.web.get(f"/en/registrations/{answer['token']}")
        assert page.status == 200
        assert "<script>alert" not in page.text and "<b>Aino" not in page.text
        names.add(world.web.get(f"/api/v1/registrations/{answer['token']}").json["name"])
    assert names == {kept or name}


async def test_addresses_that_look_alike_are_two_people(world):
    slug = world.event("seats-60")
    number = uuid.uuid4().hex[:8]
    for email in (f"anna{number}@example.org", f"аnna{number}@example.org"):  # the second begins with a Cyrillic а
        for door, submit in DOORS.items():
            problem, fields, _ = await submit(world.server, slug, guest(email=email), "ru")
            assert problem is None, (door, fields)
    world.seats_become(slug, confirmed=2)


async def test_an_answer_to_a_hidden_question_is_dropped_at_every_door(world):
    """A form without JavaScript shows every question, so answering one that does not apply is nobody's mistake."""
    slug = world.event("seats-60")
    for door, submit in DOORS.items():
        problem, fields, answer = await submit(world.server, slug, guest(answers={"company": False, "size": "giant"}), "en")
        assert problem is None, (door, fields)
        kept = world.web.get(f"/api/v1/registrations/{answer['token']}").json["answers"]
        assert kept == {"company": False}, door


# ── What is not even text ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("broken", [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"Ain\xc3"])
async def test_bytes_that_are_no_utf_8_are_refused_at_every_door(world, broken):
    text = json.dumps(guest("NAME"), ensure_ascii=False).encode().replace(b"NAME", broken)
    answer = world.web.ask(
        "POST", f"/api/v1/events/{SPRING}/registrations", text, {"Content-Type": "application/json", "Accept-Language": "ru"})
    assert answer.status == 400, answer.text
    assert said("ru", "problem.not-json.detail").search(answer.problem("validation")["detail"])

    escaped = "".join(f"%{byte:02X}" for byte in broken)
    person = "&".join(f"{name}={escaped if name == 'name' else value}" for name, value in fields_of(guest()))
    page = world.web.ask("POST", f"/fi/events/{SPRING}/registrations", person, {
        "Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"})
    assert page.status == 422
    assert said("fi", "field.bad_characters").search(summary_of(page.text)["name"])

    async with Peer(world.server) as peer:
        frame = b'{"jsonrpc":"2.0","id":1,"method":"registration.submit","params":' + text + b"}"
        await peer.socket.write_frame(True, Opcode.TEXT, frame)
        assert await peer.closed_with() == 1007


@pytest.mark.parametrize("body", ['{"name": "\\ud800"}', '{"name": "x"', "[]", "null", '"x"', ""])
async def test_what_is_no_json_object_is_refused_at_both_doors(world, body):
    answer = world.web.ask(
        "POST", f"/api/v1/events/{SPRING}/registrations", body, {"Content-Type": "application/json", "Accept-Language": "en"})
    assert answer.status == 400 and answer.problem("validation")["detail"] == WORDS["en"]["problem.not-json.detail"]

    async with Peer(world.server) as peer:
        message = '{"jsonrpc": "2.0", "id": 99, "method": "registration.submit", "params": %s}' % (body or "{")
        error = (await peer.send_text(message))["error"]
        assert error["code"] in (-32700, -32600, -32602), error
