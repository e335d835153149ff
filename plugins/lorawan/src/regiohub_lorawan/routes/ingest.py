"""Where network servers send their messages.

Bare routes: solving a framework's parameters would cost more than taking the message, and a busy network sends
hundreds a second.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from regiohub.api import TenantScope
from regiohub.api.http import ingest_limit, town_scope
from regiohub_lorawan.errors import BodyTooLarge
from regiohub_lorawan.formats.chirpstack import kind_of
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.service import intake
from regiohub_lorawan.service.credentials import KeyRing
from regiohub_lorawan.service.pipeline import pipeline
from regiohub_lorawan.settings import LorawanSettings

router = APIRouter()


async def from_chirpstack(request: Request) -> Response:
    """Take one event of a ChirpStack v4 HTTP integration (JSON); its kind stands in the query parameter ``event``."""
    scope = await _admit(request)
    return await _take(request, scope, Source.CHIRPSTACK, kind_of(request.query_params.get("event", "")))


async def from_the_things_stack(request: Request) -> Response:
    """Take one uplink or join of a The Things Stack v3 webhook (JSON)."""
    scope = await _admit(request)
    return await _take(request, scope, Source.TTN, MessageKind.UP)


router.add_route("/ingest/chirpstack", from_chirpstack, methods=["POST"])
router.add_route("/ingest/ttn", from_the_things_stack, methods=["POST"])


async def _admit(request: Request) -> TenantScope:
    """Count the request and check its key.

    Both servers can send a fixed header of the operator's choice; that is all the authentication they have.
    """
    ingest_limit(request)
    scope = await town_scope(request)
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    ring = scope.resources.get("lorawan.keys", KeyRing, KeyRing.aclose)
    await ring.check(scope, key.strip() if kind.lower() == "bearer" else None)
    return scope


async def _take(request: Request, scope: TenantScope, source: Source, kind: MessageKind) -> Response:
    body = await _body(request, scope.settings(LorawanSettings).max_body_bytes)
    receipt = await pipeline(scope).take(intake.read(scope, source, body, kind))
    intake.complain(receipt)
    return JSONResponse({"id": str(receipt.id), "duplicate": receipt.duplicate}, status_code=202)


async def _body(request: Request, limit: int) -> bytes:
    """The body, read only as far as the limit: the length that a sender declares may be absent or a lie."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise BodyTooLarge(limit)
    return bytes(body)
