"""All routes of the console, those of plugins included."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import Scope

from regiohub.auth.permissions import REGION_READ
from regiohub.platform import Platform
from regiohub.plugins.errors import PluginConflict
from regiohub.plugins.parts import ConsolePart
from regiohub.tenancy.info import TenantInfo
from regiohub.web.request import MOUNT, TENANT

from .access import access_router
from .account import account_router
from .dependencies import PLUGIN, RegionPage
from .region import region_router
from .town import town_router

CORE_WORDS: Final = frozenset(
    {"measures", "indicators", "settings", "branding", "access", "sharing", "audit", "privacy", "work", "region",
     "account", "console", "town"}
)  # fmt: skip
"""What the core itself offers under ``/console/{tenant}/``, and names of its templates."""


class PluginPages(Mount):
    """A plugin's pages under ``/console/{tenant}/<plugin>``. Off means off: they then match nothing."""

    def __init__(self, plugin: str, part: ConsolePart) -> None:
        super().__init__(f"/console/{{tenant}}/{plugin}", app=part.router)
        self.plugin = plugin

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As a mount, but only while the plugin is on in the town of the address."""
        tenant: TenantInfo | None = scope.get(TENANT)
        if tenant is None or self.plugin not in tenant.enabled:
            return Match.NONE, {}
        match, child = super().matches(scope)
        if match is not Match.NONE:
            child[MOUNT], child[PLUGIN] = self.path, self.plugin
        return match, child


def plugin_pages(platform: Platform) -> list[BaseRoute]:
    """The pages of all healthy plugins. A plugin that is called like a page of the core goes into quarantine."""
    pages: list[BaseRoute] = []
    for contribution in platform.plugins.collect("register_console"):
        if contribution.plugin in CORE_WORDS:
            conflict = PluginConflict(
                contribution.plugin, "core", f"the page /console/{{tenant}}/{contribution.plugin}"
            )
            platform.plugins.quarantine(contribution.plugin, conflict.reason)
            continue
        pages.append(PluginPages(contribution.plugin, contribution.value))
    return pages


def console_routes() -> APIRouter:
    """The pages of the core: start, account, region, town."""
    router = APIRouter()

    @router.get("/console")
    async def without_slash() -> Response:
        """The address that people type."""
        return RedirectResponse("/console/", 307)

    @router.get("/console/")
    async def start(page: RegionPage) -> Response:
        """The region for its staff; for everybody else the own town, or a choice of towns."""
        if page.can(REGION_READ):
            return RedirectResponse("/console/region/towns", 303)
        towns = [town for slug in sorted(page.session.claims.staff) if (town := page.platform.tenants.get(slug))]
        if len(towns) == 1:
            return RedirectResponse(f"/console/{towns[0].slug}/", 303)
        return page.show("console/start.html", towns=towns)

    _include(router, account_router, "/console/account")
    _include(router, region_router, "/console/region")
    _include(router, access_router, "/console/{tenant}")
    _include(router, town_router, "/console/{tenant}")
    return router


def _include(router: APIRouter, part: APIRouter, prefix: str) -> None:
    """Include routes below a prefix, and have logs and metrics name it: FastAPI's routes know their own part only."""

    def labelled(request: Request) -> None:
        request.scope[MOUNT] = prefix

    router.include_router(part, prefix=prefix, dependencies=[Depends(labelled)])
