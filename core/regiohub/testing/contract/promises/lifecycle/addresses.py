"""The addresses of a plugin in one town: its routes and its pages of the console."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.routing import iter_route_contexts

from regiohub.db.base import uuid7
from regiohub.plugins.parts import ConsolePart, RoutePart
from regiohub.testing.world import World

_PARAMETER = re.compile(r"{(\w+)(?::(\w+))?}")
_STAND_INS = {"int": "1", "float": "1.5", "path": "x/y"}


@dataclass(frozen=True, slots=True)
class Address:
    """One address as its router declares it. `parameters`: names of what stands in braces.

    `local`: method and path below the plugin's own, as in its source; `declared`: the route itself.
    """

    method: str
    path: str
    parameters: tuple[str, ...] = ()
    local: str = ""
    declared: Any = field(default=None, compare=False, repr=False)

    def at(self, value: str | Mapping[str, str] | None = None) -> str:
        """The path with a value in place of each parameter, or with the one of its name.

        By default the id of something that does not exist.
        """
        given = value if isinstance(value, Mapping) else dict.fromkeys(self.parameters, value)

        def filled(match: re.Match[str]) -> str:
            return given.get(match[1]) or _STAND_INS.get(match[2] or "", str(uuid7()))

        return _PARAMETER.sub(filled, self.path)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def pages(world: World, plugin: str, slug: str) -> list[Address]:
    """The pages of a plugin in the console of a town."""
    parts: list[ConsolePart] = [
        c.value for c in world.platform.plugins.collect("register_console", frozenset({plugin}))
    ]
    return [found for part in parts for found in _of(part.router.routes, f"/console/{slug}/{plugin}")]


def routes(world: World, plugin: str, slug: str) -> list[Address]:
    """The routes of a plugin in a town."""
    declared = world.platform.plugins.collect("register_routes", frozenset({plugin}))
    parts: list[RoutePart] = [contribution.value for contribution in declared]
    return [
        found for part in parts for found in _of(part.router.routes, f"/{slug}/{(part.prefix or plugin).strip('/')}")
    ]


def _of(declared: Sequence[Any], base: str) -> Iterator[Address]:
    for route in iter_route_contexts(declared):
        path = f"{base}{route.path or ''}"
        for method in sorted((route.methods or set()) - {"HEAD"}):
            names = tuple(match[0] for match in _PARAMETER.findall(path))
            yield Address(method, path, names, f"{method} {route.path or ''}", route)
