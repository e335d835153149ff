"""Where network servers send their messages."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import JSONResponse

from regiohub.api import TenantScope
from regiohub.api.http import ingest_limit, town_scope
from regiohub_lorawan.errors import BodyTooLarge
from regiohub_lorawan.formats.chirpstack import kind_of
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.service import intake
from regiohub_lorawan.service.credentials import KeyRing
from regiohub_lorawan.service.pipeline import pipeline
from regiohub_lorawan.settings import LorawanSettings

router = APIRouter(prefix="/ingest", tags=["lorawan"], dependencies=[Depends(ingest_limit)])
Scope = Annotated[TenantScope, Depends(town_scope)]


@router.post("/chirpstack", status_code=202)
async def from_chirpstack(
    request: Request,
    scope: Scope,
    event: Annotated[str, Query(description="Kind of event, as ChirpStack appends it.")] = "",
) -> JSONResponse:
    """Take one event of a ChirpStack v4 HTTP integration (JSON)."""
    await _authenticate(request, scope)
    return await _take(request, scope, Source.CHIRPSTACK, kind_of(event))


@router.post("/ttn", status_code=202)
async def from_the_things_stack(request: Request, scope: Scope) -> JSONResponse:
    """Take one uplink or join of a The Things Stack v3 webhook (JSON)."""
    await _authenticate(request, scope)
    return await _take(request, scope, Source.TTN, MessageKind.UP)


async def _authenticate(request: Request, scope: TenantScope) -> None:
    """Both servers can send a fixed header of the operator's choice; that is all the authentication they have."""
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    ring = scope.resources.get("lorawan.keys", KeyRing, KeyRing.aclose)
    await ring.check(scope, key.strip() if kind.lower() == "bearer" else None)


async def _take(request: Request, scope: TenantScope, source: Source, kind: MessageKind) -> JSONResponse:
    body = await _body(request, scope.settings(LorawanSettings).max_body_bytes)
    receipt = await pipeline(scope).take(intake.read(scope, source, body, kind))
    intake.complain(receipt)
    answer: dict[str, Any] = {"id": str(receipt.id), "duplicate": receipt.duplicate}
    return JSONResponse(answer, status_code=202)


async def _body(request: Request, limit: int) -> bytes:
    """The body, read only as far as the limit: the length that a sender declares may be absent or a lie."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge(limit)
    return bytes(body)
