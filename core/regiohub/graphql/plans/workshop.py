"""What the making of a plan shares: its moving parts, what it has looked at, what it needs."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from .facts import Facts, Seen
from .moving import Part
from .scope import Entity, Reach
from .tree import Pick, Selection

Place = tuple[Hashable, int]
"""Where a moving part belongs: the field, and the how manyth of it."""


class Refused(Exception):
    """A field that the caller may not read: the ordinary way answers the operation, with the error at its place."""


class Workshop:
    """One making of one variant of a plan. Parts belong to the plan and stay from one variant to the next."""

    def __init__(self, selection: Selection, facts: Facts, parts: dict[Place, Part]) -> None:
        self.selection, self.facts = selection, facts
        self.seen = Seen()
        self.cacheable = True
        self._parts = parts
        self._field: Hashable = None
        self._at = 0
        self._entities = 0

    def begin(self, field: Hashable) -> None:
        """Start with a field: its parts are numbered as they come, which is the same for each variant."""
        self._field, self._at = field, 0

    def part(self, make: Callable[[int], Part]) -> Part:
        """The next moving part, asked for this request."""
        place = self._field, self._at
        self._at += 1
        found = self._parts.get(place)
        if found is None:
            number = 1 + max((part.number for part in self._parts.values()), default=-1)
            found = self._parts[place] = make(number)
        if found.number not in self.facts.parts:
            found.ask(self.facts)
        return found

    def elements(self, part: Part) -> list[Any]:
        """The SQL of a part. What cannot be traced might depend on anything."""
        found = part.elements(self.facts, self.seen)
        if not part.traced:
            self.python(part)
        return found

    def python(self, _what: Any) -> None:
        """Note that a function runs that may look at the person or the clock."""
        self.seen.person = self.seen.clock = True

    def entity(self, model: type[Any], reach: Reach) -> Entity:
        """A model's table under the next free name."""
        self._entities += 1
        return Entity(model, self._entities, reach)

    def admit(self, pick: Pick) -> None:
        """Make sure that the caller may read a field. Raises `Refused`."""
        permission = pick.spec.permission
        if permission is not None and not self.facts.ctx.can(permission):
            raise Refused(f"{pick.parent.name}.{pick.name} needs {permission.id}")
