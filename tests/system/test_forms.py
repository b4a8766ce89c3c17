"""Forms that organisers edit: every type of question at every door, the definition and its versions, the organisers' page,
import and export."""

import json
import re

import pytest
from harness.desk import Organiser
from harness.forms import Form, database_of, options, question, somebody, words
from harness.postgres import rows
from harness.world import build_world, guest
from test_bad_input import DOORS, WORDS, said

FI = "fi"


# ── Every type at every door ─────────────────────────────────────────────────────────────────────────────────

TYPES = [
    question("t", "text", min=2, max=5), question("l", "long_text"), question("n", "number", min=1, max=9),
    question("c", "choice", options=options("a", "b")), question("m", "multi_choice", options=options("a", "b", "c"), max=2),
    question("b", "boolean"), question("d", "date", min="2027-05-01", max="2027-05-31"), question("land", "country"),
    question("mail", "email"), question("tel", "phone"), question("cv", "file"), question("ok", "consent", required=True),
]
FINE = {
    "t": "abc", "l": "yksi\nkaksi", "n": 7, "c": "b", "m": ["a", "c"], "b": True, "d": "2027-05-27", "land": "KZ",
    "mail": "анна@пример.рф", "tel": "+7 715 246 00 00", "ok": True,
}
WRONG = {
    "t too short": ({"t": "a"}, {"t": "field.too_short"}), "t too long": ({"t": "abcdef"}, {"t": "field.too_long"}),
    "n too small": ({"n": "0"}, {"n": "field.too_small"}), "n too large": ({"n": "10"}, {"n": "field.too_large"}),
    "n no number": ({"n": "seven"}, {"n": "field.expected_number"}), "c unknown": ({"c": "z"}, {"c": "field.unknown_choice"}),
    "m unknown": ({"m": ["a", "z"]}, {"m": "field.unknown_choice"}),
    "m too many": ({"m": ["a", "b", "c"]}, {"m": "field.too_many_choices"}), "d no day": ({"d": "soon"}, {"d": "field.date"}),
    "d too early": ({"d": "2027-04-30"}, {"d": "field.day_too_early"}), "d too late": ({"d": "2027-06-01"}, {"d": "field.day_too_late"}),
    "country unknown": ({"land": "QQ"}, {"land": "field.country"}), "no e-mail": ({"mail": "anna"}, {"mail": "field.email"}),
    "no phone": ({"tel": "call me"}, {"tel": "field.phone"}), "no such file": ({"cv": f"file-{'0' * 32}"}, {"cv": "field.file"}),
    "no file id": ({"cv": "/etc/passwd"}, {"cv": "field.file"}), "no consent": ({"ok": False}, {"ok": "field.consent"}),
    "several": ({"t": "a", "land": "QQ"}, {"t": "field.too_short", "land": "field.country"}),
}


@pytest.fixture(scope="module")
def all_types(world) -> Form:
    return Form(world, *TYPES)


@pytest.mark.parametrize("door", DOORS)
async def test_answers_of_every_type_are_taken_at_every_door(all_types, door):
    cv = all_types.upload().json["id"]
    problem, errors, answer = await DOORS[door](all_types.world.server, all_types.slug, guest(answers=FINE | {"cv": cv}), FI)

    assert problem is None, (problem, errors)
    kept = all_types.answers(answer["token"])
    assert kept == FINE | {"cv": cv}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("case", WRONG)
async def test_answers_that_do_not_fit_are_named_alike_at_every_door(all_types, door, case):
    wrong, expected = WRONG[case]
    typed = {key: int(value) if door != "form" and key == "n" and value.isdigit() else value for key, value in wrong.items()}
    answers = {"ok": True} | typed
    if door == "form":
        answers = {key: value for key, value in answers.items() if value is not False}
    problem, errors, _ = await DOORS[door](all_types.world.server, all_types.slug, guest(answers=answers), FI)

    assert problem == "validation", (problem, errors)
    separator = "-" if door == "form" else "."
    assert set(errors) == {f"answers{separator}{key}" for key in expected}
    for key, message in expected.items():
        assert said(FI, message).search(errors[f"answers{separator}{key}"])


