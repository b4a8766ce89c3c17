"""Mail: after the commit, once, in the person's language, to a real SMTP server or as files."""

import email
import email.policy
import time

import pytest
from harness.postbox import Postbox, words_of
from harness.postgres import free_port, rows
from harness.program import DEMO, wait_until
from harness.world import guest

SPRING = "ev-sem-spring"


@pytest.mark.parametrize("language, subject", [("fi", "evätseminaari"), ("en", "pring seminar"), ("ru", "есенний семинар")])
def test_the_confirmation_speaks_the_persons_language(office, postbox, language, subject):
    person = guest("Светлана Öhman", language=language)
    token = office.register(SPRING, person).json["token"]

    [letter] = postbox.wait_for(person["email"])

    assert letter.get_content_type() in ("multipart/alternative", "multipart/mixed")
    kinds = {part.get_content_type() for part in letter.walk()}
    assert {"text/plain", "text/html"} <= kinds
    assert subject in letter["Subject"]
    assert letter["X-Dedupe-Key"] and letter["Message-ID"] and letter["Date"]
    assert "kutsu@example.org" in letter["From"]
    assert "Светлана Öhman" in words_of(letter) or "Светлана Öhman" in str(letter["To"])
    assert f"{office.server.base}/{language}/registrations/{token}" in words_of(letter)
    assert letter["Content-Language"] in (None, language)
    raw = letter.as_bytes()
    assert max(len(line) for line in raw.splitlines()) <= 998


def test_the_waiting_list_offers_and_cancellations_are_mailed_in_order(office, postbox):
    slug = office.event("seats-2")
    people = [guest(f"Guest {number}") for number in range(3)]
    tokens = [office.register(slug, person).json["token"] for person in people]
    office.web.ask("DELETE", f"/api/v1/registrations/{tokens[0]}")

    first = postbox.wait_for(people[0]["email"], 2)
    third = postbox.wait_for(people[2]["email"], 2)

    assert len({letter["Subject"] for letter in first}) == 2
    assert len({letter["Subject"] for letter in third}) == 2
    assert len({letter["X-Dedupe-Key"] for letter in first + third}) == 4


def test_a_repeated_submission_is_not_mailed_twice(office, postbox):
    person = guest()
    for _ in range(4):
        office.register(SPRING, person)

    postbox.wait_for(person["email"])
    time.sleep(1.5)
    assert len(postbox.letters_to(person["email"])) == 1


def test_the_owner_hears_of_a_second_registration(office, postbox):
    person = guest("Aino")
    office.register(SPRING, person)
    office.register(SPRING, guest("A Stranger", email=person["email"]))

    letters = postbox.wait_for(person["email"], 2)

    assert letters[0]["X-Dedupe-Key"] != letters[1]["X-Dedupe-Key"]
    assert "A Stranger" not in letters[1].as_string()


def test_a_name_cannot_become_a_header(office, postbox):
    person = guest('Eve, <eve@example.org> "Bcc: x@example.org"')
    office.register(SPRING, person)

    [letter] = postbox.wait_for(person["email"])

    assert letter["Bcc"] is None and letter["Cc"] is None
    assert postbox.recipients[postbox.letters.index(letter)] == [person["email"]]


def test_sent_mail_is_in_the_view(office, postbox):
    person = guest()
    office.register(SPRING, person)
    [letter] = postbox.wait_for(person["email"])
    if not office.database_url:
        pytest.skip("the private cluster is private")

    question = "select dedupe_key, state, sent_at is not null from qa_mail where recipient = %s"
    wait_until(lambda: rows(office.database_url, question, person["email"])[0][1] == "sent", 5)
    assert rows(office.database_url, question, person["email"]) == [(letter["X-Dedupe-Key"], "sent", True)]


def test_without_a_server_each_mail_is_a_file(installation):
    installation.load(DEMO / "silta-2.json")
    person = guest(language="ru")
    with installation.serve() as server:
        server.web.send_json("POST", f"/api/v1/events/{SPRING}/registrations", person)
        folder = installation.data / "mail"
        wait_until(lambda: list(folder.glob("**/*.eml")), 10)

    [file] = list(folder.glob("**/*.eml"))
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert person["email"] in letter["To"]
    assert letter["X-Dedupe-Key"]
    assert {"text/plain", "text/html"} <= {part.get_content_type() for part in letter.walk()}


def test_a_server_that_is_down_and_comes_up_loses_nothing_and_delays_nobody(installation):
    installation.load(DEMO / "silta-2.json")
    port = free_port()
    people = [guest(f"Guest {number}") for number in range(5)]
    with installation.serve("--smtp-url", f"smtp://127.0.0.1:{port}", "--mail-retry-first", "300ms") as server:
        for person in people:
            began = time.monotonic()
            assert server.web.send_json("POST", f"/api/v1/events/{SPRING}/registrations", person).status == 201
            assert time.monotonic() - began < 2
        time.sleep(1)
        with Postbox(port) as postbox:
            postbox.refuse = ["451 greylisted", "421 too busy"]
            for person in people:
                postbox.wait_for(person["email"], seconds=30)
            time.sleep(2)
            assert [len(postbox.letters_to(person["email"])) for person in people] == [1] * 5


def test_a_killed_server_sends_what_it_had_promised(installation):
    installation.load(DEMO / "silta-2.json")
    port = free_port()
    person = guest()
    options = ("--smtp-url", f"smtp://127.0.0.1:{port}", "--mail-retry-first", "300ms")
    server = installation.serve(*options)
    assert server.web.send_json("POST", f"/api/v1/events/{SPRING}/registrations", person).status == 201
    server.kill()

    with Postbox(port) as postbox, installation.serve(*options):
        postbox.wait_for(person["email"], seconds=30)
        time.sleep(1)
        assert len(postbox.letters_to(person["email"])) == 1
