"""The page test-kit.md: its examples run in an author's own environment, and it names all that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import regiohub.testing
from regiohub.testing.contract.promises.lifecycle import PROMISES as LIFECYCLE
from regiohub.testing.contract.promises.tables import PROMISES as TABLES

from .outside import OPTIONAL, make_site, run_pytest

PAGE = Path(__file__).parents[2] / "docs/reference/test-kit.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)

SCOPE = "[pytest]\nasyncio_default_fixture_loop_scope = function\n"
"""Without it pytest-asyncio itself warns."""


def write(project: Path, examples: list[str]) -> None:
    """Each example as a test module."""
    for number, example in enumerate(examples, 1):
        (project / f"test_example_{number}.py").write_text(example, encoding="utf-8")


@pytest.mark.postgresql
@pytest.mark.mosquitto
@pytest.mark.timeout(300)
def test_every_example_runs_for_an_author_with_a_plugin_of_his_own(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    site = make_site(tmp_path / "site", without=[name for name in OPTIONAL if name != "pytest_timeout"])
    project = tmp_path / "project"
    project.mkdir()
    (project / "pytest.ini").write_text(f"{SCOPE}asyncio_mode = auto\n")
    plain = [example for example in EXAMPLES if "contract(" not in example]
    assert len(plain) == len(EXAMPLES) - 1
    write(project, plain)
    ran = run_pytest(site, project)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = re.search(r"(\d+) passed", ran.stdout)
    assert found, ran.stdout
    # Those with `world` run on both databases.
    both = sum("world: World" in example for example in plain)
    assert int(found[1]) == len(plain) + both


@pytest.mark.timeout(300)
def test_the_contract_and_strict_mode_need_neither_settings_nor_optional_packages(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    site = make_site(tmp_path / "site", without=OPTIONAL)
    project = tmp_path / "project"
    project.mkdir()
    (project / "pytest.ini").write_text(SCOPE)
    write(project, [example for example in EXAMPLES if "contract(" in example])
    (project / "test_strict.py").write_text(
        "import pytest\n\n\n@pytest.mark.asyncio\nasync def test_world(world_sqlite):\n"
        "    assert world_sqlite.tenant('potsdam').enabled == {'places'}\n"
    )
    chosen = "test_world or (sqlite and (keys or guards or match-models or off-means or jobs-in)) or tables-prefixed"
    ran = run_pytest(site, project, "--import-mode=importlib", "-k", chosen)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "7 passed" in ran.stdout, ran.stdout


def test_the_page_names_every_fixture_and_every_promise_about_tables_and_life() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = {f"`{promise.id}`" for promise in (*TABLES, *LIFECYCLE)}
    fixtures = re.findall(
        r"(?:@async_fixture|@pytest\.fixture[^\n]*)\n(?:async )?def ([a-z]\w+)",
        (Path(regiohub.testing.__file__).parent / "fixtures.py").read_text(encoding="utf-8"),
    )
    public = set(fixtures) - {"sqlite_template", "postgres_template", "recipe", "database"}
    assert len(public) == 10
    assert [name for name in sorted(named | {f"`{name}`" for name in public}) if name not in text] == []
