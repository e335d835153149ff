"""What is generated: exactly the promised files, in the shape of the plugins of this repository."""

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from regiohub.plugins.scaffold import template_folder

from .project import BIN, ROOT, answers_for, make, run

ALWAYS = """
.github/workflows/ci.yml .gitignore CHANGELOG.md LICENSE README.md changes/README.md pyproject.toml
src/regiohub_places/__init__.py src/regiohub_places/graphql/__init__.py src/regiohub_places/graphql/query.py
src/regiohub_places/plugin.py src/regiohub_places/py.typed src/regiohub_places/service/__init__.py
src/regiohub_places/service/hours.py src/regiohub_places/settings.py tests/conftest.py tests/test_contract.py
tests/test_hours.py
"""
OFFICE = "src/regiohub_places/service/office.py tests/test_office.py"
TABLE = """
src/regiohub_places/actions.py src/regiohub_places/demo.py src/regiohub_places/errors.py
src/regiohub_places/events.py src/regiohub_places/formats/__init__.py src/regiohub_places/formats/geojson.py
src/regiohub_places/graphql/errors.py src/regiohub_places/graphql/filter.py src/regiohub_places/graphql/inputs.py
src/regiohub_places/graphql/kinds.py src/regiohub_places/graphql/mutations.py src/regiohub_places/migrations/__init__.py
src/regiohub_places/migrations/versions/0001_initial.py src/regiohub_places/migrations/versions/__init__.py
src/regiohub_places/models.py src/regiohub_places/permissions.py src/regiohub_places/routes/__init__.py
src/regiohub_places/routes/geojson.py src/regiohub_places/service/drafts.py src/regiohub_places/service/editing.py
src/regiohub_places/service/filtering.py src/regiohub_places/service/listing.py
src/regiohub_places/service/reading.py src/regiohub_places/wording.py tests/test_demo.py tests/test_entries.py
tests/test_geojson.py
"""
CONSOLE = "src/regiohub_places/console/__init__.py src/regiohub_places/permissions.py tests/test_console.py"
REPORTS = """
src/regiohub_places/events.py src/regiohub_places/formats/__init__.py src/regiohub_places/formats/report.py
src/regiohub_places/service/reports.py tests/test_reports.py
"""
IMPORTER = """
src/regiohub_places/formats/places_file.py src/regiohub_places/graphql/imports.py
src/regiohub_places/service/importing.py tests/test_importing.py
"""
PORTAL = "src/regiohub_places/portal/__init__.py src/regiohub_places/routes/__init__.py tests/test_portal.py"
HTTP = """
src/regiohub_places/errors.py src/regiohub_places/routes/__init__.py src/regiohub_places/routes/ingest.py
tests/test_ingest.py
"""
MQTT = "src/regiohub_places/mqtt.py tests/test_mqtt.py"
JOB = "src/regiohub_places/events.py src/regiohub_places/jobs.py tests/test_jobs.py"
PAGES = "src/regiohub_places/console"
PROMISED: dict[tuple[str, ...], list[str]] = {
    (): [OFFICE],
    ("table",): [TABLE],
    ("console",): [OFFICE, CONSOLE, f"{PAGES}/office.py {PAGES}/templates/office.html"],
    ("portal",): [OFFICE, PORTAL, "src/regiohub_places/portal/templates/places/office.html"],
    ("job",): [OFFICE, JOB],
    ("http",): [OFFICE, REPORTS, HTTP],
    ("mqtt",): [OFFICE, REPORTS, MQTT],
    ("importer",): [TABLE, IMPORTER],
    ("table", "console", "portal", "job", "http", "mqtt", "importer"): [
        TABLE,
        CONSOLE,
        PORTAL,
        JOB,
        REPORTS,
        HTTP,
        MQTT,
        IMPORTER,
        f"{PAGES}/entries.py {PAGES}/importing.py {PAGES}/templates/entry.html {PAGES}/templates/import.html",
        f"{PAGES}/templates/list.html src/regiohub_places/portal/templates/places/list.html",
        "src/regiohub_places/service/checking.py",
    ],
}


@pytest.mark.parametrize("options", PROMISED, ids=lambda options: "+".join(options) or "nothing")
def test_exactly_the_promised_files_are_there(tmp_path: Path, options: tuple[str, ...]) -> None:
    project = make(tmp_path, answers_for(*options))
    found = {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()}
    assert found == {name for part in [ALWAYS, *PROMISED[options]] for name in part.split()}
    empty = [path for path in project.rglob("*") if path.is_dir() and not any(path.iterdir())]
    assert empty == []


