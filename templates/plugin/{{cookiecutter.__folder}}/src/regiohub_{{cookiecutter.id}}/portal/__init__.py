"""The page for residents: ``/{tenant}/{{ cookiecutter.id }}/``."""

{% if cookiecutter.table %}
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from regiohub.api import Ctx
from regiohub.api.http import public_page, read_ctx
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}Kind
from regiohub_{{ cookiecutter.id }}.plugin import plugin
from regiohub_{{ cookiecutter.id }}.service.filtering import Wanted
from regiohub_{{ cookiecutter.id }}.service.hours import hours_text
from regiohub_{{ cookiecutter.id }}.service.listing import page_of
from regiohub_{{ cookiecutter.id }}.wording import KIND

router = APIRouter()
PER_PAGE = 50


@router.get("/", include_in_schema=False)
async def places_page(
    request: Request,
    ctx: Annotated[Ctx, Depends(read_ctx)],
    kind: Annotated[str, Query(max_length=40)] = "",
    q: Annotated[str, Query(max_length=200)] = "",
    open: Annotated[str, Query(max_length=5)] = "",
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> Response:
    """The places by name; kind, words and "open now" may be chosen. A value that does not exist chooses nothing."""
    chosen = [known for known in {{ cookiecutter.__Thing }}Kind if known.value == kind]
    wanted = Wanted(kinds=chosen, text=q, open=True if open else None)
    entries, matched = await page_of(ctx, wanted, PER_PAGE, (page - 1) * PER_PAGE)
    return public_page(
        request,
        "regiohub_{{ cookiecutter.id }}.portal",
        "{{ cookiecutter.id }}/list.html",
        title=plugin.title.get(ctx.locale),
        lead=plugin.description.get(ctx.locale),
        entries=[(entry, hours_text(entry.spans, ctx.locale), KIND[entry.place.kind].get(ctx.locale)) for entry in entries],
        kinds=[(known.value, words.get(ctx.locale)) for known, words in KIND.items()],
        chosen={"kind": kind, "q": q, "open": open},
        matched=matched,
        number=page,
        pages=max(1, -(-matched // PER_PAGE)),
        here=request.url.path,
    )
{% else %}
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from regiohub.api import Ctx
from regiohub.api.http import public_page, read_ctx
from regiohub_{{ cookiecutter.id }}.plugin import plugin
from regiohub_{{ cookiecutter.id }}.service.hours import hours_text
from regiohub_{{ cookiecutter.id }}.service.office import office_hours, open_now

router = APIRouter()


@router.get("/", include_in_schema=False)
async def office_page(request: Request, ctx: Annotated[Ctx, Depends(read_ctx)]) -> Response:
    """The opening hours, and whether they hold now."""
    return public_page(
        request,
        "regiohub_{{ cookiecutter.id }}.portal",
        "{{ cookiecutter.id }}/office.html",
        title=plugin.title.get(ctx.locale),
        lead=plugin.description.get(ctx.locale),
        open_now=open_now(ctx),
        rules=[rule for rule in hours_text(office_hours(ctx), ctx.locale).split("; ") if rule],
    )
{% endif %}
