"""The places for maps: ``/{tenant}/{{ cookiecutter.id }}/places.geojson``."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from regiohub.api import Ctx, InvalidInput, t
from regiohub.api.http import read_ctx
from regiohub_{{ cookiecutter.id }}.formats import geojson
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}Kind
from regiohub_{{ cookiecutter.id }}.service.filtering import Wanted
from regiohub_{{ cookiecutter.id }}.service.listing import page_of
from regiohub_{{ cookiecutter.id }}.settings import {{ cookiecutter.__Prefix }}Settings

router = APIRouter()


def wanted(
    kind: Annotated[list[{{ cookiecutter.__Thing }}Kind] | None, Query(description="One of these kinds.")] = None,
    q: Annotated[str, Query(description="A part of name, address or description.", max_length=200)] = "",
    open: Annotated[bool | None, Query(description="Only what is open at this moment, or only what is closed.")] = None,
    near: Annotated[str | None, Query(description="Longitude,latitude,metres.")] = None,
    bbox: Annotated[str | None, Query(description="West,south,east,north in degrees.")] = None,
) -> Wanted:
    """The conditions in the address; the same as in GraphQL."""
    point = None if near is None else _numbers("near", near, 3)
    box = None if bbox is None else _numbers("bbox", bbox, 4)
    return Wanted(
        kinds=kind or (),
        text=q,
        open=open,
        point=None if point is None else (point[0], point[1], point[2]),
        bbox=None if box is None else (box[0], box[1], box[2], box[3]),
    )


@router.get("/places.geojson", summary="Places as GeoJSON")
async def places_geojson(
    request: Request,
    ctx: Annotated[Ctx, Depends(read_ctx)],
    chosen: Annotated[Wanted, Depends(wanted)],
    limit: Annotated[int | None, Query(ge=1, le=2000)] = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """A FeatureCollection; ``next`` among the links leads on while there is more."""
    most = ctx.settings({{ cookiecutter.__Prefix }}Settings).map_limit
    size = min(limit or most, most)
    entries, matched = await page_of(ctx, chosen, size, offset)
    links = [{"rel": "self", "href": str(request.url), "type": geojson.MEDIA_TYPE}]
    if entries and offset + len(entries) < matched:
        following = request.url.include_query_params(limit=size, offset=offset + len(entries))
        links.append({"rel": "next", "href": str(following), "type": geojson.MEDIA_TYPE})
    features = [geojson.feature(entry.place, entry.spans, entry.open_now, ctx.locale) for entry in entries]
    content = geojson.collection(features, matched=matched, at=ctx.now(), links=links)
    headers = {"content-language": ctx.locale, "vary": "accept-language", "cache-control": "public, max-age=60"}
    return Response(orjson.dumps(content), media_type=geojson.MEDIA_TYPE, headers=headers)


def _numbers(name: str, text: str, count: int) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count:
        message = t("Erwartet werden {count} Zahlen mit Komma.", "{count} numbers with commas are expected.")
        raise InvalidInput(message.format(count=count), field=name)
    return numbers
