"""The program from an operator's side: start, stop, refusals, configuration."""

import json
import pathlib
import re
import signal
import socket
import time

import pytest
from harness.program import BINARY, Kutsu, wait_until


@pytest.fixture
def without_database(tmp_path):
    """For commands that need none."""
    return Kutsu(tmp_path)


def test_serve_prints_exactly_one_line_and_ends_with_0_on_sigterm(installation):
    server = installation.serve()
    server.web.get("/healthz")

    assert server.stop() == 0
    assert len(server.lines) == 1
    assert server.lines[0] == f"listening on {server.base}"


def test_a_second_server_on_the_same_data_says_so_and_exits_with_3(installation):
    with installation.serve():
        second = installation.run("serve", "--listen", "127.0.0.1:0", expect=3)

    assert second.stdout == ""
    assert str(installation.data) in second.stderr


def test_a_taken_port_is_named(installation):
    with installation.serve() as server:
        other = Kutsu(installation.data / "other", installation.database_url)
        taken = other.run("serve", "--listen", f"127.0.0.1:{server.port}", expect=None)

    assert taken.returncode in (1, 3)
    assert str(server.port) in taken.stderr


def test_sigterm_finishes_what_is_in_flight(installation):
    with installation.serve() as server, socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(b"POST /api/v1/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{")
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        time.sleep(0.3)
        client.sendall(b"}")

        assert client.recv(1000).startswith(b"HTTP/1.1 4")
        assert server.process.wait(12) == 0
        assert time.monotonic() - began < 10.5


def processes_of(kutsu: Kutsu) -> list[str]:
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().decode(errors="replace").replace("\0", " ")
        except OSError:
            continue
        if str(kutsu.data) in words:
            found.append(words)
    return found


def test_an_orderly_stop_leaves_no_process_behind(installation):
    with installation.serve():
        assert processes_of(installation)

    wait_until(lambda: not processes_of(installation), 5, "the private cluster has stopped")


@pytest.mark.parametrize("arguments", [["serve", "--lisen", "x"], ["sreve"], ["import"], ["user", "add"]])
def test_wrong_usage_exits_with_2(without_database, arguments):
    wrong = without_database.run(*arguments, expect=2)

    assert wrong.stdout == ""
    assert wrong.stderr


def test_help_names_every_command_and_option(without_database):
    said = without_database.run("--help").stdout + without_database.run("serve", "--help").stdout

    for command in ("serve", "demo", "import", "export", "db", "user", "doctor", "config", "version"):
        assert re.search(rf"^ +{command}\b", said, re.M), command
    for flag in ("--listen", "--data", "--database-url", "--base-url", "--smtp-url", "--mail-from", "--clock", "--threads", "--log"):
        assert flag in said


def test_version_in_words_and_as_json(without_database):
    said = without_database.run("version").stdout
    content = json.loads(without_database.run("version", "--json").stdout)

    assert content["version"] in said


def test_an_unknown_key_is_an_error_with_line_and_nearest_key(without_database):
    file = without_database.data / "kutsu.toml"
    file.write_text('# our site\nlisten = "127.0.0.1:0"\n[smtp]\nulr = "smtp://localhost"\n')

    for command in (["serve"], ["config", "check"]):
        wrong = without_database.run(*command, "--config", str(file), expect=3)
        assert f'{file}:4: unknown key "smtp.ulr" — did you mean "smtp.url"?' in wrong.stderr


@pytest.mark.parametrize(
    "arguments, name",
    [
        (["--listen", "nowhere"], "--listen"),
        (["--clock", "noon"], "--clock"),
        (["--threads", "many"], "--threads"),
        (["--log", "loud"], "--log"),
        (["--smtp-url", "pigeon://x"], "--smtp-url"),
    ],
)
def test_a_wrong_value_exits_with_3_and_names_its_source(tmp_path, arguments, name):
    wrong = Kutsu(tmp_path, clock=None).run("config", "check", *arguments, expect=3)

    assert name in wrong.stderr
    assert "expected" in wrong.stderr


