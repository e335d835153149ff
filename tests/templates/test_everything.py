"""A plugin with every option of the template: both databases, long names, style, types and rules."""

from pathlib import Path

import pytest

from .project import BIN, EVERYTHING, Environment, answers_for, is_tidy, make, named, passes_its_tests, run

pytestmark = pytest.mark.timeout(900)
CHECKED = [EVERYTHING, ("console", "job", "http"), ("table", "mqtt")]
LONG = {"id": "a_register_of_drinking_water_wells_1", "thing": "drinking_water_well_with_a_handle_pump"}


@pytest.mark.postgresql
@pytest.mark.mosquitto
def test_with_everything_it_passes_its_own_tests_on_both_databases(environment: Environment, tmp_path: Path) -> None:
    passes_its_tests(environment, make(tmp_path, answers_for(*EVERYTHING)))


def test_long_names_change_nothing(environment: Environment, tmp_path: Path) -> None:
    project = make(tmp_path, answers_for("table", "portal") | LONG)
    chosen = ["tests/test_entries.py", "tests/test_portal.py", "tests/test_geojson.py"]
    passes_its_tests(environment, project, "-m", "not postgresql", *chosen)
    is_tidy(project)


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
