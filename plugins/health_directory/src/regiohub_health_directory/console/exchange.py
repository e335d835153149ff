"""Where the entries can be had as files and by interfaces."""

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.api.console import TownPage
from regiohub_health_directory.permissions import MANAGE

router = APIRouter()


@router.get("/exchange")
async def exchange(page: TownPage) -> Response:
    """Addresses to copy."""
    page.require(MANAGE)
    return page.show("health_directory/exchange.html", base=f"/{page.town.slug}")
