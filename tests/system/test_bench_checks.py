"""The benchmark's comparison of answers and tables finds what is wrong: a check that cannot fail proves nothing."""

import hashlib
import sys

import pytest
from harness.program import ROOT

sys.path.append(str(ROOT / "tests/bench"))
from driver import checks  # noqa: E402
from driver.checks import Entry, Wrong  # noqa: E402

SEATS = 2


class Tables:
    """A desk whose tables say what a test wants: by default the truth about three guests for two seats."""

    event_ids = {"ev": 7}

    def __init__(self):
        self.registrations = [
            [f"id-{number}", "ev", f"{number}@example.org", "confirmed" if number <= SEATS else "waitlisted", number,
             None if number <= SEATS else number - SEATS, hashlib.sha256(f"token-{number}".encode()).digest()]
            for number in (1, 2, 3)]
        self.counter = (3, 2, 2, 1)
        self.versions = [4, 5, 6]
        self.letters = 3

    def rows(self, question: str, *_):
        if "qa_registration" in question:
            return [tuple(row) for row in self.registrations]
        if "event_counter" in question:
            return [self.counter]
        if "qa_change" in question:
            return [(version,) for version in self.versions]
        return [(self.letters,)]


def ledger() -> list[Entry]:
    """Asked at 0, 10, 20; answered 5 later."""
    return [
        Entry(f"id-{number}", "ev", f"{number}@example.org", 0, number * 10, number * 10 + 5,
              "confirmed" if number <= SEATS else "waitlisted", 0 if number <= SEATS else number - SEATS, f"token-{number}")
        for number in (1, 2, 3)]


def test_the_truth_passes():
    checks.check_one_event(Tables(), "ev", ledger(), SEATS)


def oversold(tables, _):
    tables.registrations[2][3:6] = ["confirmed", 3, None]


def lost(tables, _):
    del tables.registrations[0]


def twice(tables, _):
    tables.registrations.append([*tables.registrations[2]])
    tables.registrations[3][0], tables.registrations[3][4], tables.registrations[3][5] = "id-4", 4, 2


def gap_in_arrivals(tables, _):
    tables.registrations[2][4] = 4


def overtaken(tables, _):
    tables.registrations[0][4], tables.registrations[1][4] = 2, 1


def told_another_place(_, entries):
    entries[2].position = 9


def told_another_status(_, entries):
    entries[2].status = "confirmed"


def another_link(_, entries):
    entries[0].token = "token-9"


def refused(_, entries):
    entries[0].status = "/problems/overloaded"


def counter_disagrees(tables, _):
    tables.counter = (3, 3, 3, 0)


def gap_in_versions(tables, _):
    tables.versions = [4, 6, 7]


def letter_missing(tables, _):
    tables.letters = 2


@pytest.mark.parametrize("damage", [
    oversold, lost, twice, gap_in_arrivals, overtaken, told_another_place, told_another_status, another_link, refused,
    counter_disagrees, gap_in_versions, letter_missing])
def test_damage_is_found(damage):
    tables, entries = Tables(), ledger()
    damage(tables, entries)

    with pytest.raises(Wrong):
        checks.check_one_event(tables, "ev", entries, SEATS)


def test_who_was_refused_may_not_be_registered():
    entries = ledger()
    entries[0].status = "/problems/overloaded"

    with pytest.raises(Wrong):
        checks.without_refusals(Tables(), "ev", entries)
