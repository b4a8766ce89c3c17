"""What the machine spent: CPU time of processes, and how much of it was none of ours."""

import os
import pathlib
import platform
import time

TICK = os.sysconf("SC_CLK_TCK")
FOREIGN_LIMIT = 0.10  # of the machine, beyond which a round counts as disturbed
GENERATOR_LIMIT = 0.90  # of a core, beyond which the generator measures itself


def _stat(pid: int) -> list[str]:
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def own_seconds(pid: int) -> float:
    """User and system time of a process, its ended threads included."""
    fields = _stat(pid)
    return (int(fields[11]) + int(fields[12])) / TICK


def tree_seconds(pid: int) -> float:
    """A process, its children and those of them that have ended: a postmaster and all its backends."""
    fields = _stat(pid)
    total = sum(int(fields[field]) for field in (11, 12, 13, 14)) / TICK
    for child in children(pid):
        try:
            total += own_seconds(child)
        except OSError:
            pass  # ended meanwhile: counted with its parent next time
    return total


def children(pid: int) -> list[int]:
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def machine_seconds() -> float:
    """Everything but idling, stolen time included."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICK


def pin(pid: int, core: int | None):
    """All threads of a running process, but none of its children."""
    if core is not None:
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            os.sched_setaffinity(int(task.name), {core})


class Watch:
    """CPU seconds between `begin` and `end`: servers, database, others of ours, and everybody else."""

    def __init__(self, servers: list[int], postmaster: int):
        self.servers = servers
        self.postmaster = postmaster

    def _now(self) -> tuple[float, float, float, float]:
        return time.monotonic(), sum(map(own_seconds, self.servers)), tree_seconds(self.postmaster), machine_seconds()

    def begin(self):
        self.load = os.getloadavg()[0]
        self._before = self._now()

    def end(self, ours: float = 0.0) -> dict:
        """`ours`: CPU seconds of further programs of the benchmark."""
        wall, server, database, machine = (after - before for after, before in zip(self._now(), self._before))
        foreign = max(0.0, machine - server - database - ours)
        return {
            "wall_seconds": wall, "server_cpu_seconds": server, "database_cpu_seconds": database,
            "foreign_share": foreign / (wall * (os.cpu_count() or 1)), "load": self.load,
        }


def describe() -> dict:
    model = next(
        (line.partition(":")[2].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")), platform.machine())
    return {"cpu": model, "cores": os.cpu_count(), "kernel": platform.release(), "node": platform.node()}
