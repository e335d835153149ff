"""The floors of the house: who may import whom."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from .repository import PLUGINS, ROOT


def test_the_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_cover_every_plugin_and_every_private_room_of_the_core() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    packages = {f"regiohub_{name}" for name in PLUGINS}
    assert set(settings["root_packages"]) == {"regiohub", *packages}
    (public,) = [contract for contract in settings["contracts"] if "public API" in contract["name"]]
    assert set(public["source_modules"]) == packages
    rooms = {
        path.stem
        for path in (ROOT / "core/regiohub").iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").is_file()) and not path.name.startswith("_")
    }
    assert set(public["forbidden_modules"]) == {f"regiohub.{room}" for room in rooms - {"api", "testing"}}


@pytest.mark.parametrize("name", ["core", "plugins", "tenants", "tests"])
def test_no_code_imports_a_folder_of_the_repository(name: str) -> None:
    """From the root they would import as namespace packages, and nowhere else."""
    offenders = [
        str(path.relative_to(ROOT))
        for folder in ("core", "plugins", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if any(
            line.startswith((f"import {name}.", f"from {name}.", f"from {name} "))
            for line in path.read_text().splitlines()
        )
    ]
    assert offenders == []
