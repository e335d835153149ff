"""docs/operators/installation.md and postgresql.md on an empty server, and the files that they hand out."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest

from regiohub.settings import Settings
from regiohub.testing.services import postgresql
from regiohub.testing.services.fixtures import required
from regiohub.testing.services.programs import find_program

from ..apps.walk import follow  # noqa: TID252 - pages are followed in one way
from .machines import ROOT, TOOLS, Machine

DEPLOY = ROOT / "deploy"
EXAMPLE = DEPLOY / "systemd" / "regiohub.env.example"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
KEY = "b6f0f3c8a1d94e57b2c0d9e8f7a6b5c4"


def page(name: str) -> str:
    return (ROOT / "docs" / "operators" / name).read_text(encoding="utf-8")


@pytest.mark.postgresql
@pytest.mark.timeout(400)
def test_an_installation_comes_up_in_production_as_the_pages_say(tmp_path: Path) -> None:
    with postgresql() as server:

        def here(text: str) -> str:
            # This server speaks through a socket, so the address names it behind the question mark.
            text = re.sub(r"@db\.example\.org/(\w+)", rf"@/\1?host={server.host}", text)
            return text.replace("db.example.org", str(server.host)).replace("/etc/regiohub/", f"{tmp_path}/")

        machine = Machine(tmp_path)
        follow(here(page("postgresql.md")), tmp_path, machine.environment)
        (tmp_path / "regiohub.env").write_text(
            f"REGIOHUB_ENVIRONMENT=production\nREGIOHUB_SECRET_KEY={KEY}\nREGIOHUB_TRUSTED_PROXIES=127.0.0.1\n"
            f"REGIOHUB_PUBLIC_URL=https://regio.example.org\nREGIOHUB_SMTP_URL=smtp://mail.example.org\n"
            f"REGIOHUB_DATABASE_URL='{here('postgresql+asyncpg://hub_app@db.example.org/regiohub')}'\n"
        )
        follow(here(page("installation.md")), tmp_path, machine.environment)


def test_the_example_of_the_settings_is_read_by_a_shell_and_taken_in_production(tmp_path: Path) -> None:
    filled = re.sub(r"^(\w+(?:KEY|SECRET))=$", rf"\1={KEY}", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (tmp_path / "regiohub.env").write_text(filled)
    script = "set -a; . ./regiohub.env; env --null"
    shown = subprocess.run(["/bin/sh", "-c", script], cwd=tmp_path, env={"PATH": "/usr/bin:/bin"}, capture_output=True)
    given = dict(line.split("=", 1) for line in shown.stdout.decode().split("\0") if line.startswith("REGIOHUB_"))
    assert {name.removeprefix("REGIOHUB_").lower() for name in given} <= Settings.model_fields.keys()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(name, value)
        settings = Settings(_env_file=None)  # pyright: ignore[reportCallIssue]
    assert settings.is_production
    assert [entry.issuer for entry in settings.issuers] == ["https://login.example.org/realms/regiohub"]


def test_the_example_of_the_settings_holds_no_secret() -> None:
    assert re.findall(r"^\w*(?:KEY|CLIENT_SECRET)=(.+)$", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE) == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_run_commands_that_exist_without_rights(unit: Path) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # pyright: ignore[reportAttributeAccessIssue] - names of systemd keep their case
    parser.read(unit, encoding="utf-8")
    service = parser["Service"]
    command = service["ExecStart"].split()
    assert command[0] == "/opt/regiohub/bin/regiohub"
    asked = subprocess.run([str(TOOLS / "regiohub"), *command[1:], "--help"], capture_output=True, check=False)
    assert asked.returncode == 0
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("regiohub", "true", "strict")
    seconds = {"serve": Settings.model_fields["shutdown_timeout"].default, "worker": 120}[command[1]]
    assert int(service["TimeoutStopSec"]) > seconds


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_no_fault_in_a_unit(unit: Path, tmp_path: Path) -> None:
    with required("systemd"):
        analyze = find_program("systemd-analyze", package="systemd")
    text = unit.read_text(encoding="utf-8").replace("/opt/regiohub/bin/regiohub", str(TOOLS / "regiohub"))
    (tmp_path / unit.name).write_text(text)
    command = [str(analyze), "verify", str(tmp_path / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if unit.name in line]
    assert ours == []


def test_the_proxy_says_what_the_page_asks_of_any_proxy() -> None:
    text = (DEPLOY / "nginx" / "regiohub.conf").read_text(encoding="utf-8")
    headers = dict(re.findall(r"proxy_set_header (\S+)\s+(\S+);", text))
    assert headers["Host"] == "$host"
    assert headers["X-Forwarded-For"] == "$remote_addr", "what a caller claims is not passed on"
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert "Upgrade" in headers
    (size,) = re.findall(r"client_max_body_size (\d+)m;", text)
    assert int(size) * 1024 * 1024 == Settings.model_fields["upload_max_bytes"].default
    assert re.search(r"location = /metrics +\{ return 404; \}", text)
    assert text.count("{") == text.count("}")
