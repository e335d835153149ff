"""Series as CSV: download for everybody, upload of history for staff."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse, StreamingResponse

from regiohub.api import TenantScope
from regiohub.api.http import tenant_scope
from regiohub_lorawan.formats import csv
from regiohub_lorawan.service import export
from regiohub_lorawan.service.imports import load_csv
from regiohub_lorawan.service.reading import YEARS

router = APIRouter(tags=["lorawan"])
Scope = Annotated[TenantScope, Depends(tenant_scope)]


@router.get("/datastreams.csv")
async def overview(scope: Scope) -> StreamingResponse:
    """All datastreams with their newest values and the addresses of their tables."""
    return _table(csv.write(export.OVERVIEW, export.overview(scope)), f"{scope.tenant.slug}-datastreams.csv")


@router.get("/datastreams/{datastream_id}.csv")
async def download(
    datastream_id: UUID,
    scope: Scope,
    from_: Annotated[
        datetime | None, Query(alias="from", description="First moment; default: 30 days before to.")
    ] = None,
    to: Annotated[datetime | None, Query(description="First moment after the span; default: now.")] = None,
    step: Annotated[Literal["raw", "hour", "day"], Query(description="As measured, or aggregated.")] = "raw",
) -> StreamingResponse:
    """A datastream as CSV (RFC 4180, UTF-8, comma, point as decimal mark, times in UTC)."""
    stop = to or scope.now()
    # No day lies before the calendar begins; the span is refused below.
    start = from_ or (stop - timedelta(days=30) if stop.year in YEARS else stop)
    stream = await export.describe(scope, datastream_id, start, stop)
    parts = export.rows(scope, stream, start, stop, step)
    name = f"{scope.tenant.slug}-{stream.observed_property}-{stream.series}.csv"
    return _table(csv.write(export.header(step), parts), name)


def _table(parts: AsyncIterator[str], name: str) -> StreamingResponse:
    return StreamingResponse(
        _encoded(parts),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"content-disposition": f'attachment; filename="{csv.safe_name(name)}"'},
    )


async def _encoded(parts: AsyncIterator[str]) -> AsyncIterator[bytes]:
    async for part in parts:
        yield part.encode()


@router.post("/datastreams/{datastream_id}.csv")
async def upload(datastream_id: UUID, request: Request, scope: Scope) -> JSONResponse:
    """Load history of a datastream: CSV with columns time and value; sending it again changes nothing."""
    answer: dict[str, Any] = {"rows": await load_csv(scope, datastream_id, await request.body())}
    return JSONResponse(answer)
