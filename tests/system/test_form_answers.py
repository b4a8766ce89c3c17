"""Files as answers, and what is asked after registering."""

import http.client
import re

import pytest
from harness.forms import Form, post_form, question, somebody
from harness.world import guest
from test_bad_input import DOORS, WORDS

FI = "fi"


# ── Files ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_comes_with_the_plain_form_and_is_only_ever_saved(world):
    form = Form(world, question("cv", "file", required=True))
    page = world.web.get(f"/fi/events/{form.slug}/registrations").text
    assert f'action="/fi/events/{form.slug}/registrations/files"' in page and 'enctype="multipart/form-data"' in page

    path = f"/fi/events/{form.slug}/registrations/files"
    sent = post_form(world, path, [("name", "Aino"), ("email", "cv@example.org")], [("answers.cv", "<b>cv</b>.html", b"%PDF-1.7 x")])
    assert sent.status == 303, sent.text
    token = sent.headers["Location"].rsplit("/", 1)[1]
    file = form.answers(token)["cv"]
    got = form.organiser.get(f"/api/v1/events/{form.slug}/files/{file}")
    assert got.body == b"%PDF-1.7 x"
    assert got.headers["Content-Type"] == "application/pdf"
    assert got.headers["Content-Disposition"].startswith("attachment; ")
    assert got.headers["Content-Security-Policy"] == "sandbox"
    assert world.web.get(f"/api/v1/events/{form.slug}/files/{file}").status == 403
    assert somebody(world.server, "viewer").get(f"/api/v1/events/{form.slug}/files/{file}").status == 403


def test_a_form_with_mistakes_keeps_the_file_that_came_with_it(world):
    form = Form(world, question("cv", "file", required=True))
    path = f"/fi/events/{form.slug}/registrations/files"
    back = post_form(world, path, [("name", ""), ("email", "keep@example.org")], [("answers.cv", "oma.pdf", b"%PDF-1.7 y")])
    assert back.status == 422
    kept = re.search(r'name="answers.cv" value="(file-[0-9a-f]{32})"', back.text).group(1)
    assert "oma.pdf" in back.text

    sent = post_form(world, path, [("name", "Aino"), ("email", "keep@example.org"), ("answers.cv", kept)], [("answers.cv", "", b"")])
    assert sent.status == 303
    assert form.answers(sent.headers["Location"].rsplit("/", 1)[1]) == {"cv": kept}


def test_what_is_no_file_of_a_known_kind_is_refused_beside_its_field(world):
    form = Form(world, question("cv", "file"))
    assert form.upload(b"MZ\x90\x00\x03").problem("validation")["detail"] == WORDS[FI]["file.kind"]
    assert form.upload(b"").status == 422
    assert form.upload(b"<svg onload=alert(1)>\x00").status == 422
    back = post_form(world, f"/fi/events/{form.slug}/registrations/files", [("name", "A"), ("email", "kind@example.org")],
                     [("answers.cv", "cv.pdf", b"\x7fELF\x02")])
    assert back.status == 422
    assert WORDS[FI]["file.kind"] in back.text
    plain = Form(world)
    assert plain.upload().problem("validation")["detail"] == WORDS[FI]["file.not_asked"]


def test_a_file_larger_than_the_limit_is_refused(world):
    form = Form(world, question("cv", "file"))
    connection = http.client.HTTPConnection("127.0.0.1", world.web.port, timeout=10)
    connection.putrequest("POST", f"/api/v1/events/{form.slug}/files")
    connection.putheader("Content-Length", str(11 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413


@pytest.mark.parametrize("door", DOORS)
async def test_a_file_belongs_to_whoever_named_it_first(world, door):
    form = Form(world, question("cv", "file", required=True))
    cv = form.upload().json["id"]
    person = guest(answers={"cv": cv})
    assert world.register(form.slug, person).status == 201
    assert world.register(form.slug, person).status == 200  # the same submission again

    problem, errors, _ = await DOORS[door](world.server, form.slug, guest(answers={"cv": cv}), FI)
    assert problem == "validation"
    assert list(errors.values())[0].endswith(WORDS[FI]["field.file"])


# ── Afterwards ───────────────────────────────────────────────────────────────────────────────────────────────

LATER = [
    question("bus", "boolean", step=2),
    question("stop", "text", step=2, required=True, visible_if={"question": "bus", "in": [True]}),
    question("diet", "text", step=2, special_category=True, purpose="Ruokailu", retention_days=14),
    question("photo", "file", step=2),
]


def test_what_can_wait_is_asked_on_the_registration_s_own_page(world):
    form = Form(world, question("company", "boolean"), *LATER)
    assert "answers.diet" not in world.web.get(f"/fi/events/{form.slug}/registrations").text
    token = form.register(answers={"company": True})["token"]
    path = f"/fi/registrations/{token}"
    page = world.web.get(path).text
    assert 'data-answered="0"' in page and "0/3" in page
    assert "Ruokailu" in page and "11.6.2027" in page  # what for, and until when: 27 May and 14 days
    assert "tell-stop" not in page

    assert world.web.send_form(path, {"action": "answer", "question": "bus", "answers.bus": "true"}).status == 303
    assert "1/4" in world.web.get(path).text
    missing = world.web.send_form(path, {"action": "answer", "question": "stop", "answers.stop": " "})
    assert missing.status == 422 and WORDS[FI]["field.missing"] in missing.text
    world.web.send_form(path, {"action": "answer", "question": "stop", "answers.stop": "Kuopio"})
    world.web.send_form(path, {"action": "answer", "question": "diet", "answers.diet": "kasvis"})
    sent = post_form(world, f"{path}/files", [("action", "answer"), ("question", "photo")], [("answers.photo", "me.png", b"\x89PNG\r\n\x1a\n123")])
    assert sent.status == 303
    answers = form.answers(token)
    assert answers.pop("photo").startswith("file-")
    assert answers == {"company": True, "bus": True, "stop": "Kuopio", "diet": "kasvis"}
    assert "4/4" in world.web.get(path).text

    # Taken back by emptying; no longer asked: gone.
    world.web.send_form(path, {"action": "answer", "question": "diet", "answers.diet": ""})
    world.web.send_form(path, {"action": "answer", "question": "bus"})
    answers = form.answers(token)
    assert "diet" not in answers and "stop" not in answers and answers["bus"] is False


def test_changing_the_rest_leaves_the_second_step_alone(world):
    form = Form(world, question("company", "boolean"), *LATER)
    token = form.register(answers={"company": True, "diet": "kasvis"})["token"]
    changed = world.web.send_form(f"/fi/registrations/{token}", {"action": "change", "name": "Aino Uusi", "language": "fi"})

    assert changed.status == 303
    assert form.answers(token) == {"diet": "kasvis"}  # an unticked box says nothing where nothing is required


def test_questions_of_the_first_step_are_no_answers_afterwards(world):
    form = Form(world, question("company", "boolean"), *LATER)
    token = form.register(answers={"company": True})["token"]
    answer = world.web.send_form(f"/fi/registrations/{token}", {"action": "answer", "question": "company"})

    assert answer.status == 422
    assert form.answers(token) == {"company": True}
