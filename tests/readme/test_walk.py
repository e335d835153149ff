"""The README's ten minutes, word for word, against a server with the demo content."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from .conftest import ROOT, Step, alike, clean_environment, shell, steps

README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:8000"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended before it was ready"
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the server did not become ready")


@pytest.mark.timeout(600)
def test_every_command_of_the_readme_answers_as_it_says(tmp_path: Path) -> None:
    for name in (".venv", "tenants"):
        (tmp_path / name).symlink_to(ROOT / name)
    port = _free_port()
    address, environment = f"http://127.0.0.1:{port}", clean_environment(port)
    log = (tmp_path / "server.log").open("wb")
    serve = [str(tmp_path / ".venv/bin/regiohub"), "serve", "--demo"]
    with log, subprocess.Popen(serve, cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT) as server:
        try:
            _until_ready(address, server)
            with shell(tmp_path, environment) as terminal:
                for step in steps(README.replace(ADDRESS, address)):
                    output = terminal.run(step.commands)
                    deadline = time.monotonic() + 15
                    while not step.is_answered_by(output) and step.only_asks and time.monotonic() < deadline:
                        output = terminal.run(step.commands)
                    assert step.is_answered_by(output), f"{step.commands}\n{output}"
        finally:
            server.send_signal(signal.SIGINT)
            code = server.wait(30)
    printed = (tmp_path / "server.log").read_text()
    assert code == 0, printed
    assert "Traceback" not in printed
    assert "/lorawan/ingest/chirpstack" in printed, "the welcome offers a ready-made uplink"


def test_the_walk_has_all_its_stations() -> None:
    commands = "\n".join(step.commands for step in steps(README))
    for station in (
        "tenant { name }", "lorawan/ingest", "createBooking", "Fysiotherapie", "nearby", "plugin disable", "ask region",
    ):  # fmt: skip
        assert station in commands


def test_an_answer_that_differs_is_noticed() -> None:
    step = Step("", "json", '{"a": [1, "…"], "b": "…"}')
    assert step.is_answered_by('{"a": [1, 2, 3], "b": null}')
    assert not step.is_answered_by('{"a": [2], "b": null}')
    assert not step.is_answered_by('{"a": [1]}')
    assert not step.is_answered_by('{"a": [1], "b": 1, "c": 2}')
    assert not step.is_answered_by("curl: (7) Failed to connect")
    assert not Step("", "text", "404").is_answered_by("200")
    assert alike(["…"], [])
