"""Routes of operation."""

from datetime import UTC, timedelta

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, PlainTextResponse, Response

from regiohub.audit.seals.backlog import seal_backlog
from regiohub.errors import NotFound
from regiohub.settings import Settings
from regiohub.web.state import web_state

from .counts import table_rows, unfinished_entries
from .readiness import readiness

_NO_STORE = {"Cache-Control": "no-store"}


def operation_routes(settings: Settings) -> APIRouter:
    """Liveness, readiness, metrics, security contact."""
    router = APIRouter()

    @router.api_route("/healthz", methods=["GET", "HEAD"])
    async def healthz() -> Response:
        """Says that the process answers; asks nothing else, so that a slow database restarts nobody."""
        return PlainTextResponse("ok\n", headers=_NO_STORE)

    @router.api_route("/readyz", methods=["GET", "HEAD"])
    async def readyz(request: Request) -> Response:
        """Says whether requests may be sent here (200 or 503), and for each part why not."""
        state = await readiness(web_state(request).platform)
        body = {"ok": state.ok, "checks": [check.as_json() for check in state.checks]}
        return JSONResponse(body, 200 if state.ok else 503, headers=_NO_STORE)

    @router.get("/.well-known/security.txt")
    async def security_txt(request: Request) -> Response:
        """Where to report weaknesses (RFC 9116)."""
        if not settings.security_contact:
            raise NotFound
        now = web_state(request).platform.clock.now().astimezone(UTC)
        # The standard wants a date within a year; the page is made anew for each request and thus never stale.
        expires = (now + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
        lines = [
            f"Contact: {settings.security_contact}",
            f"Expires: {expires}",
            "Preferred-Languages: de, en",
            f"Canonical: {settings.base_url}/.well-known/security.txt",
        ]
        return PlainTextResponse("\n".join(lines) + "\n")

    @router.get("/robots.txt")
    async def robots() -> Response:
        """Search engines may read the pages; interfaces and operation are none of their business."""
        return PlainTextResponse("User-agent: *\nDisallow: /auth/\nDisallow: /metrics\nDisallow: /*/graphql\n")

    if settings.metrics:

        @router.get("/metrics")
        async def metrics(request: Request) -> Response:
            """Metrics in the format of Prometheus. Keep this path inside your network: the proxy decides."""
            state = web_state(request)
            state.metrics.sealed(await seal_backlog(state.platform))
            text = state.metrics.show(await unfinished_entries(state.platform), await table_rows(state.platform))
            return Response(text, media_type=CONTENT_TYPE_LATEST)

    return router
