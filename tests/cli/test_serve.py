"""The server and the worker as processes: they start, refuse a second start, and stop cleanly."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager

import httpx
import pytest

from regiohub.testing.services import PostgresServer

from .conftest import Shell


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(shell: Shell, *words: str) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        shell.command(*words), cwd=shell.root, env=shell.variables, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=20)


def _until_ready(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()[0]
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the server did not become ready")


def test_the_embedded_server_prepares_itself_answers_and_stops_on_ctrl_c(empty: Shell) -> None:
    empty.town("musterstadt")
    port = _free_port()
    empty.environment["REGIOHUB_PORT"] = str(port)
    address = f"http://127.0.0.1:{port}"
    with _running(empty, "serve") as process:
        _until_ready(address, process)
        answer = httpx.post(f"{address}/musterstadt/graphql", json={"query": "{ tenant { name } }"}, timeout=20)
        assert answer.json() == {"data": {"tenant": {"name": "Stadt Musterstadt"}}}
        second = empty.run("serve")
        assert second.code == 3
        assert f"Port {port} on 127.0.0.1 is in use" in second.err
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert f"Regio.hub answers at {address}" in output
    assert "Traceback" not in output
    assert "worker_stopped" in output


def test_the_worker_stops_on_sigterm(shell: Shell) -> None:
    with _running(shell, "worker") as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not any("worker_started" in line for line in lines):
            lines.append(process.stdout.readline())
            assert lines[-1], "".join(lines)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=30)
    assert process.returncode == 0, output
    assert "worker_stopped" in output


@pytest.mark.postgresql
def test_postgresql_from_bootstrap_to_a_clean_bill_of_health(empty: Shell, postgres_server: PostgresServer) -> None:
    name = "cli_bootstrap"
    empty.environment |= {
        "REGIOHUB_DATABASE_URL": postgres_server.url(name, user="regiohub_app"),
        "REGIOHUB_DATABASE_OWNER_URL": postgres_server.url(name, user="regiohub_owner"),
        "REGIOHUB_DATABASE_SUPERUSER_URL": postgres_server.url(),
    }
    try:
        for _ in range(2):
            done = empty.run("db", "bootstrap")
            assert done.code == 0, done.err
        waiting = empty.run("serve", "--port", str(_free_port()))
        assert waiting.code == 4
        assert "Run: regiohub db upgrade" in waiting.err
        upgraded = empty.run("db", "upgrade")
        assert upgraded.code == 0, upgraded.err
        empty.town("musterstadt")
        assert empty.run("tenant", "add", "musterstadt").code == 0
        findings = {finding["subject"]: finding for finding in empty.run("doctor", "--json").json}
        for subject in ("Database", "Migrations", "Serving role", "Row level security"):
            assert findings[subject]["level"] == "ok", findings[subject]
        assert "regiohub db harden" in findings["Speed"]["remedy"]
        superuser = {"REGIOHUB_DATABASE_URL": postgres_server.url(name)}
        warned = {finding["subject"]: finding for finding in empty.run("doctor", "--json", **superuser).json}
        assert warned["Serving role"]["level"] == "error"
    finally:
        postgres_server.drop_database(name)


@pytest.mark.parametrize("words", [("serve",), ("token", "--tenant", "potsdam", "--role", "tenant-admin")])
def test_the_issuer_of_test_tokens_ends_a_production_server_and_its_tools(shell: Shell, words: tuple[str, ...]) -> None:
    production = {"REGIOHUB_ENVIRONMENT": "production", "REGIOHUB_SECRET_KEY": "k" * 43}
    ended = shell.run(*words, **production, REGIOHUB_DEV_ISSUER="true")
    assert ended.code not in (0, 70)
    assert "does not run in production" in ended.err
    assert not (shell.root / "data" / "dev-issuer.json").exists()
    assert "eyJ" not in ended.out
