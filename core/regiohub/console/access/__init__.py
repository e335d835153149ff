"""Pages about access: people and their roles, own roles, groups, programs, and why somebody may do something."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from regiohub.auth.permissions import TENANT_MEMBERS
from regiohub.console.dependencies import TownPage

from . import clients, groups, members, reasons, roles
from .tabs import tabs_of

access_router = APIRouter()


@access_router.get("/access")
async def start(page: TownPage) -> Response:
    """The first page about access that the person may open."""
    tabs = tabs_of(page)
    if not tabs:
        page.require(TENANT_MEMBERS)
    return RedirectResponse(tabs[0][1], 303)


for part in (members, roles, groups, clients, reasons):
    access_router.include_router(part.router, prefix="/access")
