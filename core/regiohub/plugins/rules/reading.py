"""A plugin's project from its folder or from its installation."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from regiohub.plugins.loading import GROUP, installed
from regiohub.plugins.manifest import Plugin

from .rule import Project

PROJECT_FILE = "pyproject.toml"


class Unreadable(Exception):
    """There is no project here that could be judged; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


def table(value: object, *keys: str) -> Mapping[str, Any]:
    """A table of a TOML document; empty where it is missing or something else."""
    for key in keys:
        value = cast("Mapping[str, Any]", value).get(key) if isinstance(value, Mapping) else None
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def read_pyproject(root: Path) -> Mapping[str, Any]:
    """The project file of a folder.

    :raises Unreadable: there is none, or it is no TOML.
    """
    file = root / PROJECT_FILE
    if not file.is_file():
        raise Unreadable(
            f"There is no {PROJECT_FILE} in {root}.", "Give the folder of a plugin's project: regiohub plugin check ."
        )
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file} cannot be read: {error}", "Correct the file at that place.") from None


def entry_of(root: Path, pyproject: Mapping[str, Any]) -> EntryPoint:
    """The plugin's entry point as the project file declares it.

    :raises Unreadable: it declares none or several.
    """
    declared = table(pyproject, "project", "entry-points", GROUP)
    if len(declared) != 1:
        found = ", ".join(declared) or "none"
        raise Unreadable(
            f"{root / PROJECT_FILE} declares {found} in the group {GROUP}; a plugin's project has exactly one.",
            f'Write: [project.entry-points."{GROUP}"] with one line: places = "regiohub_places.plugin:plugin"',
        )
    ((name, value),) = declared.items()
    return EntryPoint(str(name), str(value), GROUP)


def open_project(root: Path) -> Project:
    """Import the plugin from a project's folder, installed or not. For a process of its own: imports stay.

    :raises Unreadable: the project or its entry point is not what a plugin needs.
    :raises Exception: whatever the plugin's own modules raise when they are imported.
    """
    pyproject = read_pyproject(root)
    entry = entry_of(root, pyproject)
    package = entry.module.partition(".")[0]
    folder = next((base for base in (root / "src", root) if (base / package / "__init__.py").is_file()), None)
    if folder is None:
        raise Unreadable(
            f"The entry point {entry.name} names the package {package}, which is neither in src/ nor beside "
            f"{PROJECT_FILE}.",
            f"Put the package with its __init__.py into src/{package}/, or correct the entry point.",
        )
    sys.path.insert(0, str(folder))
    plugin = entry.load()
    if not isinstance(plugin, Plugin):
        raise Unreadable(
            f"The entry point {entry.value} is a {type(plugin).__name__}, not a Plugin.",
            "Let it name the object made with Plugin(…) from regiohub.api.",
        )
    plugin.package, plugin.version = package, str(table(pyproject, "project").get("version", ""))
    return Project(plugin, folder / package, root, pyproject, exemptions(pyproject))


def exemptions(pyproject: Mapping[str, Any]) -> Mapping[str, str]:
    """Rule id -> reason, from `[tool.regiohub.exempt]`."""
    return {str(id_): str(reason) for id_, reason in table(pyproject, "tool", "regiohub", "exempt").items()}


def project_of(plugin: str) -> Path | None:
    """The folder of an installed plugin's project, if it is there: it was installed to be edited (`pip install -e`)."""
    entry = next((entry for entry in installed() if entry.name == plugin), None)
    package = _folder(entry.module.partition(".")[0]) if entry else None
    return _root(package, plugin) if package else None


def installed_project(plugin: Plugin) -> Project:
    """A loaded plugin as rules without a root look at it; exemptions come from the project's folder, if there is one.

    :raises LookupError: its package cannot be found any more.
    """
    package = _folder(plugin.package)
    if package is None:
        raise LookupError(f"the package {plugin.package} of the plugin {plugin.id} cannot be found")
    root = _root(package, plugin.id)
    return Project(plugin, package, exempt=exemptions(read_pyproject(root)) if root else {})


def _folder(package: str) -> Path | None:
    spec = find_spec(package) if package else None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def _root(package: Path, plugin: str) -> Path | None:
    """The folder above a package whose project file declares the plugin."""
    for folder in (package.parent.parent, package.parent):
        if (folder / PROJECT_FILE).is_file():
            declared = table(read_pyproject(folder), "project", "entry-points", GROUP)
            return folder if plugin in declared else None
    return None
