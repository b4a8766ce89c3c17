"""Lost links, and that nobody can tell by answers or by time whose address is registered."""

import re
import statistics
import time
import uuid

import pytest
from harness.live import Peer
from harness.postbox import letter_of_kind, words_of
from harness.world import guest


@pytest.mark.parametrize("door", ["http", "socket", "form"])
async def test_a_lost_link_comes_by_mail_and_the_answer_says_nothing(office, postbox, door):
    one, other = office.event("seats-5"), office.event("seats-5")
    person = guest("Aino")
    tokens = {office.register(slug, guest("Aino", email=person["email"])).json["token"] for slug in (one, other)}

    async def ask(address: str):
        if door == "http":
            answer = office.web.send_json("POST", "/api/v1/registrations/lost-link", {"email": address})
            return answer.status, answer.text
        if door == "form":
            answer = office.web.send_form("/fi/registrations/", {"email": address})
            return answer.status, answer.headers["Location"]
        async with Peer(office.server) as peer:
            return await peer.call("registration.lost_link", email=address)

    known = await ask(person["email"].upper())
    unknown = await ask(f"nobody-{uuid.uuid4().hex[:8]}@example.org")

    assert known == unknown
    letter = letter_of_kind(postbox, person["email"], "lost_link")
    assert set(re.findall(r"/registrations/([\w-]{20,})", words_of(letter))) == tokens
    await ask(person["email"])
    office.register(one, marker := guest("Marker"))
    letter_of_kind(postbox, marker["email"], "confirmed")
    kinds = [each["X-Dedupe-Key"].split(":")[0] for each in postbox.letters_to(person["email"])]
    assert kinds.count("lost_link") == 1, "once in a while"


def test_the_lost_link_form_checks_the_address(office):
    wrong = office.web.send_form("/en/registrations/", {"email": "nobody"})
    assert wrong.status == 422 and "aria-invalid" in wrong.text and 'value="nobody"' in wrong.text
    office.web.send_json("POST", "/api/v1/registrations/lost-link", {"email": "nobody"}).problem("validation")
    assert office.web.get("/en/registrations").status == 301
    for path in ("/en/registrations/" + "a" * 43, "/en/nowhere", f"/en/events/{office.event('seats-5')}"):
        assert 'href="/en/registrations/' in office.web.get(path).text, path


def test_known_and_unknown_addresses_take_the_same_time(office):
    """Medians of interleaved measurements; the known address is a shadow's way, the other one a newcomer's."""
    slug = office.event("seats-60")
    known = guest("Aino")["email"]
    office.register(slug, guest("Aino", email=known))

    def seconds(person: dict) -> float:
        started = time.perf_counter()
        assert office.register(slug, person).status == 201
        return time.perf_counter() - started

    for _ in range(5):
        seconds(guest("Warm"))
    pairs = [(seconds(guest("K", email=known)), seconds(guest("N"))) for _ in range(30)]
    by_known, by_new = (sorted(each) for each in zip(*pairs))

    middle_known, middle_new = statistics.median(by_known), statistics.median(by_new)
    spread = max(by_known[22] - by_known[7], by_new[22] - by_new[7])
    assert abs(middle_known - middle_new) < max(spread, 0.004), (middle_known, middle_new, spread)


def test_asking_for_known_and_unknown_links_takes_the_same_time(office):
    slug = office.event("seats-60")
    people = [guest("Aino") for _ in range(25)]
    for person in people:
        office.register(slug, person)

    def seconds(address: str) -> float:
        started = time.perf_counter()
        assert office.web.send_json("POST", "/api/v1/registrations/lost-link", {"email": address}).status == 202
        return time.perf_counter() - started

    pairs = [(seconds(person["email"]), seconds("x" + person["email"])) for person in people]
    by_known, by_new = (sorted(each) for each in zip(*pairs))
    spread = max(by_known[18] - by_known[6], by_new[18] - by_new[6])
    assert abs(statistics.median(by_known) - statistics.median(by_new)) < max(spread, 0.004)
