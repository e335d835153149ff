"""Routes of the pages."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.routing import APIRoute
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Match
from starlette.types import Scope

from regiohub.errors import NotFound
from regiohub.platform import Platform
from regiohub.plugins.parts import NavEntry
from regiohub.tenancy.appearance import logo_path
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.portfolio import held_by_plugins, measure_of, measures_of
from regiohub.texts import Language
from regiohub.web.request import TENANT, language_of, tenant_of
from regiohub.web.state import web_state

from .colours import theme_css
from .content import bundles, card
from .render import Addresses, render
from .town_list import town_list
from .words import number

READ: Final = ["GET", "HEAD"]
"""Monitors and link checkers ask with HEAD; FastAPI does not add it by itself."""

LOGO_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class TownRoute(APIRoute):
    """A page of a town: matches nothing where the address names none, so that reserved words stay plain 404s."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As always, but only in a town."""
        return super().matches(scope) if TENANT in scope else (Match.NONE, {})


def page_routes() -> APIRouter:
    """All towns, and the region."""
    router = APIRouter()

    @router.api_route("/", methods=READ)
    async def landing(request: Request) -> Response:
        """All towns."""
        platform, spoken = web_state(request).platform, language_of(request)
        shown = town_list(platform.tenants.all(), request.query_params)
        titles = {
            town.slug: [p.title.get(spoken) for id_, p in platform.plugins.healthy.items() if id_ in town.enabled]
            for town in shown.towns
        }
        return _page(request, "landing.html", list=shown, plugins=titles)

    @router.api_route("/region/", methods=READ)
    async def region(request: Request) -> Response:
        """The region: its towns by programme, and its interface."""
        shown = town_list(
            web_state(request).platform.tenants.all(),
            request.query_params,
            order=lambda town: (town.programme or "", town.short_name),
        )
        programmes: dict[str, list[TenantInfo]] = {}
        for town in shown.towns:
            programmes.setdefault(town.programme or "", []).append(town)
        return _page(request, "region.html", programmes=list(programmes.items()), list=shown)

    return router


def town_routes() -> APIRouter:
    """One town, one measure, and the town's style sheet."""
    router = APIRouter(route_class=TownRoute)

    @router.api_route("/{tenant}/", methods=READ)
    async def town(request: Request) -> Response:
        """One town: what is offered, its measures, its plugins, its interface."""
        tenant, platform, spoken = tenant_of(request), web_state(request).platform, language_of(request)
        async with platform.scope(tenant, locale=spoken).read() as ctx:
            measures = await measures_of(ctx)
            held = await held_by_plugins(ctx)
        on = {id_: plugin for id_, plugin in platform.plugins.healthy.items() if id_ in tenant.enabled}
        return _page(
            request,
            "town.html",
            bundles=bundles(measures, on, held, spoken),
            count=len(measures),
            navigation=_navigation(platform, tenant, spoken, Addresses(request.scope)),
            plugins=[(id_, p.title.get(spoken), p.description.get(spoken)) for id_, p in on.items()],
        )

    @router.api_route("/{tenant}/measures/{key}", methods=READ)
    async def measure(request: Request, key: str) -> Response:
        """One measure."""
        tenant, platform, spoken = tenant_of(request), web_state(request).platform, language_of(request)
        async with platform.scope(tenant, locale=spoken).read() as ctx:
            view = await measure_of(ctx, key)
            held = await held_by_plugins(ctx)
        shown = card(view, platform.plugins.healthy, held, spoken)
        row = view.row
        bundle = (row.bundle_title_en if spoken == "en" else None) or row.bundle_title
        sharing = [
            other for other in platform.tenants.all() if row.programme_id and other.programme_id == row.programme_id
        ]
        return _page(request, "measure.html", measure=shown, bundle=bundle, sharing=sharing)

    @router.api_route("/{tenant}/theme.css", methods=READ)
    async def theme(request: Request) -> Response:
        """The town's colours."""
        css = theme_css(dict(tenant_of(request).branding))
        return Response(css, media_type="text/css", headers={"Cache-Control": "public, max-age=300"})

    @router.api_route("/{tenant}/logo", methods=READ)
    async def logo(request: Request) -> Response:
        """The town's logo. An SVG file that is opened by itself may run and load nothing."""
        town = tenant_of(request)
        found = logo_path(web_state(request).platform, town)
        if found is None:
            raise NotFound
        path, kind = found
        headers = {"Cache-Control": "public, max-age=300", "Content-Security-Policy": LOGO_POLICY}
        return FileResponse(path, media_type=kind, headers=headers)

    @router.api_route("/{tenant}/measures", methods=READ)
    async def measures_list(request: Request) -> Response:
        """The measures are part of the town's page."""
        return RedirectResponse(Addresses(request.scope).town(tenant_of(request)) + "#measures", 303)

    return router


def _page(request: Request, template: str, **context: Any) -> Response:
    spoken = language_of(request)

    def shown(value: float) -> str:
        return number(value, spoken)

    html = render(request.scope, template, number=shown, **context)
    headers = {"Content-Language": spoken, "Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return HTMLResponse(html, headers=headers)


def _navigation(
    platform: Platform, tenant: TenantInfo, spoken: Language, addresses: Addresses
) -> list[tuple[str, str]]:
    entries: list[NavEntry] = [
        contribution.value for contribution in platform.plugins.collect("register_navigation", tenant.enabled)
    ]
    return [(entry.title.get(spoken), addresses.town(tenant, entry.url)) for entry in entries]
