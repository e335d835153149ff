"""All plugins look alike: whoever has read one finds everything in the next."""

import tomllib
from typing import Any

import pytest

from .repository import PLUGINS, ROOT

# A room is a module, or a package once it has grown.
ROOMS = ("plugin", "models", "service", "graphql", "settings")


def _project(name: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / "plugins" / name / "pyproject.toml").read_text())


def _shape(value: Any) -> Any:
    return {key: _shape(inner) for key, inner in value.items()} if isinstance(value, dict) else type(value).__name__


def test_the_four_plugins_are_there() -> None:
    assert PLUGINS == ["atlas", "booking", "health_directory", "lorawan"]


@pytest.mark.parametrize("name", PLUGINS)
def test_the_folder_has_the_common_rooms(name: str) -> None:
    folder = ROOT / "plugins" / name
    package = folder / "src" / f"regiohub_{name}"
    missing = [
        room
        for room in ROOMS
        if not (package / f"{room}.py").is_file() and not (package / room / "__init__.py").is_file()
    ]
    assert missing == []
    assert (package / "migrations" / "versions").is_dir()
    assert [file for file in ("README.md", "CHANGELOG.md") if not (folder / file).is_file()] == []
    assert list(folder.glob("tests/**/test_*.py"))


@pytest.mark.parametrize("name", PLUGINS)
def test_all_names_follow_from_the_plugins_id(name: str) -> None:
    project = _project(name)
    package = f"regiohub_{name}"
    assert project["project"]["name"] == f"regiohub-{name.replace('_', '-')}"
    assert project["project"]["entry-points"] == {"regiohub.plugins": {name: f"{package}.plugin:plugin"}}
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [f"src/{package}"]


@pytest.mark.parametrize("name", PLUGINS)
def test_it_depends_on_the_core_as_a_third_partys_plugin_would(name: str) -> None:
    project = _project(name)
    own = [line for line in project["project"]["dependencies"] if line.startswith("regiohub")]
    assert own == ["regiohub>=0.1,<0.2"]
    assert project["project"]["requires-python"] == ">=3.11"
    assert project["project"]["license"] == "EUPL-1.2"
    assert project["build-system"]["build-backend"] == "hatchling.build"
    assert "uv" not in project["tool"], "sources of a workspace would give it a privilege"


@pytest.mark.parametrize("name", PLUGINS[1:])
def test_its_project_file_has_the_same_keys_as_the_first(name: str) -> None:
    def comparable(plugin: str) -> Any:
        project = _project(plugin)
        project["project"]["entry-points"]["regiohub.plugins"] = {
            "id": project["project"]["entry-points"]["regiohub.plugins"][plugin]
        }
        return _shape(project)

    assert comparable(name) == comparable(PLUGINS[0])
