"""The benchmark's own programs: started, prepared, let go, and asked for their figures."""

import json
import os
import pathlib
import select
import subprocess

from .machine import Watch, own_seconds, pin

# A few seconds for what takes milliseconds, so that a hanging program ends a run with words.
PREPARING = 90.0


class Program:
    """Speaks the protocol of common/gate.h: says "ready", waits for a line, says "done", then one line of JSON."""

    def __init__(self, command: list[str], core: int | None):
        self.command = command
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        pin(self.process.pid, core)
        self._expect("ready", PREPARING)

    def measure(self, watch: Watch, patience: float) -> dict:
        before = own_seconds(self.process.pid)
        watch.begin()
        self.process.stdin.write(b"go\n")
        self._expect("done", patience)
        usage = watch.end(own_seconds(self.process.pid) - before)
        figures = json.loads(self._line(PREPARING))
        self.process.stdin.close()
        self.process.wait(30)
        return figures | {"usage": usage}

    def _expect(self, word: str, seconds: float):
        line = self._line(seconds)
        if line != word:
            self.process.kill()
            said = self.process.stderr.read().decode(errors="replace").strip()
            raise RuntimeError(f"{pathlib.Path(self.command[0]).name}: not {word!r} but {line!r} within {seconds:.0f} s. {said}")

    def _line(self, seconds: float) -> str:
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return self.process.stdout.readline().decode().strip() if ready else ""


class Tools:
    """Where the programs lie and which core they may use."""

    def __init__(self, build: pathlib.Path, core: int | None):
        self.client = str(build / "tests/bench/bench_client")
        self.lane = str(build / "tests/bench/bench_lane")
        self.core = core
        for program in (self.client, self.lane):
            if not os.access(program, os.X_OK):
                raise SystemExit(f"{program} is not built: run ops/build {build.name} bench_client bench_lane")

    def crowd(self, *arguments: object) -> Program:
        return Program([self.client, *map(str, arguments)], self.core)

    def batches(self, *arguments: object) -> Program:
        return Program([self.lane, *map(str, arguments)], self.core)
