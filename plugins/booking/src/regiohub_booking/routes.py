"""HTTP beside GraphQL: the secret calendar of a resource, and the page behind a question's one-time link."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from regiohub.api import Ctx
from regiohub.api.http import read_ctx
from regiohub_booking.formats.ical import busy_calendar
from regiohub_booking.pages.answer import router as answers
from regiohub_booking.service.feeds import read_feed

router = APIRouter()
router.include_router(answers)


@router.get("/calendar/{token}.ics", response_class=Response)
async def calendar(token: str, ctx: Annotated[Ctx, Depends(read_ctx)]) -> Response:
    """Busy times of the resource behind the secret link; 404 for an unknown or revoked one."""
    resource, busy = await read_feed(ctx, token)
    content = busy_calendar(resource.id, resource.name, busy, ctx.now())
    # The address is the key: neither caches on the way nor search engines may keep it.
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
