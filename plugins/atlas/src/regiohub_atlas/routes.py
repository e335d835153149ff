"""Maps and calendars over HTTP: ``/{tenant}/atlas/procedures.geojson``, ``/{tenant}/atlas/dates.ics`` and one procedure
of each. They show published procedures only, whoever asks, so that anybody may keep copies."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import FileResponse

from regiohub.api import Ctx, InvalidInput, t
from regiohub.api.http import read_ctx
from regiohub_atlas.formats import geojson, ical
from regiohub_atlas.models import Document, ProcedureKind, ProcedureStatus
from regiohub_atlas.service.agenda import calendar_dates
from regiohub_atlas.service.drafts import ProcedureDraft
from regiohub_atlas.service.files import public_file
from regiohub_atlas.service.filtering import Filter
from regiohub_atlas.service.public import public_page, public_procedure
from regiohub_atlas.service.records import load_records
from regiohub_atlas.settings import AtlasSettings

router = APIRouter()
Reading = Annotated[Ctx, Depends(read_ctx)]


def wanted(
    status: Annotated[list[ProcedureStatus] | None, Query(description="One of these statuses today.")] = None,
    kind: Annotated[list[ProcedureKind] | None, Query(description="One of these kinds.")] = None,
    topic: Annotated[list[str] | None, Query(description="At least one of these topics, by key.")] = None,
    q: Annotated[str, Query(description="All these words, in any text.", max_length=500)] = "",
    near: Annotated[str | None, Query(description="Longitude,latitude,metres.")] = None,
    bbox: Annotated[str | None, Query(description="West,south,east,north in degrees.")] = None,
    running_at: Annotated[date | None, Query(description="Running on this day.")] = None,
    city_wide: Annotated[bool | None, Query(description="Only those for the whole town, or only others.")] = None,
) -> Filter:
    """The filter in the address; the same as in GraphQL."""
    point = None if near is None else _numbers("near", near, 3)
    box = None if bbox is None else _numbers("bbox", bbox, 4)
    return Filter(
        statuses=status or (),
        kinds=kind or (),
        topics=topic or (),
        text=q,
        point=None if point is None else (point[0], point[1], point[2]),
        bbox=None if box is None else (box[0], box[1], box[2], box[3]),
        running_at=running_at,
        city_wide=city_wide,
    )


@router.get("/procedures.geojson", summary="Procedures as GeoJSON")
async def procedures_geojson(
    request: Request,
    ctx: Reading,
    chosen: Annotated[Filter, Depends(wanted)],
    limit: Annotated[int | None, Query(ge=1, le=2000)] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Published procedures as a FeatureCollection; those without a place have a null geometry, so that lists are
    complete. ``next`` among the links leads on while there is more."""
    most = ctx.settings(AtlasSettings).map_limit
    size = min(limit or most, most)
    records, matched = await public_page(ctx, chosen, size, offset)
    links = [{"rel": "self", "href": str(request.url), "type": geojson.MEDIA_TYPE}]
    if offset + len(records) < matched and records:
        following = request.url.include_query_params(limit=size, offset=offset + len(records))
        links.append({"rel": "next", "href": str(following), "type": geojson.MEDIA_TYPE})
    return _json(geojson.collection(records, matched=matched, at=ctx.now(), links=links, language=ctx.locale), ctx)


@router.get("/procedures/{slug}.geojson", summary="One procedure as GeoJSON")
async def procedure_geojson(ctx: Reading, slug: str) -> Response:
    """A published procedure as a Feature."""
    (record,) = await load_records(ctx, [await public_procedure(ctx, slug)])
    return _json(geojson.feature(record, ctx.locale), ctx)


@router.get("/procedure.schema.json", summary="What a procedure may say, as JSON Schema")
async def procedure_schema() -> Response:
    """The atlas's own description of a procedure: there is no agreed standard for informal participation."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **ProcedureDraft.model_json_schema()}
    return Response(orjson.dumps(schema), media_type="application/schema+json")


@router.get("/dates.ics", summary="All dates as a calendar")
async def dates_ics(ctx: Reading) -> Response:
    """Dates of all published procedures as iCalendar, to subscribe to."""
    name = t("Beteiligung {town}", "Participation {town}").format(town=ctx.tenant.short_name).get(ctx.locale)
    return _calendar(ctx, [ical.Entry(event, title) for event, title in await calendar_dates(ctx)], name, "dates")


@router.get("/procedures/{slug}.ics", summary="Dates of one procedure as a calendar")
async def procedure_ics(ctx: Reading, slug: str) -> Response:
    """Dates of a published procedure as iCalendar."""
    procedure = await public_procedure(ctx, slug)
    entries = [ical.Entry(event, title) for event, title in await calendar_dates(ctx, procedure.id)]
    return _calendar(ctx, entries, procedure.title, procedure.slug)


@router.get("/files/{checksum}/{name}", summary="A document's file")
async def document_file(ctx: Reading, checksum: str) -> Response:
    """A file of a published procedure. Images are shown, everything else is saved; nothing in it can run. The name is
    for people: what counts is the checksum."""
    document, path = await public_file(ctx, checksum)
    return file_response(document, path, cache="public, max-age=3600")


def file_response(document: Document, path: Path, *, cache: str) -> Response:
    """The file as an answer that no browser takes for anything else."""
    name = document.url.rpartition("/")[2]
    kind = "inline" if (document.media_type or "").startswith("image/") else "attachment"
    headers = {
        "content-disposition": f'{kind}; filename="{name}"',
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": cache,
    }
    return FileResponse(path, media_type=document.media_type or "application/octet-stream", headers=headers)


def _numbers(name: str, text: str, count: int) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count:
        message = t(f"Erwartet werden {count} Zahlen mit Komma.", f"{count} numbers with commas are expected.")
        raise InvalidInput(message, field=name)
    return numbers


def _json(content: Any, ctx: Ctx) -> Response:
    headers = {"content-language": ctx.locale, "vary": "accept-language", "cache-control": "public, max-age=60"}
    return Response(orjson.dumps(content), media_type=geojson.MEDIA_TYPE, headers=headers)


def _calendar(ctx: Ctx, entries: list[ical.Entry], name: str, file: str) -> Response:
    headers = {"content-disposition": f'inline; filename="{file}.ics"', "cache-control": "public, max-age=300"}
    body = ical.calendar(entries, name=name, town=ctx.tenant.slug)
    return Response(body, media_type=ical.MEDIA_TYPE, headers=headers)
