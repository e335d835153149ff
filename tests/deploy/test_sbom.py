"""The bill of materials: complete, valid, and of what is really installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def bill(tmp_path_factory: pytest.TempPathFactory) -> str:
    target = tmp_path_factory.mktemp("sbom") / "regiohub.cdx.json"
    subprocess.run([sys.executable, ROOT / "deploy/release/sbom.py", target], check=True, capture_output=True)
    return target.read_text()


def _components(bill: str) -> dict[str, dict[str, Any]]:
    return {component["purl"]: component for component in json.loads(bill)["components"]}


def test_it_is_valid_cyclonedx(bill: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None


def test_every_locked_library_of_python_stands_in_it_with_its_hashes(bill: str) -> None:
    locked = (ROOT / "requirements/prod.txt").read_text()
    wanted = {
        f"pkg:pypi/{name.lower()}@{version}" for name, version in re.findall(r"(?m)^([\w.-]+)==([\w.+!-]+)", locked)
    }
    found = {purl: component for purl, component in _components(bill).items() if purl.startswith("pkg:pypi/")}
    assert found.keys() == wanted
    assert len(wanted) > 50
    digests = {hash_["content"] for component in found.values() for hash_ in component["hashes"]}
    assert digests == set(re.findall(r"--hash=sha256:([0-9a-f]{64})", locked))


def test_every_package_that_browsers_get_stands_in_it_and_no_tool(bill: str) -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {
        f"{place.rpartition('node_modules/')[2]}@{facts['version']}"
        for place, facts in packages.items()
        if place and not facts.get("dev")
    }
    found = {
        f"{component['group'] + '/' if 'group' in component else ''}{component['name']}@{component['version']}"
        for purl, component in _components(bill).items()
        if purl.startswith("pkg:npm/")
    }
    assert found == wanted
    assert not any(name.startswith("esbuild") for name in found)


def test_components_state_their_licence(bill: str) -> None:
    silent = [purl for purl, component in _components(bill).items() if not component.get("licenses")]
    # Those of other systems are not installed here, so that nobody can ask them.
    assert len(silent) <= 5, silent
