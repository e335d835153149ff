"""Everything that the product asks its database: operations in both ways, pages by their links, routes, and jobs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from graphql import OperationDefinitionNode, OperationType, validate
from operations.collect import Found
from operations.variables import values

from regiohub.graphql.limits.bounds import Limits
from regiohub.plugins.parts import RoutePart
from regiohub.testing import World
from regiohub.testing.oracle.run import Oracle

TOWN = "potsdam"
WIDE = Limits(depth=60, aliases=10_000, tokens=100_000, directives=10, roots=10_000, cost=10**9)
_LINK = re.compile(r'(?:href|hx-get|data-(?:chart|map))="([^"#]+)')
_NAME = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d+")


@dataclass
class Walk:
    """What was asked: how many operations, and one address of each shape with its status."""

    world: World
    variants: bool = False
    """Whether lists are also opened sorted, filtered, and as files."""
    operations: int = 0
    addresses: dict[str, int] = field(default_factory=dict[str, int])

    async def ask(self, documents: Iterable[Found]) -> None:
        """Each query that fits a schema, by its plan and by the ordinary executor, with every right."""
        oracle = Oracle(self.world, WIDE)
        schemas = {name: oracle.schema(name).schema for name in ("region", TOWN)}
        for found in documents:
            where = next((name for name, schema in schemas.items() if not validate(schema, found.document)), None)
            for node in found.document.definitions if where else ():
                if isinstance(node, OperationDefinitionNode) and node.operation is OperationType.QUERY:
                    assert where is not None
                    given = values(schemas[where], node)
                    name = node.name.value if node.name else None
                    roles = ("tenant-admin",) if where == TOWN else ()
                    await oracle.compare(where, found.text, given, roles=roles, subject="anna", operation_name=name)
                    self.operations += 1

    async def open_all(self) -> None:
        """The console of a town and of the region, the town's pages, and what plugins offer below it."""
        staff = await self.world.console(TOWN, roles=["tenant-admin"])
        await self._follow(staff, [f"/console/{TOWN}/", "/console/account"], f"/console/{TOWN}")
        region = await self.world.console(None, regional=["regional-admin"])
        await self._follow(region, ["/console/region/towns"], "/console/region")
        routes = [
            f"/{TOWN}/{contribution.value.prefix or contribution.plugin}{route.path}"
            for contribution in self.world.platform.plugins.collect("register_routes")
            for route in _readable(contribution.value)
        ]
        await self._follow(self.world.client, [f"/{TOWN}/", *routes], f"/{TOWN}")

    async def work(self) -> None:
        """A day's jobs of every town, and what they set off."""
        await self.world.later(hours=25)

    async def _follow(self, client: Any, starts: Sequence[str], inside: str) -> None:
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            shape = self._shape(address)
            if shape is None or shape in self.addresses or not address.startswith(inside):
                continue
            answer: httpx.Response = await client.get(address)
            self.addresses[shape] = answer.status_code
            links = [answer.headers["location"]] if answer.is_redirect else []
            if answer.headers.get("content-type", "").startswith("text/html"):
                links += [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]
            waiting += [_local(address, link) for link in links]

    def _shape(self, address: str) -> str | None:
        """Pages of two rows are of one shape; None for what is left out."""
        parts = urlsplit(address)
        names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
        if names and not self.variants:
            return None
        # One choice at a time: all of a list's filters together are too many to open.
        if len(names) > (2 if "format" in names else 1):
            return None
        return f"{_NAME.sub('*', parts.path)}?{','.join(names)}"


def _readable(part: RoutePart) -> list[Any]:
    return [
        route
        for route in part.router.routes
        if "GET" in (getattr(route, "methods", None) or ()) and "{" not in getattr(route, "path", "{")
    ]


def _local(base: str, link: str) -> str:
    parts = urlsplit(urljoin(base, link))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