@pytest.mark.parametrize("door", DOORS)
async def test_what_is_not_asked_is_dropped_through_a_chain(world, door):
    form = Form(
        world, question("topics", "multi_choice", options=options("x", "y", "z")),
        question("bus", "boolean", visible_if={"question": "topics", "in": ["x", "y"]}),
        question("stop", "text", required=True, visible_if={"question": "bus", "in": [True]}),
    )
    send = DOORS[door]
    _, errors, _ = await send(world.server, form.slug, guest(answers={"topics": ["y"], "bus": True}), FI)
    assert list(errors) == ["answers-stop" if door == "form" else "answers.stop"]

    _, _, hidden = await send(world.server, form.slug, guest(answers={"topics": ["z"], "bus": True, "stop": "Kuopio"}), FI)
    _, _, asked = await send(world.server, form.slug, guest(answers={"topics": ["z", "x"], "bus": True, "stop": "Kuopio"}), FI)
    assert form.answers(hidden["token"]) == {"topics": ["z"]}
    assert form.answers(asked["token"]) == {"topics": ["z", "x"], "bus": True, "stop": "Kuopio"}


# ── The definition ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_definition_can_be_sent_back_as_it_was_read(world):
    form = Form(world, *TYPES, waitlist=True, offer_hours=6, hybrid=True, session_overlap="warn", group_policy="skip",
                opens="2027-04-12T09:00", closes="2027-05-21T16:00", reminders=False, offer_working_hours=True,
                pools=[{"key": "press", "by": "participant_type", "label": words("Media"), "capacity": 5}])
    read = form.get()
    answer = form.organiser.send("PUT", form.path, read, If_Match=f'"{read["version"]}"')

    assert answer.status == 200, answer.text
    assert answer.headers["ETag"] == f'"{read["version"] + 1}"'
    assert {**answer.json, "version": 0} == {**form.get(), "version": 0} == {**read, "version": 0}
    assert read["opens_at"] == "2027-04-12T09:00:00+03:00"


def test_a_change_is_made_on_the_version_that_was_read(world):
    form = Form(world)
    version = form.get()["version"]
    blind = form.organiser.send("PUT", form.path, {"waitlist": False})
    assert blind.status == 428
    assert form.organiser.send("PUT", form.path, {"waitlist": False}, If_Match=f'"{version}"').status == 200

    late = form.organiser.send("PUT", form.path, {"waitlist": True}, If_Match=f'"{version}"')
    assert late.status == 409
    assert late.problem("conflict")["current"]["version"] == version + 1
    assert late.json["current"]["waitlist"] is False


def test_a_change_reaches_readers_and_watchers(world):
    form = Form(world, question("bus", "boolean"))
    public = world.web.get(form.path).json
    assert [each["key"] for each in public["questions"]] == ["bus"]
    assert "purpose" not in public["questions"][0] and "archived" not in public
    event = world.web.get(f"/api/v1/events/{form.slug}").json
    assert event["registration"]["questions"] == public["questions"]
    kinds = rows(database_of(world), "select kind from qa_change where event_slug = %s", form.slug)
    assert ("form",) in kinds


def test_circles_unknown_references_and_misfits_are_refused_by_path(world):
    form = Form(world)
    circle = [
        question("a", "boolean", visible_if={"question": "b", "in": [True]}),
        question("b", "boolean", visible_if={"question": "a", "in": [True]}),
    ]
    errors = form.refused(questions=circle)
    assert set(errors) == {"questions.0.visible_if.question", "questions.1.visible_if.question"}
    assert said(FI, "field.condition_circle").search(errors["questions.0.visible_if.question"])
    errors = form.refused(questions=[question("a", "boolean", visible_if={"question": "z", "in": [True]}),
                                     question("n", "number", min=5, max=1), question("c", "choice")], admission="perhaps")
    assert set(errors) == {"admission"}  # what cannot be read comes first
    errors = form.refused(questions=[question("a", "boolean", visible_if={"question": "z", "in": [True]}),
                                     question("n", "number", min=5, max=1), question("c", "choice")])
    assert set(errors) == {"questions.0.visible_if.question", "questions.1.max", "questions.2.options"}


def test_only_those_with_the_right_edit_a_form(world):
    form = Form(world)
    sent = {"version": form.get()["version"], "waitlist": False}
    assert world.web.send_json("PUT", form.path, sent).status == 403
    assert somebody(world.server, "viewer").send("PUT", form.path, sent).status == 403
    assert somebody(world.server, "door").send("PUT", form.path, sent).status == 403
    assert form.organiser.web.send_json("PUT", form.path, sent, Cookie=form.organiser.cookie).status == 403  # no CSRF token
    assert somebody(world.server, "editor").send("PUT", form.path, sent).status == 200
    assert world.web.get(f"{form.path}/versions").status == 403


