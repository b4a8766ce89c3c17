"""Pages as a reader without JavaScript gets them."""

import html
import re

import pytest
from harness.world import guest

SPRING = "ev-sem-spring"


@pytest.mark.parametrize(
    "accepted, language",
    [("fi", "fi"), ("ru-RU, en;q=0.5", "ru"), ("en-GB", "en"), ("sv", "fi"), ("de, en;q=0.3, ru;q=0.8", "ru"), ("", "fi")],
)
def test_the_root_leads_to_the_readers_language(silta, accepted, language):
    answer = silta.web.get("/", Accept_Language=accepted)

    assert answer.status == 303
    assert answer.headers["Location"].endswith(f"/{language}/")


@pytest.mark.parametrize(
    "language, title",
    [("fi", "Kevätseminaari: kasvua kahden kaupungin yhteistyöstä"),
     ("en", "Spring seminar: growth from two cities working together"),
     ("ru", "Весенний семинар: рост через сотрудничество двух городов")],
)
def test_list_and_event_pages_speak_the_language(silta, language, title):
    for path in (f"/{language}/", f"/{language}/events/{SPRING}"):
        answer = silta.web.get(path)
        assert answer.status == 200
        assert answer.headers["Content-Type"].lower().replace(" ", "") == "text/html;charset=utf-8"
        assert re.search(rf'<html[^>]* lang="?{language}\b', answer.text)
        assert title in html.unescape(answer.text)


def test_an_event_page_carries_what_machines_look_for(silta):
    text = silta.web.get(f"/en/events/{SPRING}").text

    assert re.search(r'<link[^>]+rel="?canonical', text)
    for language in ("fi", "en", "ru"):
        assert re.search(rf'hreflang="?{language}\b', text)
    assert 'property="og:title"' in text
    assert '"@type":"Event"' in text.replace(" ", "")
    assert re.search(r'<link[^>]+type="text/calendar"[^>]*>', text)
    assert "/calendar/events/ev-sem-spring.ics" in text


def test_both_cities_times_stand_where_they_differ(silta):
    text = html.unescape(silta.web.get(f"/en/events/{SPRING}").text)

    assert re.search(r"0?8[:.]30", text)
    assert "10:30" in text and "Petropavl" in text


def test_the_programme_shows_names_in_the_readers_script(silta):
    russian = html.unescape(silta.web.get(f"/ru/events/{SPRING}").text)
    finnish = html.unescape(silta.web.get(f"/fi/events/{SPRING}").text)

    assert "Открытие весеннего семинара" in russian
    assert "Kevätseminaarin avaus" in finnish
    assert "ERROR" not in russian and "{" not in re.sub(r'<script.*?</script>| data-rules=".*?" data-event', "", finnish, flags=re.S)


@pytest.mark.parametrize("path", ["/fi/events/no-such-event", "/fi/nothing", "/xx/", "/calendar/events/nothing.ics", "/conformance/echo"])
def test_unknown_paths_are_404(silta, path):
    assert silta.web.get(path).status == 404


def test_a_404_page_is_a_page_in_the_language_of_its_path(silta):
    answer = silta.web.get("/ru/events/no-such-event")

    assert answer.headers.get_content_type() == "text/html"
    assert re.search(r'<html[^>]* lang="?ru\b', answer.text)


def test_draft_closed_and_invited_events_are_not_public(silta):
    assert silta.web.get("/fi/events/ev-trip-a").status == 404
    assert "ev-trip-a" not in silta.web.get("/fi/").text


@pytest.mark.parametrize(
    "query, there, absent",
    [
        ("kind=seminar", ["ev-sem-spring"], ["ev-press-spring"]),
        ("kind=press-conference", ["ev-press-spring"], ["ev-sem-spring"]),
        ("city=joensuu", ["ev-sem-spring"], ["ev-sem-ppk"]),
        ("q=Spring+seminar", ["ev-sem-spring"], []),
        ("q=xylophone", [], ["ev-sem-spring", "ev-press-spring"]),
        ("from=2027-05-20&to=2027-05-31", ["ev-sem-spring"], ["ev-press-spring"]),
        ("kind=seminar&city=petropavl&from=2027-05-01", [], ["ev-sem-spring"]),
    ],
)
def test_filters_of_the_list(silta, query, there, absent):
    text = silta.web.get(f"/en/?{query}").text

    for slug in there:
        assert f"/en/events/{slug}" in text, slug
    for slug in absent:
        assert f"/en/events/{slug}" not in text, slug


