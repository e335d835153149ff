"""What a request brings to a plan, and the context that declarations see while a plan is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any
from uuid import UUID

from regiohub.auth.permissions import Permission

from .lazy import Lazy, Read, Untraceable, is_open


@dataclass(slots=True)
class Facts:
    """One request: its variables as graphql-core coerced them, the caller's context, the towns that may be read.

    `rooms`: at the region, the towns that share a dataset, by the dataset. `parts`: what the request asks of the
    plan's moving parts, by the part's number.
    """

    variables: Any
    ctx: Any
    tenant: int | None
    towns: Mapping[int, Any]
    rooms: Mapping[str | None, Mapping[int, Any]] = field(default_factory=dict[str | None, Mapping[int, Any]])
    parts: dict[int, Any] = field(default_factory=dict[int, Any])


TENANT_VALUE = Lazy(lambda facts: facts.tenant)
"""The town whose rows are read."""


def towns_value(room: str | None) -> Lazy:
    """Ids of the towns whose rows are read at the region: all of them, or those that share a dataset."""
    # An empty list must match nothing: 0 is no town.
    return Lazy(lambda facts: list(facts.rooms[room]) or [0])


class Seen:
    """What declarations looked at while the plan was made: a plan that depends on it may not be cached."""

    def __init__(self) -> None:
        self.person = False
        self.clock = False


class _Person:
    """The caller as far as the plan's key knows him; the rest is a value of the request."""

    def __init__(self, principal: Any, seen: Seen) -> None:
        self._principal, self._seen = principal, seen

    @property
    def subject(self) -> Any:
        """Who it is: null for anonymous callers, which the key tells apart."""
        self._seen.person = True
        return None if self._principal.subject is None else Lazy(lambda facts: facts.ctx.principal.subject)

    @property
    def is_signed_in(self) -> bool:
        """Whether a person is signed in; part of the plan's key."""
        return self._principal.is_signed_in

    @property
    def is_system(self) -> bool:
        """Whether the platform itself asks; part of the plan's key."""
        return self._principal.is_system

    def can(self, permission: Permission) -> bool:
        """Whether he may; part of the plan's key."""
        return self._principal.can(permission)

    def __getattr__(self, name: str) -> Any:
        raise Untraceable(name)


class _Town:
    """The town, or settings of a plugin for it: every attribute that is looked at becomes part of the shape.

    What it says may be decided on (`is None`, a switch), and other towns may say otherwise: such values are given as
    they are, and only values of which there are too many to decide on stay open.
    """

    __slots__ = ("_facts", "_read", "_watched")

    def __init__(self, read: Read, facts: Facts, watched: list[Read]) -> None:
        self._read, self._facts, self._watched = read, facts, watched

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        read = self._read

        def attribute(facts: Facts) -> Any:
            return getattr(read(facts), name)

        self._watched.append(attribute)
        found = attribute(self._facts)
        if not is_open(found):
            return found
        if not isinstance(found, _PLAIN):
            raise Untraceable(name)
        return Lazy(attribute)


_PLAIN = (str, int, float, bytes, Decimal, date, time, timedelta, tzinfo, UUID)
"""Values that nothing can be decided on without comparing them."""


class Tracing:
    """Stands in for the context while a plan is made. Rights and language are real: the plan's key holds them.

    `watched`: what was looked at of the town; its kind belongs to the shape.
    """

    def __init__(self, facts: Facts, seen: Seen) -> None:
        self._facts, self._seen = facts, seen
        self.watched: list[Read] = []
        self.principal = _Person(facts.ctx.principal, seen)
        self.locale = facts.ctx.locale

    @property
    def tenant(self) -> Any:
        """The town of the request."""
        return _Town(lambda facts: facts.ctx.tenant, self._facts, self.watched)

    def now(self) -> Any:
        """The moment of the request."""
        self._seen.clock = True
        return Lazy(lambda facts: facts.ctx.now())

    def can(self, permission: Permission) -> bool:
        """Whether the caller may; part of the plan's key."""
        return self._facts.ctx.can(permission)

    def require(self, permission: Permission) -> None:
        """As in a request."""
        self._facts.ctx.require(permission)

    def settings(self, model: Any) -> Any:
        """A plugin's settings for the town of the request."""
        return _Town(lambda facts: facts.ctx.settings(model), self._facts, self.watched)

    def __getattr__(self, name: str) -> Any:
        raise Untraceable(name)
