"""What is measured. Every scenario gives {"rounds": […], "figures": …, "ratios": …, "goals": …, "void": …}."""

import dataclasses
import pathlib
import statistics

from . import checks
from .desk import Desk
from .machine import FOREIGN_LIMIT, GENERATOR_LIMIT
from .peers import DESIGNS, Peers
from .programs import Tools

BATCH = 128


@dataclasses.dataclass
class Scale:
    """How much of it: the full benchmark, --quick, or --smoke."""

    rounds: int
    sockets: int
    requests: int
    spread_requests: int
    peer_seconds: float
    peer_clients: tuple[int, ...]
    rates: tuple[int, ...]
    steady_seconds: float
    steady_sockets: int


FULL = Scale(rounds=5, sockets=10_000, requests=10_000, spread_requests=20_000, peer_seconds=2, peer_clients=(1, 8, 32),
             rates=(2_000, 10_000, 20_000), steady_seconds=8, steady_sockets=500)
QUICK = Scale(rounds=2, sockets=10_000, requests=10_000, spread_requests=10_000, peer_seconds=1, peer_clients=(1, 8, 32),
              rates=(2_000, 10_000), steady_seconds=3, steady_sockets=500)
SMOKE = Scale(rounds=1, sockets=300, requests=600, spread_requests=600, peer_seconds=1, peer_clients=(2,), rates=(200,),
              steady_seconds=1, steady_sockets=50)


class Bench:
    def __init__(self, desk: Desk, tools: Tools, peers: Peers, scale: Scale, seats: int):
        self.desk, self.tools, self.peers, self.scale, self.seats = desk, tools, peers, scale, seats
        self._seed = 0

    def _files(self, slugs: list[str]) -> tuple[pathlib.Path, pathlib.Path]:
        """The events by slug for guests, by id for the lane."""
        by_slug, by_id = self.desk.folder / "slugs", self.desk.folder / "ids"
        by_slug.write_text("\n".join(slugs) + "\n")
        by_id.write_text("\n".join(str(self.desk.event_ids[slug]) for slug in slugs) + "\n")
        return by_slug, by_id

    def seed(self) -> int:
        self._seed += 1
        return self._seed

    def crowd(self, slugs: list[str], *, sockets: int, requests: int, rate: float = 0, choose: str = "in-turn"):
        """A crowd of guests through the server: its figures and its ledger."""
        by_slug, _ = self._files(slugs)
        ledger = self.desk.folder / "ledger"
        self.desk.settle()
        ports = [part for server in self.desk.servers for part in ("--port", server.port)]
        program = self.tools.crowd(
            *ports, "--events", by_slug, "--ledger", ledger, "--sockets", sockets, "--requests", requests,
            "--rate", rate, "--choose", choose, "--seed", self.seed())
        before = self._batches()
        figures = program.measure(self.desk.watch(), 120)
        figures["batches"] = tuple(now - then for now, then in zip(self._batches(), before))
        return figures | self._per_registration(figures), checks.read_ledger(ledger)

    def batches(self, slugs: list[str], requests: int, choose: str = "in-turn") -> dict:
        """The same rows through the same statements, at the batch limit."""
        _, by_id = self._files(slugs)
        self.desk.settle()
        program = self.tools.batches(
            "--conninfo", self.desk.conninfo, "--events", by_id, "--instant", self.desk.instant, "--requests", requests,
            "--batch", BATCH, "--choose", choose, "--seed", self.seed())
        with self.desk.standing_still():
            figures = program.measure(self.desk.watch(), 120)
        checks.demand(figures["outcomes"] == {"created": requests}, f"the batch limit got {figures['outcomes']}")
        return figures | self._per_registration(figures)

    def _batches(self) -> tuple[float, float]:
        """Batches committed and registrations in them, of all servers."""
        count = total = 0.0
        for server in self.desk.servers:
            for line in server.web.get("/metrics").text.splitlines():
                if line.startswith("kutsu_commit_batch_size_count"):
                    count += float(line.split()[-1])
                if line.startswith("kutsu_commit_batch_size_sum"):
                    total += float(line.split()[-1])
        return count, total

    @staticmethod
    def _per_registration(figures: dict) -> dict:
        usage, requests = figures["usage"], max(1, figures.get("registered", figures["requests"]))
        micro = {name: usage[f"{name}_cpu_seconds"] / requests * 1e6 for name in ("server", "database")}
        return {"server_us": micro["server"], "database_us": micro["database"]}


