"""Plugins written from pages, importable for the tests of a module."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from .pages import Block, Project, blocks

ENGINES = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]
"""For `pytest.mark.parametrize("engine", ENGINES)`."""


@contextmanager
def plugin_of(page: str, id: str, folder: Path, *, beside: dict[str, str] | None = None) -> Generator[EntryPoint]:
    """The plugin of a page as an entry point, importable inside the block. `beside`: files that the page leaves out."""
    package = f"regiohub_{id}"
    project = Project(folder / id, package)
    project.put({"__init__.py": "", "migrations/__init__.py": "", **(beside or {})})
    project.write([block for block in blocks(Path(page)) if _is_code(block)])
    # The page's tests stand beside the package, as in its readers' projects.
    added = [str(project.folder), str(project.folder / "tests")]
    sys.path[:0] = added
    importlib.invalidate_caches()
    try:
        yield EntryPoint(id, f"{package}.plugin:plugin", "regiohub.plugins")
    finally:
        for path in added:
            sys.path.remove(path)


def _is_code(block: Block) -> bool:
    return block.language in ("python", "jinja")
