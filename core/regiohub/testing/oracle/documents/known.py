"""Values that occur in the data, so that arguments meet something: what answers have shown, by type and field."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_KEPT = 60
"""Values kept per place: enough to meet rows, few enough to stay small."""

Values = dict[Any, list[Any]]


def _lists() -> Values:
    return defaultdict(list)


@dataclass(slots=True)
class Known:
    """What is known of the data. Fill it with `see`, in an order that is the same in each run.

    `leaves`: by (type, field); `named`: by (scalar or enum, field); `scalars`: by scalar or enum; `cursors`: by
    (type, list field, order or None); `foreign`: identifiers of another town.
    """

    leaves: Values = field(default_factory=_lists)
    named: Values = field(default_factory=_lists)
    scalars: Values = field(default_factory=_lists)
    cursors: Values = field(default_factory=_lists)
    foreign: list[Any] = field(default_factory=list[Any])

    def see(self, owner: str, name: str, kind: str, value: Any) -> None:
        """Note the value of a leaf: its type, field and scalar."""
        if value is None:
            return
        for bag in (self.leaves[owner, name], self.named[kind, name], self.scalars[kind]):
            if len(bag) < _KEPT and value not in bag:
                bag.append(value)

    def see_cursor(self, owner: str, name: str, order: str | None, cursor: str) -> None:
        """Note a cursor of a list."""
        bag = self.cursors[owner, name, order]
        if len(bag) < _KEPT and cursor not in bag:
            bag.append(cursor)

    def pick(self, rng: random.Random, kind: str, name: str, owner: str | None) -> Any:
        """A value of a scalar or enum for an argument of this name about this type, or None when nothing fits."""
        steps: Sequence[tuple[Mapping[Any, list[Any]], Any]] = (
            (self.leaves, (owner, name)),
            (self.named, (kind, name)),
            (self.scalars, kind),
        )
        for bags, key in steps:
            bag = [value for value in bags.get(key, ()) if not isinstance(value, list)]
            if bag:
                return rng.choice(bag)
        return None

    def identifiers(self, name: str, owner: str | None) -> list[Any]:
        """Identifiers for an argument: `placeId` is the id of a type whose name ends with Place, `id` the owner's."""
        wanted = name.removesuffix("Id")
        if name.endswith("Id") and wanted:
            wanted = wanted[0].upper() + wanted[1:]
            found = [v for (kind, at), bag in self.leaves.items() if at == "id" and kind.endswith(wanted) for v in bag]
            if found:
                return found
        return self.leaves.get((owner, "id")) or self.scalars.get("ID") or []

    def point(self, rng: random.Random) -> tuple[float, float] | None:
        """Longitude and latitude of something that has a place."""
        places = self.scalars.get("GeoJSON") or []
        return first_position(rng.choice(places)) if places else None

    def text_of(self, rng: random.Random, owner: str | None) -> str | None:
        """A word or piece of some text of a type."""
        bags = [bag for (kind, _), bag in self.leaves.items() if kind == owner and any(type(v) is str for v in bag)]
        texts = [value for value in rng.choice(bags) if isinstance(value, str) and value] if bags else []
        if not texts:
            return None
        words = rng.choice(texts).split() or [rng.choice(texts)]
        word = rng.choice(words)
        start = rng.randrange(len(word))
        return word if rng.random() < 0.5 else word[start : start + rng.randint(1, 4)]


def first_position(geometry: Any) -> tuple[float, float] | None:
    """The first position of a GeoJSON geometry."""
    inner = geometry.get("coordinates", geometry.get("geometries")) if isinstance(geometry, dict) else geometry
    while isinstance(inner, list) and inner and not isinstance(inner[0], (int, float)):
        if isinstance(inner[0], dict):
            return first_position(inner[0])
        inner = inner[0]
    return (float(inner[0]), float(inner[1])) if isinstance(inner, list) and len(inner) >= 2 else None