# ── Versions and answers ─────────────────────────────────────────────────────────────────────────────────────


def test_answers_keep_the_version_they_answered_and_archived_questions_their_answers(world):
    form = Form(world, question("diet", "text"), question("bus", "boolean"))
    first = form.get()["version"]
    token = form.register(answers={"diet": "kasvis", "bus": True})["token"]
    assert "questions" in form.refused(questions=[question("bus", "boolean")])
    assert "questions.0.type" in form.refused(questions=[question("diet", "number"), question("bus", "boolean")])

    put = form.put(questions=[question("bus", "boolean"), question("stop", "text")], archive=True)
    assert [each["key"] for each in put["archived"]] == ["diet"]
    changed = world.web.send_json("PATCH", f"/api/v1/registrations/{token}", {"answers": {"bus": True, "stop": "Kuopio"}})
    assert changed.status == 200, changed.text
    assert form.answers(token) == {"diet": "kasvis", "bus": True, "stop": "Kuopio"}
    versions = dict(rows(
        database_of(world), "select a.key, a.form_version from registration_answer a join registration r using (registration_id) "
        "join event e using (event_id) where e.slug = %s", form.slug))
    assert versions == {"diet": first, "bus": first, "stop": put["version"]}

    listed = form.organiser.get(f"{form.path}/versions").json["items"]
    assert [each["version"] for each in listed] == list(range(put["version"], 0, -1))
    old = form.organiser.get(f"{form.path}/versions/{first}").json
    assert [each["key"] for each in old["questions"]] == ["diet", "bus"]


def test_a_new_required_question_does_not_lock_out_those_who_registered_before(world):
    form = Form(world, question("bus", "boolean"))
    token = form.register(answers={"bus": True})["token"]
    form.put(questions=[question("bus", "boolean"), question("stop", "text", required=True)])
    path = f"/api/v1/registrations/{token}"

    assert world.web.send_json("PATCH", path, {"answers": {"bus": False}}).status == 200
    assert world.web.send_json("PATCH", path, {"answers": {"bus": False, "stop": "Kuopio"}}).status == 200
    assert world.web.send_json("PATCH", path, {"answers": {"bus": False}}).status == 422


def test_overlapping_sessions_are_a_warning_where_the_form_says_so(world):
    form = Form(world, session_overlap="warn")
    overlapping = [each["id"] for each in world.web.get(f"/api/v1/events/{form.slug}").json["agenda"]["sessions"] if each.get("sign_up")][:2]
    receipt = form.register(answers={}, sessions=overlapping)

    assert receipt["warnings"] == ["sessions_overlap"]
    page = world.web.get(f"/fi/registrations/{receipt['token']}").text
    assert WORDS[FI]["warning.sessions_overlap"] in page
    form.put(session_overlap="refuse")
    assert world.register(form.slug, guest(answers={}, sessions=overlapping)).status == 422
    assert "warnings" not in form.register(answers={}, sessions=overlapping[:1])


# ── The organisers' page ─────────────────────────────────────────────────────────────────────────────────────


def test_an_organiser_edits_a_form_without_scripts(world):
    form = Form(world, question("company", "boolean"))
    path = f"/app/events/{form.slug}/form"
    page = form.organiser.get(path, Accept_Language="en").text
    assert "company?" in page
    sent = {
        "action": "question", "version": form.get()["version"], "before": "", "key": "stop", "type": "choice", "label.fi": "Pysäkki",
        "label.en": "Stop", "label.ru": "", "options": "a | Asema | Station | Вокзал\nb | Tori", "required": "true", "step": "2",
        "visible_if": "company", "visible_if_in": "true", "min": "", "max": "", "purpose": "", "retention_days": "",
    }
    assert form.organiser.post(path, sent).headers["Location"] == f"{path}?done=question"
    stop = form.get()["questions"][1]
    assert stop["visible_if"] == {"question": "company", "in": [True]}
    assert stop["options"][0]["label"] == {"fi": "Asema", "en": "Station", "ru": "Вокзал"}
    gaps = form.organiser.get(path, Accept_Language="en").text
    assert "stop – missing: English, Russian" in gaps

    again = form.organiser.post(path, sent)
    assert again.status == 409  # made on a version that is no longer
    wrong = form.organiser.post(path, sent | {"version": form.get()["version"], "key": "Oh no", "type": "number", "min": "many"}, Accept_Language="en")
    assert wrong.status == 422
    assert WORDS["en"]["field.question_key"] in wrong.text and WORDS["en"]["field.bound"] in wrong.text
    assert "Pysäkki" in wrong.text  # what was typed is kept

    move = {"action": "move", "version": form.get()["version"], "key": "stop", "direction": "up"}
    assert form.organiser.post(path, move).status == 303
    assert [each["key"] for each in form.get()["questions"]] == ["stop", "company"]
    settings = {"action": "settings", "version": form.get()["version"], "time_zone": "Europe/Helsinki", "opens": "2027-04-01T08:00",
                "closes": "", "admission": "open", "group_policy": "skip", "session_overlap": "warn", "offer_hours": "", "pools": ""}
    assert form.organiser.post(path, settings).status == 303
    assert form.get()["group_policy"] == "skip" and form.get()["waitlist"] is False and form.get()["closes"] is None
    remove = {"action": "remove", "version": form.get()["version"], "key": "stop"}
    assert form.organiser.post(path, remove).status == 303
    assert [each["key"] for each in form.get()["questions"]] == ["company"]
    assert form.organiser.get(f"{path}?version=2").status == 200
    for language in ("fi", "en", "ru"):
        assert form.organiser.get(f"{path}?preview={language}", Accept_Language=language).status == 200