def is_void(figures: dict) -> str:
    """Why a measurement does not count; empty when it does."""
    if figures.get("generator_share", 0) >= GENERATOR_LIMIT:
        return f"the generator used {figures['generator_share']:.0%} of its core"
    if figures["usage"]["foreign_share"] > FOREIGN_LIMIT:
        return f"{figures['usage']['foreign_share']:.0%} of the machine went to others"
    return ""


def spread_of(values: list[float]) -> dict:
    return {"median": statistics.median(values), "least": min(values), "most": max(values)} if values else {}


def summary(rounds: list[dict], figures: dict[str, callable], ratios: dict[str, callable]) -> dict:
    """Medians over the rounds that count; over all of them when none does, which the report says."""
    valid = [each for each in rounds if not each["void"]]
    used = valid or rounds
    return {
        "rounds": rounds, "valid": len(valid), "void": [each["void"] for each in rounds if each["void"]],
        "figures": {name: spread_of([pick(each) for each in used]) for name, pick in figures.items()},
        "ratios": {name: spread_of([pick(each) for each in used]) for name, pick in ratios.items()},
    }


def goal(name: str, value: float, limit: float, at_least: bool) -> dict:
    met = value >= limit if at_least else value <= limit
    return {"name": name, "value": value, "limit": limit, "at_least": at_least, "met": met}


def hot(bench: Bench) -> dict:
    """1. Everybody at once for one event, against the batch limit and the best row-per-transaction design."""
    scale, rounds = bench.scale, []
    for number in range(scale.rounds):
        measured: dict = {}

        def ours():
            slug = bench.desk.world.take("hot")
            measured["ours"], ledger = bench.crowd([slug], sockets=scale.sockets, requests=scale.requests)
            checks.check_one_event(bench.desk, slug, ledger)

        def limit():
            measured["limit"] = bench.batches([bench.desk.world.take("hot")], scale.requests)

        def others():
            order = [(design, clients) for design in DESIGNS for clients in scale.peer_clients]
            measured["peers"] = [bench.peers.hot(*each, scale.peer_seconds) for each in order[number % 3:] + order[:number % 3]]

        for step in ((ours, limit, others) if number % 2 == 0 else (others, limit, ours)):
            step()
        measured["best_peer"] = max(measured["peers"], key=lambda peer: peer["rate"])
        measured["void"] = is_void(measured["ours"]) or is_void(measured["limit"])
        rounds.append(measured)

    result = summary(
        rounds,
        {"last answer, ms": lambda r: r["ours"]["seconds"] * 1e3, "p50, ms": lambda r: r["ours"]["latency"]["p50_ms"],
         "p99, ms": lambda r: r["ours"]["latency"]["p99_ms"], "rate, 1/s": lambda r: r["ours"]["rate"],
         "batch limit, 1/s": lambda r: r["limit"]["rate"], "best row per transaction, 1/s": lambda r: r["best_peer"]["rate"],
         "registrations a batch": lambda r: r["ours"]["batches"][1] / max(1, r["ours"]["batches"][0]),
         "server CPU, µs each": lambda r: r["ours"]["server_us"], "database CPU, µs each": lambda r: r["ours"]["database_us"],
         "database CPU at the limit, µs each": lambda r: r["limit"]["database_us"],
         "generator, share of a core": lambda r: r["ours"]["generator_share"]},
        {"of the batch limit": lambda r: r["ours"]["rate"] / r["limit"]["rate"],
         "times the best row per transaction": lambda r: r["ours"]["rate"] / r["best_peer"]["rate"],
         "p99 of the limit's time": lambda r: r["ours"]["latency"]["p99_ms"] / 1e3 / r["limit"]["seconds"]})
    ratios = result["ratios"]
    result["goals"] = [
        goal("of the batch limit", ratios["of the batch limit"]["median"], 0.5, True),
        goal("times the best row per transaction", ratios["times the best row per transaction"]["median"], 10, True),
        goal("p99 of the limit's time", ratios["p99 of the limit's time"]["median"], 1.5, False)]
    return result


