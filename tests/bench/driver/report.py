"""What a run says: a table for people, JSON for programs, a line of history."""

import csv
import datetime
import json
import pathlib
import subprocess

from .machine import FOREIGN_LIMIT, GENERATOR_LIMIT, describe
from .scenarios import ALL

ROOT = pathlib.Path(__file__).resolve().parents[3]
HISTORY = ROOT / "tests/bench/history.csv"


def commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "server", "schema", "calendars")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def number(value: float) -> str:
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def print_scenario(name: str, result: dict):
    title = (ALL[name].__doc__ or name).strip()
    count = len(result["rounds"])
    print(f"\n{title}\n{count} rounds, {result['valid']} of them count", end="")
    print("; NO ROUND COUNTS: the figures are void" if result["valid"] == 0 else "")
    for reason in sorted(set(result["void"])):
        print(f"  void: {reason}")
    print(f"  {'':44}{'median':>12}{'least':>12}{'most':>12}")
    for group in ("figures", "ratios"):
        for label, spread in result[group].items():
            print(f"  {label:44}" + "".join(f"{number(spread[key]):>12}" for key in ("median", "least", "most")))
    for each in result["goals"]:
        sign = "≥" if each["at_least"] else "≤"
        said = "met" if each["met"] else "MISSED"
        print(f"  goal: {each['name']} {sign} {number(each['limit'])}: {number(each['value'])}, {said}")


    if name == "hot":
        print_peers(result)


def print_peers(result: dict):
    """The nine row-per-transaction runs of the hot event."""
    rates: dict[tuple, list[float]] = {}
    for each in result["rounds"]:
        for peer in each["peers"]:
            rates.setdefault((peer["design"], peer["clients"]), []).append(peer["rate"])
    print("  row per transaction, registrations a second: " + "; ".join(
        f"{design} {clients}: {number(sorted(values)[len(values) // 2])}" for (design, clients), values in sorted(rates.items())))


def document(mode: str, desk, options: dict, results: dict) -> dict:
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "commit": commit(), "mode": mode,
        "machine": describe(), "database": desk.database_settings(), "options": options,
        "rules": {"foreign_share_below": FOREIGN_LIMIT, "generator_share_below": GENERATOR_LIMIT}, "scenarios": results,
    }


def write_json(file: pathlib.Path, content: dict):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


COLUMNS = ("date", "commit", "cpu", "cores", "mode", "valid_rounds", "server_us", "database_us", "limit_database_us",
           "rate", "of_limit", "times_best_peer", "p99_ms")


def append_history(content: dict):
    """CPU time of a registration: what stays comparable when the machine is busy."""
    result = content["scenarios"]["hot"]
    figures, ratios = result["figures"], result["ratios"]
    row = [
        content["date"], content["commit"], content["machine"]["cpu"], content["machine"]["cores"], content["mode"],
        result["valid"], *(f"{figures[name]['median']:.1f}" for name in (
            "server CPU, µs each", "database CPU, µs each", "database CPU at the limit, µs each", "rate, 1/s")),
        f"{ratios['of the batch limit']['median']:.2f}", f"{ratios['times the best row per transaction']['median']:.1f}",
        f"{figures['p99, ms']['median']:.0f}",
    ]
    fresh = not HISTORY.exists()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        if fresh:
            writer.writerow(COLUMNS)
        writer.writerow(row)
