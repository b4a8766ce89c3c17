"""Import is all or nothing and names every problem by its JSON path; export gives back what was imported."""

import copy
import json
import re

import pytest
from harness.program import DEMO
from harness.world import demo, event_of

# Worked out from other attributes; an export may write them anew.
DERIVED = {"also_local", "utc_offset_at_start", "starts_utc", "ends_utc", "utc"}


def essence(value, key: str = ""):
    if isinstance(value, dict):
        return {name: essence(each, name) for name, each in sorted(value.items()) if name not in DERIVED}
    if isinstance(value, list):
        return [essence(each) for each in value]
    return value


def exported(kutsu) -> dict:
    return json.loads(kutsu.run("export").stdout)


@pytest.mark.parametrize("number", [1, 2])
def test_export_gives_the_imported_file_back(installation, number):
    installation.load(DEMO / f"silta-{number}.json")

    assert essence(exported(installation)) == essence(demo(number))


def test_an_export_can_be_imported_elsewhere(new_installation):
    first, second = new_installation(), new_installation()
    first.load(DEMO / "silta-2.json")
    file = second.data / "export.json"
    file.write_text(first.run("export").stdout, encoding="utf-8")

    second.load(file)

    assert essence(exported(second)) == essence(demo(2))


def test_a_missing_file_and_a_file_that_is_no_json_are_refused(installation):
    broken = installation.data / "broken.json"
    broken.write_text('{"format": "kutsu-import/1", "events": [')

    missing = installation.run("import", str(installation.data / "nothing.json"), expect=None)
    damaged = installation.run("import", str(broken), expect=1)

    assert missing.returncode in (1, 2) and "nothing.json" in missing.stderr
    assert "broken.json" in damaged.stderr


def no_such_venue(project):
    event_of(project, "ev-sem-spring")["venue"] = "ven-atlantis"
    return r"events\W+{spring}\W+venue"


def ends_before_it_starts(project):
    event = event_of(project, "ev-sem-spring")
    event["ends_local"], event["ends_utc"] = "2027-05-27T07:00", "2027-05-27T04:00:00Z"
    return r"events\W+{spring}"


def unknown_zone(project):
    event_of(project, "ev-sem-spring")["agenda"][2]["tz"] = "Europe/Atlantis"
    return r"events\W+{spring}\W+agenda\W+2\W+tz"


def an_hour_that_does_not_exist(project):
    session = event_of(project, "ev-sem-spring")["agenda"][0]
    session["starts_local"], session["starts_utc"] = "2027-03-28T03:30", "2027-03-28T01:30:00Z"
    return r"events\W+{spring}\W+agenda\W+0\W+starts_local"


def wall_time_and_instant_disagree(project):
    event_of(project, "ev-sem-spring")["starts_utc"] = "2027-05-27T06:30:00Z"
    return r"events\W+{spring}\W+starts_(utc|local)"


def an_id_twice(project):
    project["events"].append(copy.deepcopy(event_of(project, "ev-sem-spring")))
    return r"events\W+{last}"


def text_where_a_number_belongs(project):
    event_of(project, "ev-sem-spring")["registration"]["capacity"] = "sixty"
    return r"events\W+{spring}\W+registration\W+capacity"


def negative_capacity(project):
    event_of(project, "ev-sem-spring")["registration"]["capacity"] = -1
    return r"events\W+{spring}\W+registration\W+capacity"


def no_title(project):
    del event_of(project, "ev-sem-spring")["title"]
    return r"events\W+{spring}\W+title"


def a_foreign_format(project):
    project["format"] = "kutsu-import/99"
    return r"format"


DAMAGES = [
    no_such_venue, ends_before_it_starts, unknown_zone, an_hour_that_does_not_exist, wall_time_and_instant_disagree,
    an_id_twice, text_where_a_number_belongs, negative_capacity, no_title, a_foreign_format,
]


def damaged(installation, *damages):
    """The file, and what its refusal must match."""
    project = demo(2)
    spring = [event["id"] for event in project["events"]].index("ev-sem-spring")
    expected = [damage(project) for damage in damages]
    file = installation.data / "damaged.json"
    file.write_text(json.dumps(project, ensure_ascii=False), encoding="utf-8")
    return file, [line.format(spring=spring, last=len(project["events"]) - 1) for line in expected]


def test_each_damage_is_named_by_its_json_path_and_nothing_is_written(installation):
    for damage in DAMAGES:
        file, [expected] = damaged(installation, damage)
        refused = installation.run("import", str(file), expect=1)
        assert re.search(expected, refused.stderr), f"{damage.__name__}: {expected}\n{refused.stderr}"

    installation.load(DEMO / "silta-2.json")
    assert essence(exported(installation)) == essence(demo(2))


def test_all_problems_of_a_file_are_named_at_once(installation):
    damages = [no_such_venue, unknown_zone, text_where_a_number_belongs]
    file, expected = damaged(installation, *damages)

    refused = installation.run("import", str(file), expect=1)

    for line in expected:
        assert re.search(line, refused.stderr), f"{line}\n{refused.stderr}"


def test_a_second_import_of_the_same_file_changes_nothing(installation):
    installation.load(DEMO / "silta-2.json")

    again = installation.run("import", str(DEMO / "silta-2.json"), expect=None)

    assert again.returncode in (0, 1)
    assert essence(exported(installation)) == essence(demo(2))
