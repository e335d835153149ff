"""What the marker `regiohub` chooses for a test: `@pytest.mark.regiohub(plugins=("places",), towns={…})`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from regiohub.tenancy.config import Town
from regiohub.testing.installations import Recipe
from regiohub.testing.towns import named_town

MARKER = "regiohub"
_KNOWN = frozenset({"plugins", "towns", "entries"})


@dataclass(frozen=True)
class ChosenTowns:
    """Towns by slug, each with the plugins that are on there."""

    towns: tuple[tuple[str, tuple[str, ...]], ...]

    def __call__(self, plugins: Iterable[str], datasets: Iterable[str]) -> Sequence[Town]:
        """The towns; each shares the datasets of the plugins that it has on."""
        there, offered = set(plugins), list(datasets)
        made: list[Town] = []
        for number, (slug, on) in enumerate(self.towns, 1):
            missing = sorted(set(on) - there)
            if missing:
                raise LookupError(f"{slug}: {', '.join(missing)} cannot be switched on, it is not among the plugins")
            made.append(named_town(slug, number, on, [d for d in offered if d.partition(".")[0] in on]))
        return made


def recipe_of(request: pytest.FixtureRequest) -> Recipe:
    """The recipe of a test: what its marker says, else every installed plugin and the three small towns.

    :raises pytest.UsageError: the marker has other arguments than `plugins`, `towns` and `entries`.
    """
    mark = request.node.get_closest_marker(MARKER)
    if mark is None:
        return Recipe()
    unknown = sorted(mark.kwargs.keys() - _KNOWN)
    if unknown or mark.args:
        raise pytest.UsageError(
            f"{request.node.nodeid}: the marker regiohub takes plugins=, towns=, entries=; not {unknown or mark.args}"
        )
    plugins: str | Iterable[str] = mark.kwargs.get("plugins", ())
    entries = mark.kwargs.get("entries")
    ids = (plugins,) if isinstance(plugins, str) else tuple(plugins)
    towns: Mapping[str, Iterable[str]] | Callable[..., Any] | None = mark.kwargs.get("towns")
    given: dict[str, Any] = {}
    if isinstance(towns, Mapping):
        given["towns"] = ChosenTowns(tuple((slug, tuple(on)) for slug, on in towns.items()))
    elif towns is not None:
        given["towns"] = towns
    return Recipe.of(*ids, entries=None if entries is None else tuple(entries), **given)