def test_the_organisers_page_is_for_organisers_and_from_our_own_pages(world):
    form = Form(world)
    path = f"/app/events/{form.slug}/form"
    assert world.web.get(path).status == 303
    assert somebody(world.server, "viewer").get(path).status == 403
    sent = {"action": "settings", "version": form.get()["version"]}
    foreign = form.organiser.post(path, sent, Origin="https://evil.example", Sec_Fetch_Site="cross-site")
    assert foreign.status == 403


# ── In and out ───────────────────────────────────────────────────────────────────────────────────────────────


def test_forms_survive_export_and_import(new_installation, tmp_path):
    kutsu = new_installation()
    slugs = build_world(kutsu.data / "world.json")
    kutsu.load(kutsu.data / "world.json")
    slug = slugs["seats-60"][0]
    with kutsu.serve() as server:
        organiser = Organiser(server)
        path = f"/api/v1/events/{slug}/form"
        questions = [
            question("bus", "boolean", help=words("Lähtee klo 7")), question("n", "number", min=1, max=9, step=2),
            question("d", "date", min="2027-05-01", step=2), question("old", "text"), question("cv", "file"),
            question("m", "multi_choice", options=options("a", "b"), visible_if={"question": "bus", "in": [True]}),
        ]
        assert organiser.send("PUT", path, {"version": 1, "questions": questions, "session_overlap": "warn", "hybrid": True}).status == 200
        server.web.send_json("POST", f"/api/v1/events/{slug}/registrations", guest(answers={"old": "kept", "bus": True}))
        put = organiser.send("PUT", path, {"version": 2, "questions": [each for each in questions if each["key"] != "old"], "archive": True})
        assert put.status == 200, put.text
        before = organiser.get(path).json
    exported = tmp_path / "out.json"
    exported.write_text(kutsu.run("export").stdout, encoding="utf-8")

    other = new_installation()
    other.load(exported)
    with other.serve() as server:
        after = Organiser(server).get(path).json

    def same(form: dict) -> dict:
        versions = ("version", "added_in_version", "archived_in_version")
        text = json.dumps({key: value for key, value in form.items() if key not in versions})
        return json.loads(re.sub(r'"(added|archived)_in_version": \d+', r'"\1_in_version": 0', text))

    assert same(after) == same(before)


def test_an_import_with_a_circle_names_its_place(new_installation, tmp_path):
    kutsu = new_installation()
    build_world(kutsu.data / "world.json")
    project = json.loads((kutsu.data / "world.json").read_text(encoding="utf-8"))
    number, event = next((number, event) for number, event in enumerate(project["events"]) if event["id"] == "ev-sem-spring")
    event["registration"]["questions"] = [
        {"key": "a", "type": "BOOLEAN", "label": {"fi": "A"}, "visible_if": {"question": "b", "in": [True]}},
        {"key": "b", "type": "BOOLEAN", "label": {"fi": "B"}, "visible_if": {"question": "a", "in": [True]}},
    ]
    file = tmp_path / "circle.json"
    file.write_text(json.dumps(project), encoding="utf-8")
    said_ = kutsu.run("import", str(file), expect=1).stderr
    assert f"$.events[{number}].registration.questions[0].visible_if.question" in said_
    assert f"$.events[{number}].registration.questions[1].visible_if.question" in said_
