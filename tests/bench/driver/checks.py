"""After every round: what was answered is compared with the tables. A wrong row ends the benchmark."""

import collections
import dataclasses
import hashlib
import pathlib

from .desk import Desk
from .world import SEATS


class Wrong(Exception):
    """The desk gave a seat too many, lost an answer, or told somebody something that is not in the tables."""


def demand(true: bool, what: str):
    if not true:
        raise Wrong(what)


@dataclasses.dataclass
class Entry:
    submission_id: str
    event: str
    email: str
    due: int
    sent: int
    answered: int
    status: str
    position: int
    token: str


def read_ledger(file: pathlib.Path) -> list[Entry]:
    entries = []
    for line in file.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        entries.append(Entry(*fields[:3], *map(int, fields[3:6]), fields[6], int(fields[7]), fields[8]))
    return entries


def check_all_answered(ledger: list[Entry]):
    statuses = collections.Counter(entry.status for entry in ledger)
    demand(set(statuses) <= {"confirmed", "waitlisted"}, f"not everybody was registered: {dict(statuses)}")
    demand(len({entry.token for entry in ledger}) == len(ledger), "two people got the same link")


def without_refusals(desk: Desk, slug: str, ledger: list[Entry]) -> list[Entry]:
    """Under more load than the desk can take some are told to come again; then they are not in the tables either."""
    refused = [entry for entry in ledger if entry.status == "/problems/overloaded"]
    table = table_of(desk, {slug}) if refused else {}
    for entry in refused:
        demand(entry.submission_id not in table, f"{entry.submission_id} was refused and is registered")
    return [entry for entry in ledger if entry.status != "/problems/overloaded"]


def table_of(desk: Desk, slugs: set[str]) -> dict[str, tuple]:
    """submission id → event, e-mail, status, arrival, position, hash of the token."""
    return {row[0]: row[1:] for row in desk.rows(
        "select q.submission_id::text, q.event_slug, q.email, q.status, q.arrival, q.position, r.token_hash"
        "  from qa_registration q join registration r on r.registration_id = q.id"
        " where q.event_slug = any (%s) order by q.arrival", list(slugs))}


def check_answers(ledger: list[Entry], table: dict[str, tuple]):
    for entry in ledger:
        demand(entry.submission_id in table, f"{entry.submission_id} was answered and is not in the table")
        event, email, status, _, position, token_hash = table[entry.submission_id]
        told = (entry.event, entry.email, entry.status, entry.position or None)
        demand((event, email, status, position) == told, f"{entry.submission_id} was told {told}, the table says otherwise")
        demand(bytes(token_hash) == hashlib.sha256(entry.token.encode()).digest(), f"the link of {entry.submission_id} is another one")


def check_arrival_order(ledger: list[Entry], table: dict[str, tuple]):
    """Whoever was answered before somebody else asked came before them."""
    by_event = collections.defaultdict(list)
    for entry in ledger:
        by_event[entry.event].append((table[entry.submission_id][3], entry))
    for event, arrived in by_event.items():
        earliest_answer_of_later = None
        for arrival, entry in sorted(arrived, key=lambda pair: pair[0], reverse=True):
            overtaken = earliest_answer_of_later is not None and earliest_answer_of_later < entry.sent
            demand(not overtaken, f"{event}: arrival {arrival} asked after somebody behind it had an answer")
            earliest_answer_of_later = min(entry.answered, earliest_answer_of_later or entry.answered)


def check_one_event(desk: Desk, slug: str, ledger: list[Entry], seats: int = SEATS):
    """A fresh event: exact seats, dense arrivals, gapless versions, one letter each, counters that agree."""
    check_all_answered(ledger)
    table = table_of(desk, {slug})
    demand(len(table) == len(ledger), f"{slug}: {len(ledger)} were answered, {len(table)} are in the table")
    check_answers(ledger, table)
    check_arrival_order(ledger, table)
    rows = list(table.values())
    demand([row[3] for row in rows] == list(range(1, len(rows) + 1)), f"{slug}: arrivals are not dense")
    statuses = [row[2] for row in rows]
    expected = ["confirmed"] * min(seats, len(rows)) + ["waitlisted"] * max(0, len(rows) - seats)
    demand(statuses == expected, f"{slug}: {statuses.count('confirmed')} of {seats} seats given, or out of order")
    check_counters(desk, slug, len(rows), seats)


def check_counters(desk: Desk, slug: str, registrations: int, seats: int):
    taken, waiting = min(seats, registrations), max(0, registrations - seats)
    counter = desk.rows(
        "select arrival, taken, confirmed, waiting from event_counter where event_id = %s", desk.event_ids[slug])[0]
    demand(counter == (registrations, taken, taken, waiting), f"{slug}: the counter says {counter}")
    versions = [row[0] for row in desk.rows("select event_version from qa_change where event_slug = %s order by 1", slug)]
    demand(versions == list(range(versions[0], versions[0] + len(versions))), f"{slug}: versions have a gap")
    letters = desk.rows("select count(*) from outbox where event_id = %s", desk.event_ids[slug])[0][0]
    demand(letters == registrations, f"{slug}: {letters} letters for {registrations} registrations")


def check_spread(desk: Desk, ledger: list[Entry]):
    """Events that are used again in every round: this round's answers, and arrivals without a gap."""
    check_all_answered(ledger)
    slugs = {entry.event for entry in ledger}
    table = table_of(desk, slugs)
    check_answers(ledger, table)
    check_arrival_order(ledger, table)
    uneven = desk.rows(
        "select event_slug from qa_registration where event_slug = any (%s)"
        " group by 1 having min(arrival) <> 1 or max(arrival) <> count(*)", list(slugs))
    demand(not uneven, f"arrivals are not dense: {uneven[:3]}")
