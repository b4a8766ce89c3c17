"""What others do: one registration a transaction, in three designs, by pgbench in the same cluster.

The tables are copies of ours with the same columns, constraints, indexes and foreign keys, and a transaction writes what
ours does for one guest except the row of the change log: counter, registration, three answers, the letter.
"""

import pathlib
import re
import subprocess

from harness.postgres import PROGRAMS

from .desk import Desk
from .machine import Watch, pin
from .world import SEATS

FOLDER = pathlib.Path(__file__).resolve().parents[1] / "peers"
DESIGNS = ("for_update", "one_statement", "advisory_lock")
TABLES = ("event_counter", "registration", "registration_answer", "outbox")

# Events of their own, with numbers that a script can draw: first those that are used up one by one, then the spread.
HOT, SPREAD = 500, 1000
SCHEMA = f"""
    create schema peers;
    create table peers.event as select number as event_id from generate_series(1, {HOT + SPREAD}) as number;
    alter table peers.event add primary key (event_id);
""" + "".join(f"create table peers.{table} (like public.{table} including all);" for table in TABLES) + f"""
    alter table peers.registration add foreign key (event_id) references peers.event;
    alter table peers.registration_answer add foreign key (registration_id) references peers.registration on delete cascade;
    alter table peers.outbox add foreign key (event_id) references peers.event,
                             add foreign key (registration_id) references peers.registration;
    insert into peers.event_counter (event_id, capacity)
    select event_id, case when event_id > {HOT} then 1000000 else {SEATS} end from peers.event
"""


class Peers:
    def __init__(self, desk: Desk, core: int | None):
        self.desk = desk
        self.core = core
        desk.do(SCHEMA)
        self.used = 0

    def hot(self, design: str, clients: int, seconds: float) -> dict:
        """One event with as many seats as ours, then its waiting list; a fresh one each time."""
        self.used += 1
        figures = self._pgbench(FOLDER / f"{design}.sql", clients, seconds, event=self.used, capacity=SEATS)
        self._check(self.used, design)
        return figures | {"design": design, "clients": clients}

    def spread(self, distribution: str, clients: int, seconds: float) -> dict:
        choose = {"uniform": ":before + random(1, :count)", "zipf": ":before + random_zipfian(1, :count, 1.1)"}[distribution]
        script = self.desk.folder / f"spread-{distribution}.sql"
        script.write_text(f"\\set event {choose}\n" + (FOLDER / "one_statement.sql").read_text(encoding="utf-8"), encoding="utf-8")
        figures = self._pgbench(script, clients, seconds, before=HOT, count=SPREAD)
        return figures | {"clients": clients}

    def settle(self):
        self.desk.settle(*(f"peers.{table}" for table in TABLES))

    def _pgbench(self, script: pathlib.Path, clients: int, seconds: float, **variables: int) -> dict:
        self.settle()
        command = [str(PROGRAMS / "pgbench"), "-h", self.desk.socket_folder, "-U", "kutsu", "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
                   "-T", str(max(1, round(seconds))), "-f", str(script)]
        command += [part for name, value in variables.items() for part in ("-D", f"{name}={value}")]
        watch = Watch([], self.desk.postmaster)
        watch.begin()
        process = subprocess.Popen([*command, "kutsu"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        pin(process.pid, self.core)
        said, complained = process.communicate(timeout=seconds + 60)
        usage = watch.end()
        rate = re.search(r"^tps = ([\d.]+)", said, re.M)
        done = re.search(r"^number of transactions actually processed: (\d+)", said, re.M)
        if process.returncode != 0 or not rate or not done:
            raise RuntimeError(f"pgbench {script.name}: {complained or said}")
        return {"rate": float(rate[1]), "registrations": int(done[1]), "usage": usage}

    def _check(self, event: int, design: str):
        """They must be right, too, or there is nothing to compare."""
        count, confirmed, dense = self.desk.rows(
            "select count(*), count(*) filter (where status = 'confirmed'), coalesce(max(arrival) = count(*), true)"
            "  from peers.registration where event_id = %s", event)[0]
        if confirmed != min(SEATS, count) or not dense:
            raise RuntimeError(f"{design} gave {confirmed} of {SEATS} seats to {count} people")
