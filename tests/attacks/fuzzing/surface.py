"""Every address that the application answers, as its routers declare them: nothing is listed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi.routing import iter_route_contexts
from starlette.routing import Mount, WebSocketRoute

from regiohub.web.routing import LabelledRoute

_PARAMETER = re.compile(r"{(\w+)(?::(\w+))?}")


@dataclass(frozen=True, slots=True)
class Address:
    """One method at one template. `declared`: its route, which knows the parameters of the query and the body."""

    method: str
    path: str
    declared: Any = field(default=None, compare=False, repr=False)

    @property
    def parameters(self) -> list[str]:
        """Names of what stands in braces, in order."""
        return [match[1] for match in _PARAMETER.finditer(self.path)]

    def at(self, values: Sequence[str]) -> str:
        """The path with these values in place of the parameters."""
        waiting = iter(values)
        return _PARAMETER.sub(lambda _match: next(waiting), self.path)

    @property
    def is_page(self) -> bool:
        """Whether it belongs to the console."""
        return self.path.startswith("/console")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def addresses(app: Any) -> list[Address]:
    """All of them, each once. Websockets have no body to send and are left to the attacks on GraphQL."""
    return list(dict.fromkeys(_inside(app.router.routes, "")))


def _inside(routes: Sequence[Any], base: str) -> Iterator[Address]:
    for context in iter_route_contexts(routes):
        route = _bare(context)
        if isinstance(route, WebSocketRoute):
            continue
        if isinstance(route, Mount):
            yield from _mounted(route, base)
            continue
        path = f"{base}{context.path if context.path is not None else route.path}"
        for method in sorted((context.methods or route.methods or {"GET"}) - {"HEAD"}):
            yield Address(method, path, context)


def _bare(context: Any) -> Any:
    route = context.original_route
    return route.route if isinstance(route, LabelledRoute) else route


def _mounted(mount: Mount, base: str) -> Iterator[Address]:
    inner = mount.routes
    if inner:
        yield from _inside(inner, f"{base}{mount.path}")
    else:
        # An application of its own, such as that of files: one address that takes any path.
        yield Address("GET", f"{base}{mount.path}/{{path:path}}")
