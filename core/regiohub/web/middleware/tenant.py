"""From address or host name to the town of a request."""

from dataclasses import dataclass
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from regiohub.platform import Platform
from regiohub.tenancy.config.slugs import is_reserved_slug
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import t
from regiohub.web.errors.problem import Problem, problem_for_status, respond
from regiohub.web.request import BY_HOST, TENANT

PLATFORM_PATHS: Final = frozenset(
    {"static", "auth", "region", "console", "healthz", "readyz", "metrics", ".well-known", "favicon.ico", "robots.txt"}
)
"""First segments that mean the platform itself, also on a town's own host name."""
CONSOLE: Final = "console"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address leads.

    ``by_host``: the host name named the town, so that its addresses go without its slug. ``prefix``: what the path
    then lacks. ``unknown``: the first segment of the path, if a town should be there and none is.
    """

    tenant: TenantInfo | None = None
    by_host: bool = False
    prefix: str = ""
    unknown: str | None = None


class Towns:
    """Finds the town of an address.

    By path: ``/potsdam/…``. By host name: a name from the town's file or the settings, or ``<slug>.<base domain>``;
    the path then goes without the slug, and with it all the same.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        settings = platform.settings
        self._hosts = {name.lower(): slug for name, slug in settings.host_names.items()}
        self._suffix = f".{settings.base_domain.lower().strip('.')}" if settings.base_domain else ""

    def find(self, path: str, host: str) -> Place:
        """Where this path on this host (as the header says it) leads."""
        first = path.lstrip("/").split("/", 1)[0]
        by_host = self._by_host(host)
        if first == CONSOLE:
            return self._in_console(path)
        if by_host is not None:
            if first in PLATFORM_PATHS:
                return Place(by_host)
            return Place(by_host, by_host=True, prefix="" if first == by_host.slug else f"/{by_host.slug}")
        if not first or is_reserved_slug(first):
            return Place()
        tenant = self.platform.tenants.get(first)
        return Place(tenant) if tenant else Place(unknown=first)

    def _in_console(self, path: str) -> Place:
        """The town of a console page stands behind ``/console/``, whatever the host name."""
        second = path.lstrip("/").split("/", 2)[1:2]
        if not second or not second[0] or is_reserved_slug(second[0]):
            return Place()
        tenant = self.platform.tenants.get(second[0])
        return Place(tenant) if tenant else Place(unknown=second[0])

    def _by_host(self, header: str) -> TenantInfo | None:
        host = header.rsplit(":", 1)[0].lower().rstrip(".") if not header.endswith("]") else header.lower()
        tenants = self.platform.tenants
        if host in self._hosts:
            return tenants.get(self._hosts[host])
        if self._suffix and host.endswith(self._suffix):
            return tenants.get(host.removesuffix(self._suffix))
        return tenants.by_host(host)


def is_unreadable(scope: Scope) -> bool:
    """Whether an address holds the character NUL, or bytes that no address may have (RFC 3986).

    PostgreSQL stores no NUL and SQLite does, so neither is ever asked. Servers let the bytes through; nothing behind
    them expects any.
    """
    query: bytes = scope.get("query_string", b"")
    return "\0" in scope["path"] or b"%00" in query or not query.isascii()


def enter(scope: Scope, place: Place) -> None:
    """Write the town of a request into its scope, and into all its logs."""
    if place.by_host:
        scope[BY_HOST] = True
    if place.prefix:
        scope["path"] = f"{place.prefix}{scope['path']}"
        if scope.get("raw_path"):
            scope["raw_path"] = place.prefix.encode() + scope["raw_path"]
    if place.tenant is not None:
        scope[TENANT] = place.tenant
        structlog.contextvars.bind_contextvars(tenant=place.tenant.slug)


class TenantMiddleware:
    """Finds the town and writes it into the scope, or answers that there is no such town."""

    def __init__(self, app: ASGIApp, towns: Towns) -> None:
        self.app = app
        self.towns = towns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on with the town."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if is_unreadable(scope):
            await self._refuse(problem_for_status(400), scope, receive, send)
            return
        place = self.towns.find(scope["path"], Headers(scope=scope).get("host", ""))
        if place.unknown is not None:
            await self._refuse(self._no_such_town(place.unknown), scope, receive, send)
            return
        enter(scope, place)
        await self.app(scope, receive, send)

    def _no_such_town(self, slug: str) -> Problem:
        near = list(self.towns.platform.tenants.near(slug))
        words = t("Diese Kommune gibt es hier nicht.", "There is no such town here.")
        if near:
            names = ", ".join(near)
            words = t(f"{words.de} Gemeint war vielleicht: {names}.", f"{words.en} Perhaps you meant: {names}.")
        return Problem(404, "UNKNOWN_TENANT", words, details={"near": near})

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4000 + problem.status, "reason": problem.code})
        else:
            await respond(scope, problem)(scope, receive, send)
