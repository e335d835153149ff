"""A plugin from the template passes its own tests, unchanged and outside this repository, whatever its author chose."""

import os
from itertools import combinations
from pathlib import Path

import pytest

from .project import BIN, OPTIONS, Environment, answers_for, make, run

pytestmark = pytest.mark.timeout(600)
SINGLES = [(), *((option,) for option in OPTIONS)]
PAIRS = list(combinations(OPTIONS, 2)) if os.environ.get("REGIOHUB_TEST_DEPTH") == "full" else []
EVERYTHING = tuple(OPTIONS)
CHECKED = [EVERYTHING, ("console", "job", "http"), ("table", "mqtt")]
LONG = {"id": "a_register_of_drinking_water_wells_1", "thing": "drinking_water_well_with_a_handle_pump"}


def named(options: tuple[str, ...]) -> str:
    return "all" if options == EVERYTHING else "+".join(options) or "nothing"


def passes_its_tests(environment: Environment, project: Path, *arguments: str) -> None:
    with environment.installed(project):
        printed = environment.run("-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments, cwd=project)
        assert " passed" in printed
        assert "skipped" not in printed, printed


@pytest.mark.parametrize("options", [*SINGLES, *PAIRS], ids=named)
def test_it_passes_its_own_tests_with(environment: Environment, tmp_path: Path, options: tuple[str, ...]) -> None:
    project = make(tmp_path, answers_for(*options))
    passes_its_tests(environment, project, "-m", "not postgresql" + ("" if "mqtt" in options else " and not mosquitto"))


@pytest.mark.postgresql
@pytest.mark.mosquitto
def test_with_everything_it_passes_its_own_tests_on_both_databases(environment: Environment, tmp_path: Path) -> None:
    passes_its_tests(environment, make(tmp_path, answers_for(*EVERYTHING)))


def test_long_names_change_nothing(environment: Environment, tmp_path: Path) -> None:
    project = make(tmp_path, answers_for("table", "portal") | LONG)
    chosen = ["tests/test_entries.py", "tests/test_portal.py", "tests/test_geojson.py"]
    passes_its_tests(environment, project, "-m", "not postgresql", *chosen)
    is_tidy(project)


def is_tidy(project: Path) -> None:
    ruff = BIN / "ruff"
    run([ruff, "check", "--no-cache", "."], cwd=project)
    run([ruff, "format", "--no-cache", "--check", "."], cwd=project)


@pytest.mark.parametrize("options", CHECKED, ids=named)
def test_style_types_and_rules_find_nothing_in_it(
    environment: Environment, tmp_path: Path, options: tuple[str, ...]
) -> None:
    project = make(tmp_path, answers_for(*options))
    is_tidy(project)
    with environment.installed(project):
        pyright = [BIN / "pyright", "--pythonpath", environment.python]
        assert "0 errors, 0 warnings" in run(pyright, cwd=project, env=environment.variables)
        regiohub = environment.folder / "bin" / "regiohub"
        table = run([regiohub, "plugin", "check", "."], cwd=project, env=environment.variables)
        assert "0 exempt, 0 to do" in table, table


@pytest.mark.parametrize("options", [*SINGLES, *PAIRS, EVERYTHING], ids=named)
def test_every_combination_is_tidy(tmp_path: Path, options: tuple[str, ...]) -> None:
    is_tidy(make(tmp_path, answers_for(*options)))
