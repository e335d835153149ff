"""A rule, and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from regiohub.plugins.manifest import Plugin


@dataclass(frozen=True, slots=True)
class Project:
    """A plugin as its author sees it.

    `package` is the folder of the import package; `root` the folder of the distribution with its `pyproject.toml`, and
    None where only the installed package is there. `exempt`: rule id -> reason, from `[tool.regiohub.exempt]`.
    """

    plugin: Plugin
    package: Path
    root: Path | None = None
    pyproject: Mapping[str, Any] = field(default_factory=dict[str, Any])
    exempt: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule. `faults` yields a sentence for each place that breaks it; `remedy` says what to do about them."""

    id: str
    title: str
    remedy: str
    faults: Callable[[Project], Iterable[str]]
    needs_root: bool = False
    """Whether it can only be judged with the distribution's folder at hand."""