def steady(bench: Bench) -> dict:
    """2. People who come one by one at a rate, whether or not the desk keeps up."""
    scale, rounds = bench.scale, []
    for number in range(max(1, scale.rounds // 2)):
        measured = {"void": ""}
        for rate in scale.rates:
            slug = bench.desk.world.take("roomy")
            figures, ledger = bench.crowd([slug], sockets=scale.steady_sockets, requests=int(rate * scale.steady_seconds), rate=rate)
            registered = checks.without_refusals(bench.desk, slug, ledger)
            checks.check_one_event(bench.desk, slug, registered, bench.desk.world.capacity["roomy"])
            measured[str(rate)] = figures
            measured["void"] = measured["void"] or is_void(figures)
        rounds.append(measured)

    picks = {}
    for rate in map(str, scale.rates):
        for name, pick in {
            "p50, ms": lambda f: f["latency"]["p50_ms"], "p99, ms": lambda f: f["latency"]["p99_ms"],
            "largest, ms": lambda f: f["latency"]["max_ms"], "sent late p99, ms": lambda f: f["send_lag"]["p99_ms"],
            "registrations a batch": lambda f: f["batches"][1] / max(1, f["batches"][0]),
            "refused, %": lambda f: 100 * (1 - f["registered"] / f["requests"]),
        }.items():
            picks[f"{rate}/s: {name}"] = lambda r, rate=rate, pick=pick: pick(r[rate])
    result = summary(rounds, picks, {})
    result["goals"] = [
        goal(name, result["figures"][name]["median"], limit, False)
        for name, limit in (("10000/s: p99, ms", 25), ("10000/s: refused, %", 0)) if name in result["figures"]]
    return result


def spread(bench: Bench) -> dict:
    """3. A thousand events at once, evenly and by popularity, against pgbench doing one each."""
    scale, rounds = bench.scale, []
    slugs = bench.desk.world.kinds["spread"]
    for number in range(scale.rounds):
        measured = {"void": ""}
        for choose in ("uniform", "zipf"):
            def ours():
                figures, ledger = bench.crowd(slugs, sockets=scale.sockets, requests=scale.spread_requests, choose=choose)
                checks.check_spread(bench.desk, ledger)
                measured[choose] = figures
                measured["void"] = measured["void"] or is_void(figures)

            def others():
                measured[f"{choose} peers"] = [bench.peers.spread(choose, clients, scale.peer_seconds) for clients in scale.peer_clients[-2:]]

            for step in ((ours, others) if number % 2 == 0 else (others, ours)):
                step()
        rounds.append(measured)

    def peer(choose):
        return lambda r: max(each["rate"] for each in r[f"{choose} peers"])

    figures, ratios = {}, {}
    for choose in ("uniform", "zipf"):
        figures |= {f"{choose}: rate, 1/s": lambda r, c=choose: r[c]["rate"], f"{choose}: pgbench, 1/s": peer(choose),
                    f"{choose}: p99, ms": lambda r, c=choose: r[c]["latency"]["p99_ms"],
                    f"{choose}: registrations a batch": lambda r, c=choose: r[c]["batches"][1] / max(1, r[c]["batches"][0]),
                    f"{choose}: server CPU, µs each": lambda r, c=choose: r[c]["server_us"],
                    f"{choose}: database CPU, µs each": lambda r, c=choose: r[c]["database_us"]}
        ratios[f"{choose}, times pgbench"] = lambda r, c=choose: r[c]["rate"] / peer(c)(r)
    result = summary(rounds, figures, ratios)
    result["goals"] = [goal(name, value["median"], 2.5, True) for name, value in result["ratios"].items()]
    return result


def pair(bench: Bench) -> dict:
    """4. Two processes on one database, the same hot event, against one of them."""
    scale, rounds = bench.scale, []
    for number in range(scale.rounds):
        measured: dict = {}

        def one():
            bench.desk.stop_second()
            slug = bench.desk.world.take("hot")
            measured["one"], ledger = bench.crowd([slug], sockets=scale.sockets, requests=scale.requests)
            checks.check_one_event(bench.desk, slug, ledger)

        def two():
            bench.desk.start_second()
            slug = bench.desk.world.take("hot")
            measured["two"], ledger = bench.crowd([slug], sockets=scale.sockets, requests=scale.requests)
            checks.check_one_event(bench.desk, slug, ledger)

        for step in ((one, two) if number % 2 == 0 else (two, one)):
            step()
        measured["void"] = is_void(measured["one"]) or is_void(measured["two"])
        rounds.append(measured)
    bench.desk.stop_second()

    result = summary(
        rounds,
        {"one process, 1/s": lambda r: r["one"]["rate"], "two processes, 1/s": lambda r: r["two"]["rate"],
         "two: p99, ms": lambda r: r["two"]["latency"]["p99_ms"]},
        {"two of one": lambda r: r["two"]["rate"] / r["one"]["rate"]})
    result["goals"] = [goal("two of one", result["ratios"]["two of one"]["median"], 0.7, True)]
    return result


ALL = {"hot": hot, "steady": steady, "spread": spread, "pair": pair}
