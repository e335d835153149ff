"""From address or host name to the town of a request."""

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


class TenantMiddleware:
    """Finds the town and writes it into the scope.

    By path: ``/potsdam/…``. By host name: a name from the town's file or the settings, or ``<slug>.<base domain>``;
    the path then goes without the slug, and with it all the same.
    """

    def __init__(self, app: ASGIApp, platform: Platform) -> None:
        self.app = app
        self.platform = platform
        settings = platform.settings
        self._hosts = {name.lower(): slug for name, slug in settings.host_names.items()}
        self._suffix = f".{settings.base_domain.lower().strip('.')}" if settings.base_domain else ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on with the town, or answers that there is no such town."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
            # PostgreSQL stores no NUL and SQLite does: neither is ever asked.
            await self._refuse(problem_for_status(400), scope, receive, send)
            return
        first = _first_segment(scope["path"])
        by_host = self._by_host(Headers(scope=scope).get("host", ""))
        tenant = by_host
        if by_host is not None and first not in PLATFORM_PATHS:
            scope[BY_HOST] = True
            if first != by_host.slug:
                _prefix(scope, by_host.slug)
        elif first and not is_reserved_slug(first):
            tenant = self.platform.tenants.get(first)
            if tenant is None:
                await self._unknown(first, scope, receive, send)
                return
        else:
            tenant = None
        if tenant is not None:
            scope[TENANT] = tenant
            structlog.contextvars.bind_contextvars(tenant=tenant.slug)
        await self.app(scope, receive, send)

    def _by_host(self, header: str) -> TenantInfo | None:
        host = header.rsplit(":", 1)[0].lower().rstrip(".") if not header.endswith("]") else header.lower()
        tenants = self.platform.tenants
        if host in self._hosts:
            return tenants.get(self._hosts[host])
        if self._suffix and host.endswith(self._suffix):
            return tenants.get(host.removesuffix(self._suffix))
        return tenants.by_host(host)

    async def _unknown(self, slug: str, scope: Scope, receive: Receive, send: Send) -> None:
        near = list(self.platform.tenants.near(slug))
        words = t("Diese Kommune gibt es hier nicht.", "There is no such town here.")
        if near:
            names = ", ".join(near)
            words = t(f"{words.de} Gemeint war vielleicht: {names}.", f"{words.en} Perhaps you meant: {names}.")
        problem = Problem(404, "UNKNOWN_TENANT", words, details={"near": near})
        await self._refuse(problem, scope, receive, send)

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 4000 + problem.status, "reason": problem.code})
        else:
            await respond(scope, problem)(scope, receive, send)


def _first_segment(path: str) -> str:
    return path.lstrip("/").split("/", 1)[0]


def _prefix(scope: Scope, slug: str) -> None:
    scope["path"] = f"/{slug}{scope['path']}"
    if scope.get("raw_path"):
        scope["raw_path"] = f"/{slug}".encode() + scope["raw_path"]
