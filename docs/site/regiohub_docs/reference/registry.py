"""All generated pages, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from regiohub_docs.reference import (
    api,
    cli,
    events,
    graphql,
    hooks,
    manifest,
    metrics,
    permissions,
    plugin_rules,
    settings,
)
from regiohub_docs.site.places import DOCS

REFERENCE = DOCS / "reference"
Pages = Callable[[], Mapping[str, str]]
MODULES: tuple[Pages, ...] = (
    api.pages, cli.pages, events.pages, graphql.pages, hooks.pages, manifest.pages, metrics.pages, permissions.pages,
    plugin_rules.pages, settings.pages,
)  # fmt: skip
"""Each returns texts by their path below docs/reference."""


def generated() -> dict[str, str]:
    """Every generated text by its path below docs/reference.

    :raises ValueError: two modules write the same page.
    """
    found: dict[str, str] = {}
    for pages in MODULES:
        made = pages()
        twice = sorted(found.keys() & made.keys())
        if twice:
            raise ValueError(f"written by two modules: {', '.join(twice)}")
        found.update(made)
    return found


def write(folder: Path = REFERENCE) -> list[str]:
    """Write what has changed, and return its paths below the folder."""
    changed: list[str] = []
    for name, text in generated().items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            changed.append(name)
    return changed
