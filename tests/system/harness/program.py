"""The program under test: its commands, and a server that runs."""

import os
import pathlib
import re
import signal
import subprocess
import threading
import time

from .web import Web

ROOT = pathlib.Path(__file__).resolve().parents[3]
BINARY = os.environ.get("KUTSU_BIN", str(ROOT / "build/dev/server/kutsu"))
DEMO = ROOT / "tests/demo"
CLOCK = "2027-05-03T06:00:00Z"


def clean_environment(data: pathlib.Path, extra: dict[str, str] | None = None) -> dict[str, str]:
    """Nothing of the caller's Kutsu settings, and no kutsu.toml of theirs."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("KUTSU_")}
    return environment | {"HOME": str(data), "XDG_STATE_HOME": str(data / "state"), "LC_ALL": "C.UTF-8"} | (extra or {})


class Kutsu:
    """One installation: a data folder and, perhaps, a database elsewhere."""

    def __init__(self, data: pathlib.Path, database_url: str | None = None, clock: str | None = CLOCK):
        self.data = data
        self.database_url = database_url
        self.options = ["--data", str(data)]
        if database_url:
            self.options += ["--database-url", database_url]
        if clock:
            self.options += ["--clock", clock]
        self.environment = clean_environment(data)
        data.mkdir(parents=True, exist_ok=True)

    def run(self, *arguments: str, expect: int | None = 0, stdin: str = "", timeout: float = 90):
        """A command that ends by itself."""
        done = subprocess.run(
            [BINARY, *arguments, *self.options],
            input=stdin, text=True, capture_output=True, timeout=timeout, env=self.environment, cwd=self.data,
        )
        if expect is not None:
            assert done.returncode == expect, f"{arguments} → {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def load(self, *files: pathlib.Path):
        for file in files:
            self.run("import", str(file))

    def serve(self, *arguments: str) -> "Server":
        return Server(self, arguments)


class Server:
    """A running `kutsu serve`; as a context it ends with SIGTERM and must answer that with exit code 0."""

    def __init__(self, kutsu: Kutsu, arguments: tuple[str, ...], ready_within: float = 60):
        self.kutsu = kutsu
        self.log = kutsu.data / f"server-{time.monotonic_ns()}.log"
        self.begun = time.monotonic()
        listen = () if "--listen" in arguments else ("--listen", "127.0.0.1:0")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve", *listen, *kutsu.options, *arguments],
                stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env=kutsu.environment, cwd=kutsu.data,
            )
        self.lines: list[str] = []
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if not self._ready.wait(ready_within) or not self.lines:
            self.kill()
            raise AssertionError(f"the server does not listen: {self.lines}\n{self.said()[-4000:]}")
        self.start_seconds = time.monotonic() - self.begun
        found = re.fullmatch(r"listening on (http://([\d.]+):(\d+))", self.lines[0])
        assert found, self.lines
        self.base = found[1]
        self.port = int(found[3])
        self.web = Web(self.port)

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.decode().rstrip("\n"))
            self._ready.set()
        self._ready.set()

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/live"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def status(self, name: str) -> int:
        """A figure of /proc/PID/status, such as VmRSS in KiB."""
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+)", text, re.M)[1])

    def stop(self, within: float = 12) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end the server\n{self.said()[-4000:]}") from None
        self._reader.join(5)
        return code

    def kill(self):
        """kill -9."""
        self.process.kill()
        self.process.wait(10)
        self._reader.join(5)

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, failure, *_):
        code = self.stop()
        if failure is None:
            assert code == 0, f"exit code {code}\n{self.said()[-4000:]}"


def wait_until(condition, seconds: float = 15, what: str = ""):
    """The first true value of `condition`; errors while asking count as "not yet"."""
    end = time.monotonic() + seconds
    last: object = None
    while time.monotonic() < end:
        try:
            if last := condition():
                return last
        except (OSError, AssertionError, KeyError) as error:
            last = error
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {what or condition} (last: {last!r})")
