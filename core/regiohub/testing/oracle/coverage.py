"""What random documents have reached: types, fields, arguments, ways; and whether their answers held anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .documents.maker import Made
from .documents.nodes import Field, Node, Spread
from .documents.paths import Paths
from .run import Compared


@dataclass(slots=True)
class Coverage:
    """Counts over many documents of one schema. Only operations that ran count as having reached anything.

    `named`: coordinates in documents (`Room.name`, `Room.slots(first)`, `RoomFilter.kind`); `answered`: fields that
    came back with something other than null; `ways`: fields of plans by their way; `kinds`: documents by what they
    were (refused, planned, fell back, rich …); `errors`: by their code.
    """

    paths: Paths
    documents: int = 0
    named: set[str] = field(default_factory=set[str])
    answered: set[str] = field(default_factory=set[str])
    ways: Counter[str] = field(default_factory=Counter[str])
    kinds: Counter[str] = field(default_factory=Counter[str])
    errors: Counter[str] = field(default_factory=Counter[str])

    def add(self, made: Made, compared: Compared) -> None:
        """Count one document with its answers."""
        self.documents += 1
        answer = compared.ordinary
        for error in answer.errors:
            self.errors[str(error.get("extensions", {}).get("code"))] += 1
        if not answer.executed:
            self.kinds["beyond a limit" if made.beyond else "refused"] += 1
            return
        self.named |= made.used
        self.kinds["planned" if compared.planned is not None else "without a plan"] += 1
        self.kinds["fell back"] += compared.fell_back
        self.kinds["fell back without an error"] += compared.fell_back and not answer.errors
        for entry in getattr(compared.plan, "fields", ()):
            self.ways[str(getattr(entry.way, "value", entry.way))] += 1
        walk = _Walk(self.paths)
        walk.go(self.paths.root, made.tree.children, answer.data, 0)
        self.answered |= walk.answered
        found = (walk.fragments, bool(made.tree.variables), walk.nested, walk.entries)
        for name, there in zip(("fragments", "variables", "nested to-many", "nested entries"), found, strict=True):
            self.kinds[name] += there
        self.kinds["rich"] += all(found)

    @property
    def never_named(self) -> list[str]:
        """Coordinates that no document that ran has named."""
        return [coordinate for coordinate in self.paths.coordinates if coordinate not in self.named]

    @property
    def never_answered(self) -> list[str]:
        """Fields that were null in every answer."""
        return [f"{o}.{n}" for o, n in self.paths.fields if f"{o}.{n}" not in self.answered]

    def lines(self) -> list[str]:
        """The figures as lines of text."""
        every = len(self.paths.coordinates)
        types = {coordinate.partition(".")[0] for coordinate in self.named}
        return [
            f"documents {self.documents}: " + ", ".join(f"{kind} {count}" for kind, count in self.kinds.items()),
            f"coordinates named {every - len(self.never_named)} of {every}, types {len(types)}, "
            f"fields answered {len(self.paths.fields) - len(self.never_answered)} of {len(self.paths.fields)}",
            "ways of planned fields: " + (", ".join(f"{w} {n}" for w, n in self.ways.most_common()) or "none"),
            "errors: " + (", ".join(f"{code} {count}" for code, count in self.errors.most_common()) or "none"),
            "never named: " + (", ".join(self.never_named) or "nothing"),
            "always null: " + (", ".join(self.never_answered) or "nothing"),
        ]


class _Walk:
    """Goes through an answer along the document that it belongs to."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self.answered: set[str] = set()
        self.nested = self.entries = self.fragments = False

    def go(self, owner: str, nodes: Sequence[Node], value: Any, lists: int) -> None:
        """Note what stands in one object."""
        for node in nodes:
            if not isinstance(node, Field):
                self.fragments = True
                children = node.fragment.children if isinstance(node, Spread) else node.children
                on = node.fragment.on if isinstance(node, Spread) else node.on
                self.go(on or owner, children, value, lists)
            elif node.name != "__typename":
                self._field(owner, node, value, lists)

    def _field(self, owner: str, node: Field, value: Any, lists: int) -> None:
        many = self._paths.to_many(owner, node.name)
        self.nested = self.nested or (many and lists > 0)
        found = value.get(node.key) if isinstance(value, dict) else None
        if found is not None:
            self.answered.add(f"{owner}.{node.name}")
        if node.children is None:
            return
        below = self._paths.below(owner, node.name)
        deeper = lists + many
        entries: Sequence[Any] = found if isinstance(found, list) else [found]
        if isinstance(found, list) and found and deeper > 1:
            self.entries = True
        for entry in entries[:4] or [None]:
            self.go(below, node.children, entry, deeper)