def test_a_wrong_filter_is_no_server_error(silta):
    for query in ("from=yesterday", "kind=%00", "city=%ff", "q=" + "x" * 3000, "from=2027-13-45"):
        assert silta.web.get(f"/en/?{query}").status in (200, 400, 422), query


def test_the_form_leads_to_the_registrations_page(world):
    slug = world.event("seats-5")
    fields = {"name": "Светлана Щербинина", "email": "svetlana@example.org", "language": "ru", "answers.company": "false"}

    answer = world.web.send_form(f"/ru/events/{slug}/registrations", fields)

    assert answer.status == 303, answer.text
    assert re.search(r"/ru/registrations/[\w-]{20,}$", answer.headers["Location"])
    page = world.web.get(answer.headers["Location"].replace(world.server.base, ""))
    assert page.status == 200
    assert "Светлана Щербинина" in html.unescape(page.text)
    assert "<svg" in page.text
    assert "noindex" in page.text + str(page.headers)
    world.seats_become(slug, confirmed=1)


def test_a_wrong_form_comes_back_with_values_and_errors(world):
    slug = world.event("seats-5")
    fields = {"name": 'Aino "A" <Nieminen>', "email": "no address", "answers.diet": "ei maitoa & kaloja"}

    answer = world.web.send_form(f"/en/events/{slug}/registrations", fields)

    assert answer.status == 422
    assert "<Nieminen>" not in answer.text
    words = html.unescape(answer.text)
    for value in fields.values():
        assert value in words
    assert "aria-invalid" in answer.text
    world.seats_become(slug, confirmed=0)


def test_the_same_form_sent_twice_is_one_registration(world):
    slug = world.event("seats-5")
    person = guest()
    fields = {"submission_id": person["submission_id"], "name": "Aino", "email": person["email"], "answers.company": "false"}

    first = world.web.send_form(f"/fi/events/{slug}/registrations", fields)
    second = world.web.send_form(f"/fi/events/{slug}/registrations", fields)

    assert (first.status, second.status) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    world.seats_become(slug, confirmed=1)


def test_nothing_ever_happens_on_get(world):
    slug = world.event("seats-5")
    token = world.register(slug, guest()).json["token"]

    for query in ("", "?action=cancel", "?action=accept-offer", "?action=change&name=X"):
        assert world.web.get(f"/fi/registrations/{token}{query}").status == 200
    assert world.web.get(f"/api/v1/registrations/{token}").json["status"] == "confirmed"
    assert world.web.ask("HEAD", f"/fi/registrations/{token}?action=cancel").status == 200
    world.seats_become(slug, confirmed=1)


def test_change_and_cancel_by_form(world):
    slug = world.event("seats-5")
    token = world.register(slug, guest("Aino")).json["token"]
    page = f"/fi/registrations/{token}"

    changed = world.web.send_form(page, {"action": "change", "name": "Aino Virtanen", "answers.company": "false"})
    assert changed.status == 303, changed.text
    assert "Aino Virtanen" in world.web.get(page).text

    cancelled = world.web.send_form(page, {"action": "cancel"})
    assert cancelled.status == 303, cancelled.text
    assert world.web.get(f"/api/v1/registrations/{token}").json["status"] == "cancelled"
    world.seats_become(slug, confirmed=0)
    again = world.web.send_form(page, {"action": "cancel"})
    assert again.status in (303, 422)


def test_an_unknown_registration_is_404(world):
    assert world.web.get("/fi/registrations/" + "a" * 43).status == 404
    assert world.web.send_form("/fi/registrations/" + "a" * 43, {"action": "cancel"}).status == 404
    world.web.get("/api/v1/registrations/" + "a" * 43).problem("not-found")


def test_pages_carry_a_strict_policy(silta):
    headers = silta.web.get(f"/fi/events/{SPRING}").headers

    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy and "unsafe-eval" not in policy and "default-src" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    text = silta.web.get(f"/fi/events/{SPRING}").text
    assert not re.search(r"<[^>]+\son\w+=", text)
    assert not re.search(r"<[^>]+\sstyle=", text)
    assert not re.search(r"<script(?![^>]*\b(src=|application/ld\+json))", text)
