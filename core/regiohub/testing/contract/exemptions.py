"""Promises that a plugin says it cannot keep, each with its reason: in its pyproject.toml, or in the suite's call."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from regiohub.plugins.loading import installed

_MOST_STEPS = 4
"""Folders above the package in which the project's file is looked for: `src/` layouts need two."""


def exemptions_of(plugin: str, entries: tuple[EntryPoint, ...] | None = None) -> Mapping[str, str]:
    """`[tool.regiohub.exempt]` of the project that a plugin is installed from; empty for an installed wheel."""
    found = [entry for entry in (installed() if entries is None else entries) if entry.name == plugin]
    project = _project(plugin, found[0]) if found else {}
    exempt = project.get("tool", {}).get("regiohub", {}).get("exempt", {})
    return {str(key): str(reason) for key, reason in cast("Mapping[str, Any]", exempt).items()}


def _project(plugin: str, entry: EntryPoint) -> Mapping[str, Any]:
    spec = find_spec(entry.module.partition(".")[0])
    places = list(spec.submodule_search_locations or ()) if spec else []
    for folder in Path(places[0]).parents[:_MOST_STEPS] if places else ():
        file = folder / "pyproject.toml"
        if file.is_file():
            project = tomllib.loads(file.read_text(encoding="utf-8"))
            offered = project.get("project", {}).get("entry-points", {}).get("regiohub.plugins", {})
            # Another project's file further up has nothing to say about this plugin.
            return project if plugin in offered else {}
    return {}
