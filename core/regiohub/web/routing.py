"""Plugin routes: mounted once, and simply not there for towns that have the plugin off."""

from typing import Final

from starlette.routing import BaseRoute, Match, Mount
from starlette.types import Receive, Scope, Send

from regiohub.platform import Platform
from regiohub.plugins.errors import PluginConflict
from regiohub.plugins.parts import RoutePart
from regiohub.tenancy.info import TenantInfo

from .request import MOUNT, TENANT

CORE: Final = "core"
CORE_PREFIXES: Final = frozenset(
    {"graphql", "schema.graphql", "graphiql", "measures", "theme.css", "logo", "openapi.json"}
)
"""What the core itself offers under ``/{tenant}/``."""


class LabelledRoute(BaseRoute):
    """A plain route that leaves itself in the scope, as FastAPI's routes do: logs and metrics name its template."""

    def __init__(self, route: BaseRoute) -> None:
        self.route = route

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the route itself."""
        match, child = self.route.matches(scope)
        if match is not Match.NONE:
            child["route"] = self.route
        return match, child

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the route itself."""
        await self.route.handle(scope, receive, send)


class PluginRoutes(Mount):
    """A plugin's router under ``/{tenant}/<prefix>``. Off means off: it then matches nothing, and 404 is the answer."""

    def __init__(self, plugin: str, prefix: str, part: RoutePart) -> None:
        super().__init__(f"/{{tenant}}/{prefix}", app=part.router)
        self.plugin = plugin

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As a mount, but only while the plugin is on in the request's town: a switch counts with the next request."""
        tenant: TenantInfo | None = scope.get(TENANT)
        if tenant is None or self.plugin not in tenant.enabled:
            return Match.NONE, {}
        match, child = super().matches(scope)
        if match is not Match.NONE:
            child[MOUNT] = self.path
        return match, child


def plugin_routes(platform: Platform) -> list[PluginRoutes]:
    """The routes of all healthy plugins. A prefix that is taken sends the later plugin into quarantine."""
    taken = dict.fromkeys(CORE_PREFIXES, CORE)
    mounts: list[PluginRoutes] = []
    for contribution in platform.plugins.collect("register_routes"):
        part: RoutePart = contribution.value
        prefix = (part.prefix or contribution.plugin).strip("/")
        first = prefix.split("/", 1)[0]
        owner = taken.setdefault(first, contribution.plugin)
        if owner != contribution.plugin:
            conflict = PluginConflict(contribution.plugin, owner, f"the route /{{tenant}}/{first}")
            platform.plugins.quarantine(contribution.plugin, conflict.reason)
            mounts = [mount for mount in mounts if mount.plugin != contribution.plugin]
            continue
        mounts.append(PluginRoutes(contribution.plugin, prefix, part))
    return mounts
