"""The demonstration project with more events like its open seminar, so that each test has one of its own."""

import copy
import json
import pathlib
import uuid

from .program import DEMO

# kind → (how many, changes to `registration`)
POOL: dict[str, tuple[int, dict]] = {
    "seats-60": (110, {"capacity": 60}),
    "seats-2": (30, {"capacity": 2}),
    "seats-2-at-once": (3, {"capacity": 2, "offer_hours": None}),
    "seats-1-no-queue": (3, {"capacity": 1, "waitlist": False}),
    "seats-5": (40, {"capacity": 5}),
    "approval-2": (4, {"capacity": 2, "admission": "APPROVAL"}),
    "invitation-5": (12, {"capacity": 5, "admission": "INVITATION"}),
}


def demo(number: int) -> dict:
    return json.loads((DEMO / f"silta-{number}.json").read_text(encoding="utf-8"))


def event_of(project: dict, public_id: str) -> dict:
    return next(event for event in project["events"] if event["id"] == public_id)


def copy_of(event: dict, public_id: str) -> dict:
    """The same event under another id, its sessions too."""
    made = copy.deepcopy(event)
    made["id"] = public_id
    for session in made.get("agenda", []):
        session["id"] = session["id"].replace("s-spr", f"s-{public_id}")
    return made


def build_world(file: pathlib.Path) -> dict[str, list[str]]:
    """Writes the import file; the slugs of the pool by kind."""
    project = demo(2)
    seminar = event_of(project, "ev-sem-spring")
    slugs: dict[str, list[str]] = {}
    for kind, (count, changes) in POOL.items():
        slugs[kind] = [f"ev-{kind}-{number}" for number in range(1, count + 1)]
        for slug in slugs[kind]:
            event = copy_of(seminar, slug)
            event["registration"] |= {key: value for key, value in changes.items() if value is not None}
            for key in (key for key, value in changes.items() if value is None):
                del event["registration"][key]
            project["events"].append(event)
    file.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
    return slugs


def guest(name: str = "Aino Nieminen", **fields) -> dict:
    """A complete submission; the e-mail is unlike any other's."""
    number = uuid.uuid4()
    person = {
        "submission_id": str(number), "name": name, "email": f"guest-{number.hex[:16]}@example.org", "language": "fi",
        "answers": {"company": False},
    }
    return person | fields
