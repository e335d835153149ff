"""The lock: complete, hashed, and in step with what the projects declare."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .repository import PLUGINS, ROOT

PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))? \\$")


@cache
def _locked(name: str) -> dict[str, set[str]]:
    """Distribution -> pinned versions; several where a marker decides."""
    pins: dict[str, set[str]] = {}
    for line in (ROOT / f"requirements/{name}.txt").read_text().splitlines():
        if line and not line.startswith((" ", "#")):
            match = PIN.match(line)
            assert match, f"not pinned with a hash: {line}"
            pins.setdefault(canonicalize_name(match["name"]), set()).add(match["version"])
    return pins


def _declared(project: str) -> list[Requirement]:
    lines: list[str] = tomllib.loads((ROOT / project).read_text())["project"]["dependencies"]
    return [requirement for line in lines if not (requirement := Requirement(line)).name.startswith("regiohub")]


@pytest.mark.parametrize("name", ["build", "dev", "prod"])
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    content = (ROOT / f"requirements/{name}.txt").read_text()
    blocks = re.split(r"^(?=[a-z0-9])", content, flags=re.MULTILINE)[1:]
    assert len(blocks) >= len(_locked(name)) > 5
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("project", ["pyproject.toml", *(f"plugins/{name}/pyproject.toml" for name in PLUGINS)])
def test_every_declared_dependency_is_locked_in_a_fitting_version(project: str) -> None:
    unfit = {
        str(requirement): versions
        for requirement in _declared(project)
        if not (versions := _locked("prod").get(canonicalize_name(requirement.name), set()))
        or not all(requirement.specifier.contains(version, prereleases=True) for version in versions)
    }
    assert unfit == {}, "run 'make lock'"


def test_development_and_production_use_the_same_versions() -> None:
    for name in ("build", "prod"):
        assert {
            package: versions for package, versions in _locked(name).items() if _locked("dev").get(package) != versions
        } == {}


def test_the_editable_list_names_the_core_and_every_plugin() -> None:
    lines = (ROOT / "requirements/editable.txt").read_text().split("\n")
    assert lines == ["-e .", *(f"-e plugins/{name}" for name in PLUGINS), ""]


def _imported(folder: Path) -> set[str]:
    modules: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module)
    return {module.split(".")[0] for module in modules} - sys.stdlib_module_names


@pytest.mark.parametrize(("project", "package"), [(f"plugins/{name}", f"src/regiohub_{name}") for name in PLUGINS])
def test_a_plugin_declares_every_library_that_it_imports(project: str, package: str) -> None:
    declared = {canonicalize_name(requirement.name) for requirement in _declared(f"{project}/pyproject.toml")}
    owners = packages_distributions()
    undeclared = {
        module
        for module in _imported(ROOT / project / package)
        if not module.startswith("regiohub") and not declared & {canonicalize_name(owner) for owner in owners[module]}
    }
    assert undeclared == set()