def test_config_show_tells_value_and_origin_and_hides_secrets(without_database):
    without_database.environment["KUTSU_SMTP_URL"] = "smtp://aino:hunter2@mail.example.org:587"
    (without_database.data / "kutsu.toml").write_text('log = "warn"\n')

    said = without_database.run("config", "show").stdout
    content = json.loads(without_database.run("config", "show", "--json").stdout)

    assert "hunter2" not in said + json.dumps(content)
    assert content["smtp.url"] == content["smtp.url"] | {
        "value": "smtp://aino:***@mail.example.org:587", "source": "environment", "where": "KUTSU_SMTP_URL",
    }
    assert content["log"] == content["log"] | {"value": "warn", "source": "file", "where": "kutsu.toml:1"}
    assert content["data"]["source"] == "flag"
    assert content["http.header_limit"] == content["http.header_limit"] | {"value": "16KiB", "source": "default"}


def test_a_database_that_is_not_there_exits_with_4(tmp_path):
    away = Kutsu(tmp_path, "postgresql://kutsu@127.0.0.1:1/kutsu").run("db", "status", expect=4)

    assert "127.0.0.1" in away.stderr


def test_doctor_passes_on_a_fresh_installation(installation):
    installation.run("db", "migrate")

    said = installation.run("doctor", expect=None)

    assert said.returncode in (0, 1)
    assert "database" in said.stdout.lower()


def test_migrations_run_once(installation):
    installation.run("db", "status", expect=None)
    installation.run("db", "migrate")
    again = installation.run("db", "migrate")
    status = installation.run("db", "status")

    assert again.returncode == 0
    assert re.search(r"\b\d+\b", status.stdout)


def test_the_clock_option_is_announced(installation):
    with installation.serve() as server:
        assert "2027-05-03T06:00:00Z" in server.web.get("/readyz").text
        assert "2027-05-03T06:00:00Z" in server.said()


def test_logs_are_json_lines_when_standard_error_is_no_terminal(installation):
    with installation.serve() as server:
        server.web.get("/fi/")
        lines = [line for line in server.said().splitlines() if line]

    assert lines
    for line in lines:
        assert isinstance(json.loads(line), dict), line


def test_users_are_added_listed_linked_and_disabled(installation):
    installation.run(
        "user", "add", "aino@example.org", "--name", "Aino Nieminen", "--role", "organiser", "--password-stdin",
        stdin="a long and good password\n",
    )
    assert "aino@example.org" in installation.run("user", "list").stdout
    link = installation.run("user", "link", "aino@example.org").stdout
    assert re.search(r"http://\S+", link)
    installation.run("user", "link", "nobody@example.org", expect=1)

    with installation.serve() as server:
        sign_in = {"email": "aino@example.org", "password": "a long and good password"}
        welcome = server.web.send_json("POST", "/api/v1/login", sign_in)
        assert welcome.status == 200, welcome.text
        cookie = welcome.headers["Set-Cookie"]
        assert cookie.startswith("kutsu=") and "HttpOnly" in cookie and "SameSite=Lax" in cookie

        wrong = server.web.send_json("POST", "/api/v1/login", sign_in | {"password": "another"})
        unknown = server.web.send_json("POST", "/api/v1/login", sign_in | {"email": "x@example.org"})
        assert wrong.status in (401, 403) and (wrong.status, wrong.body) == (unknown.status, unknown.body)

        installation.run("user", "disable", "aino@example.org")
        assert server.web.send_json("POST", "/api/v1/login", sign_in).status in (401, 403)


def test_a_wrong_role_or_address_is_refused(installation):
    role = installation.run("user", "add", "a@example.org", "--name", "A", "--role", "emperor", expect=None)
    address = installation.run("user", "add", "no address", "--name", "A", "--role", "viewer", expect=None)

    assert role.returncode in (1, 2) and "organiser" in role.stderr
    assert address.returncode in (1, 2)


def test_start_time_and_memory(silta, new_installation):
    """Printed, and bounded loosely: a slow machine must not fail the tests."""
    for path in ("/fi/", "/ru/events/ev-sem-spring", "/calendar/events.ics"):
        silta.web.get(path)
    resident = silta.status("VmRSS") / 1024
    print(f"\n{BINARY} on {new_installation.kind}: started in {silta.start_seconds:.2f} s, {resident:.0f} MiB resident")
    assert resident < 150
    assert silta.start_seconds < 10
