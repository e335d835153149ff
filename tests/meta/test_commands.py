"""The commands that the documentation promises."""

import subprocess
from pathlib import Path

import pytest

from .repository import ROOT

COMMANDS = ["run", "keycloak", "test", "lint", "format", "lock", "assets", "wheels", "release", "clean"]


@pytest.fixture(scope="module")
def listed() -> str:
    return subprocess.run(["make", "--silent", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_make_offers_and_explains_the_command(listed: str, command: str) -> None:
    assert any(line.split()[:2] == ["make", command] and len(line.split()) > 3 for line in listed.splitlines())


def _make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_missing_python_is_explained_in_one_line() -> None:
    done = _make("VENV=nowhere", "PYTHON=no-such-python", "nowhere/bin/uv")
    assert done.returncode != 0
    first = done.stderr.splitlines()[0]
    assert first.startswith("Python 3.11 or newer is needed")


def test_an_old_python_is_explained_in_one_line(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = _make("VENV=nowhere", f"PYTHON={old}", "nowhere/bin/uv")
    assert done.returncode != 0
    assert "3.11" in done.stderr.splitlines()[0]


def test_a_missing_venv_module_is_explained_with_the_package_to_install(tmp_path: Path) -> None:
    # Debian's bare Python has the version but not the module.
    bare = tmp_path / "python"
    bare.write_text('#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\n')
    bare.chmod(0o755)
    done = _make("VENV=nowhere", f"PYTHON={bare}", "nowhere/bin/uv")
    assert done.returncode != 0
    assert "apt install python3-venv" in done.stderr.splitlines()[0]


def test_continuous_integration_starts_with_one_executable() -> None:
    script = ROOT / ".ci/run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
