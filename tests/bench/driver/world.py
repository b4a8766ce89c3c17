"""The project file of a run: events that many people want, and many events that few people want each."""

import json
import pathlib

from harness.world import copy_of, demo, event_of

SEATS = 5_000
CHANNELS = {"fi": ("suomi", "финский", "Finnish"), "ru": ("venäjä", "русский", "Russian"), "en": ("englanti", "английский", "English")}


def words(fi: str, ru: str, en: str) -> dict:
    return {"fi": fi, "ru": ru, "en": en}


QUESTIONS = [
    {"key": "diet", "type": "TEXT", "label": words("Ruokavalio", "Питание", "Diet"), "required": False},
    {"key": "channel", "type": "CHOICE", "label": words("Kanava", "Канал", "Channel"), "required": True,
     "options": [{"value": value, "label": words(*label)} for value, label in CHANNELS.items()]},
    {"key": "company", "type": "BOOLEAN", "label": words("Yritys", "Предприятие", "Company"), "required": True},
]


class World:
    """Slugs by kind; `hot` events are used up, one for each measurement."""

    def __init__(self, hot: int, roomy: int, spread: int):
        self.kinds = {
            "hot": [f"ev-hot-{number}" for number in range(1, hot + 1)],
            "roomy": [f"ev-roomy-{number}" for number in range(1, roomy + 1)],
            "spread": [f"ev-spread-{number:04}" for number in range(1, spread + 1)],
        }
        self.capacity = {"hot": SEATS, "roomy": 1_000_000, "spread": 1_000_000}

    def take(self, kind: str) -> str:
        return self.kinds[kind].pop(0)

    def write(self, file: pathlib.Path):
        project = demo(2)
        seminar = event_of(project, "ev-sem-spring")
        seminar["agenda"] = seminar["agenda"][:3]
        for kind, slugs in self.kinds.items():
            for slug in slugs:
                event = copy_of(seminar, slug)
                event["registration"] |= {"capacity": self.capacity[kind], "questions": QUESTIONS}
                project["events"].append(event)
        file.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
