"""The benchmark can run: a small one, for its checks of the data and not for its figures."""

import subprocess

from harness.program import BINARY, ROOT, clean_environment


def test_a_small_benchmark_finds_the_data_right(tmp_path):
    done = subprocess.run(
        [ROOT / "tests/bench/run", "--smoke", "--build", "dev", "--no-build"],
        capture_output=True, text=True, timeout=120, env=clean_environment(tmp_path, {"KUTSU_BIN": BINARY}))

    assert done.returncode == 0, done.stderr[-4000:]
    assert [line.split(":")[0] for line in done.stdout.splitlines()] == ["ok hot", "ok steady", "ok spread", "ok pair"]
