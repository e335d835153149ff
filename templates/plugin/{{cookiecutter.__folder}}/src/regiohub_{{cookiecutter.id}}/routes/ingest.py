"""Where devices send reports: ``POST /{tenant}/{{ cookiecutter.id }}/reports``."""

import hmac

from fastapi import APIRouter
from regiohub.api import TenantScope
from regiohub.api.http import ingest_limit, town_scope
from regiohub_{{ cookiecutter.id }}.errors import ReportTooLarge, WrongKey
from regiohub_{{ cookiecutter.id }}.formats.report import MOST_BYTES, read_report
from regiohub_{{ cookiecutter.id }}.service.reports import take
from regiohub_{{ cookiecutter.id }}.settings import {{ cookiecutter.__Prefix }}Settings
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

router = APIRouter()


async def take_report(request: Request) -> Response:
    """Take one report (JSON); it is stored when the answer comes. The key stands in ``Authorization: Bearer …``."""
    ingest_limit(request)
    scope = await town_scope(request)
    _check_key(scope, request.headers.get("authorization", ""))
    report = read_report(await _body(request), scope.now())
    await scope.run(lambda ctx: take(ctx, report))
    return JSONResponse({"place": report.place, "open": report.open}, status_code=202)


router.add_route("/reports", take_report, methods=["POST"])


def _check_key(scope: TenantScope, header: str) -> None:
    kind, _, given = header.partition(" ")
    key = scope.settings({{ cookiecutter.__Prefix }}Settings).ingest_key
    # Compared in the same time whatever is wrong with it.
    good = key is not None and hmac.compare_digest(key.get_secret_value().encode(), given.strip().encode())
    if not good or kind.lower() != "bearer":
        raise WrongKey


async def _body(request: Request) -> bytes:
    """The body, read only as far as the limit: the length that a sender declares may be absent or a lie."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise ReportTooLarge(MOST_BYTES)
    return bytes(body)
