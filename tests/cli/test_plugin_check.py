"""A project's folder is held to the named rules; what cannot be judged is said clearly."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Result, Shell

PROJECT = """
[project]
name = "regiohub-odd"
version = "1"

[project.entry-points."regiohub.plugins"]
odd = "regiohub_odd.plugin:plugin"
"""
MANIFEST = """
from regiohub.api import Plugin, t

print("hello from the import")
plugin = Plugin(id="odd", title=t("Seltsam", "Odd"), description=t("Seltsam.", "Odd."))
"""


def _project(shell: Shell, project: str = PROJECT, **modules: str) -> Path:
    folder = shell.root / "odd"
    package = folder / "src" / "regiohub_odd"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (folder / "pyproject.toml").write_text(project)
    for name, text in modules.items():
        (package / f"{name}.py").write_text(text)
    return folder


def _check(shell: Shell, folder: Path, *words: str) -> Result:
    return shell.run("plugin", "check", str(folder), *words, COLUMNS="160")


def test_faults_are_shown_with_their_place_and_what_to_do_and_exemptions_with_their_reason(empty: Shell) -> None:
    exempt = PROJECT + '\n[tool.regiohub.exempt]\nlicence-stated = "A draft."\n'
    folder = _project(empty, exempt, plugin=MANIFEST, settings="def limit(town):\n    return town\n")
    answer = _check(empty, folder)
    assert answer.code == 1
    lines = [" ".join(line.split()) for line in answer.out.splitlines()]
    assert "licence-stated exempt A draft." in lines
    assert "typed to do Every function is annotated, and the package says so" in lines
    at = lines.index("typed: Every function is annotated, and the package says so")
    assert "src/regiohub_odd/settings.py:1: limit does not annotate town, what it returns" in lines[at + 1 : at + 3]
    assert lines[at + 3].startswith("What to do: Annotate arguments")
    assert "names-follow-id done All names follow from the plugin's id" in lines
    assert lines[-1].startswith("odd 1: ")
    assert lines[-1].endswith(" to do")
    assert "hello from the import" not in answer.out


def test_json_has_everything_for_programs(empty: Shell) -> None:
    answer = _check(empty, _project(empty, plugin=MANIFEST), "--json")
    assert answer.code == 1
    assert (answer.json["plugin"], answer.json["version"]) == ("odd", "1")
    found = {one["rule"]: one for one in answer.json["findings"]}
    assert found["licence-stated"]["state"] == "to do"
    assert found["licence-stated"]["faults"] == ["pyproject.toml: [project] states no license"]
    assert found["names-follow-id"] == {
        "rule": "names-follow-id", "title": "All names follow from the plugin's id", "state": "done", "faults": [],
        "reason": None, "remedy": found["names-follow-id"]["remedy"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ("import no_such_library\n", "src/regiohub_odd/plugin.py:1: ModuleNotFoundError: No module named"),
        ("import os\n\nos._exit(9)\n", "ends Python when it is imported: Python ended with 9"),
    ],
)
def test_what_cannot_be_imported_is_explained_in_two_lines(empty: Shell, manifest: str, words: str) -> None:
    answer = _check(empty, _project(empty, plugin=manifest))
    assert answer.code == 3
    assert answer.err.startswith("Error: ")
    assert words in answer.err
    assert len(answer.err.splitlines()) == 2


def test_a_folder_without_a_project_is_named(empty: Shell) -> None:
    answer = _check(empty, empty.root)
    assert answer.code == 3
    assert f"There is no pyproject.toml in {empty.root}." in answer.err


def test_without_a_path_all_installed_plugins_are_loaded_strictly(empty: Shell) -> None:
    answer = empty.run("plugin", "check", "--json")
    assert (answer.code, answer.json["faults"]) == (0, {})
    assert {"atlas", "booking", "health_directory", "lorawan"} <= set(answer.json["sound"])