def test_the_project_file_is_that_of_the_plugins_here_with_tools_beside_it(tmp_path: Path) -> None:
    theirs = tomllib.loads((make(tmp_path, {}) / "pyproject.toml").read_text(encoding="utf-8"))
    ours = tomllib.loads((ROOT / "plugins" / "atlas" / "pyproject.toml").read_text(encoding="utf-8"))
    assert theirs["project"].keys() - {"authors"} == ours["project"].keys()
    assert theirs["build-system"] == ours["build-system"]
    assert theirs["tool"].keys() == {"hatch", "pytest", "ruff", "pyright", "towncrier"}
    assert (theirs["project"]["name"], theirs["project"]["license"]) == ("regiohub-places", "EUPL-1.2")
    assert theirs["project"]["entry-points"] == {"regiohub.plugins": {"places": "regiohub_places.plugin:plugin"}}


@pytest.mark.parametrize(
    ("licence", "begins", "holds"),
    [
        ("EUPL-1.2", "EUROPEAN UNION PUBLIC LICENCE v. 1.2\n", "Appendix"),
        (
            "MIT",
            f"MIT License\n\nCopyright (c) {datetime.now(UTC).year} Stadt & {{{{ Töchter }}}}\n\nPermission",
            "WARRANTY",
        ),
        (
            "Apache-2.0",
            "Apache License\n                           Version 2.0, January 2004\n",
            "9. Accepting Warranty",
        ),
        ("AGPL-3.0-or-later", "GNU AFFERO GENERAL PUBLIC LICENSE\n", "END OF TERMS AND CONDITIONS"),
    ],
)
def test_the_text_of_the_licence_goes_along(tmp_path: Path, licence: str, begins: str, holds: str) -> None:
    project = make(tmp_path, answers_for() | {"licence": licence, "author": "Stadt & {{ Töchter }}"})
    text = (project / "LICENSE").read_text(encoding="utf-8")
    assert text.lstrip().startswith(begins)
    assert holds in text
    metadata = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (metadata["license"], metadata["license-files"]) == (licence, ["LICENSE"])
    assert not (project / "licences").exists()


def test_there_is_a_text_for_every_licence_that_is_offered() -> None:
    offered = json.loads((template_folder() / "cookiecutter.json").read_text(encoding="utf-8"))["licence"]
    assert {path.stem for path in template_folder().glob("*/licences/*.txt")} == set(offered)
    assert (ROOT / "LICENSE").read_bytes() == next(template_folder().glob("*/licences/EUPL-1.2.txt")).read_bytes()


def test_it_is_as_tidy_as_this_repository(tmp_path: Path) -> None:
    """The same linter, types and warnings; only long texts are left to the author."""
    theirs = tomllib.loads((make(tmp_path, {}) / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert theirs["ruff"]["lint"]["select"] == ours["ruff"]["lint"]["select"]
    assert set(theirs["ruff"]["lint"]["ignore"]) - set(ours["ruff"]["lint"]["ignore"]) == {"E501"}
    assert theirs["pyright"]["typeCheckingMode"] == ours["pyright"]["typeCheckingMode"] == "strict"
    assert theirs["pytest"]["ini_options"]["filterwarnings"] == ["error"]


def test_modules_are_short(tmp_path: Path) -> None:
    project = make(tmp_path, answers_for("table", "console", "portal", "job", "http", "mqtt", "importer"))
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in project.rglob("*.py")}
    assert {name: length for name, length in lengths.items() if length > 260} == {}


def test_nothing_in_it_names_this_repository_or_a_registry(tmp_path: Path) -> None:
    project = make(tmp_path, answers_for("table", "console", "portal", "job", "http", "mqtt", "importer"))
    for path in project.rglob("*"):
        # Licences name where they come from.
        if path.is_file() and path.name != "LICENSE":
            text = path.read_text(encoding="utf-8")
            assert str(ROOT) not in text, path
            assert "cookiecutter" not in text, path
            assert "pypi" not in text.lower(), path
            assert "://" not in text, path


def test_notes_of_changes_become_the_changelog(tmp_path: Path) -> None:
    project = make(tmp_path, answers_for())
    (project / "changes" / "+search.added.md").write_text("Places are found by a part of their name.\n")
    command: list[str | Path] = [BIN / "towncrier", "build", "--draft", "--version", "0.2.0", "--date", "2026-12-01"]
    printed = run(command, cwd=project)
    assert "## 0.2.0 (2026-12-01)\n\n### Added\n\n- Places are found by a part of their name.\n" in printed


def test_the_build_file_is_sound(tmp_path: Path) -> None:
    steps = yaml.safe_load((make(tmp_path, {}) / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    commands = [step["run"] for step in steps["jobs"]["test"]["steps"] if "run" in step]
    assert commands[1:] == [
        'pip install "regiohub[author]" -e .',
        "ruff check . && ruff format --check .",
        "pyright",
        "regiohub plugin check .",
        "pytest",
    ]
