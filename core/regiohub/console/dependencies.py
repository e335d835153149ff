"""How a route gets its page: session, person, town, protection against forged requests."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Annotated, Final

from fastapi import Depends, Request

from regiohub.auth.login import check_csrf
from regiohub.errors import NotFound
from regiohub.tenancy.info import TenantInfo
from regiohub.web.request import FRAME, TENANT
from regiohub.web.state import web_state

from .menu import sections_of
from .page import Page
from .rights import NotStaff, is_staff
from .sessions import SignInNeeded, person_in

PLUGIN: Final = "regiohub.plugin"
"""Key of the ASGI scope: the plugin whose pages the request is for."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_FIELDS: Final = 2000


async def town_page(request: Request) -> AsyncGenerator[Page]:
    """A page of the town in the address. Raises ``SignInNeeded`` or ``NotFound``."""
    tenant: TenantInfo | None = request.scope.get(TENANT)
    if tenant is None:
        raise NotFound
    async with _page(request, tenant) as page:
        yield page


async def region_page(request: Request) -> AsyncGenerator[Page]:
    """A page of the region, or of the signed-in person. Raises ``SignInNeeded``."""
    async with _page(request, None) as page:
        yield page


TownPage = Annotated[Page, Depends(town_page)]
RegionPage = Annotated[Page, Depends(region_page)]


@asynccontextmanager
async def _page(request: Request, tenant: TenantInfo | None) -> AsyncGenerator[Page]:
    state = web_state(request)
    session = await state.login.session(request)
    if session is None:
        raise SignInNeeded
    person = person_in(state, session, tenant)
    if tenant is not None and not is_staff(person):
        raise NotStaff(tenant)
    page = Page(
        request=request, platform=state.platform, views=state.views, session=session, person=person, tenant=tenant,
        plugin=request.scope.get(PLUGIN), sections=sections_of(state.platform, person, tenant, request.url.path),
    )  # fmt: skip
    request.scope[FRAME] = page.fault
    if request.method not in _SAFE:
        page.data = await request.form(max_fields=_MOST_FIELDS)
    try:
        if page.data is not None:
            check_csrf(request, session, page.data)
        yield page
    finally:
        # Files that were sent lie open until here.
        await request.close()
