"""The outermost layer: a request id, one log line, metrics, security headers, and an answer for every fault."""

import re
import time
from typing import Any, Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regiohub.web.errors.problem import problem_of_fault, respond
from regiohub.web.operation.metrics import Metrics
from regiohub.web.request import MOUNT, REQUEST_ID, TENANT

log = structlog.get_logger("regiohub.access")

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
CONTENT_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Liveness probes and scrapes would drown everything else.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class EnvelopeMiddleware:
    """Wraps each request. ``secure`` adds HSTS, for installations that people reach by https."""

    def __init__(self, app: ASGIApp, metrics: Metrics, *, secure: bool) -> None:
        self.app = app
        self.metrics = metrics
        self.headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or websocket; anything else (lifespan) passes through."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        scope[REQUEST_ID] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        answer = _Answer(send, self.headers, request_id)
        started = time.perf_counter()
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            log.exception("request_failed", route=route_of(scope))
            if scope["type"] == "http" and answer.status is None:
                await respond(scope, problem_of_fault(error))(scope, receive, answer)
            elif scope["type"] == "http":
                answer.status = 500
                raise
        finally:
            self._record(scope, answer.status, time.perf_counter() - started)

    def _record(self, scope: Scope, status: int | None, seconds: float) -> None:
        route, tenant = route_of(scope), scope.get(TENANT)
        slug = tenant.slug if tenant else ""
        method = scope.get("method", "WEBSOCKET")
        if scope["type"] == "http":
            self.metrics.record(route, slug, method, status or 499, seconds)
        if route in _QUIET:
            return
        # The template and never the address itself: addresses carry search words and secret feed names.
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1), tenant=slug or None)


class _Answer:
    """Passes messages on, adds the headers, remembers the status."""

    def __init__(self, send: Send, headers: dict[str, str], request_id: str) -> None:
        self._send = send
        self._headers = headers
        self._request_id = request_id
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._request_id
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            if headers.get("content-type", "").startswith("text/html"):
                headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        elif message["type"] == "websocket.accept":
            self.status = 101
        await self._send(message)


def route_of(scope: Scope) -> str:
    """Template of the route that took the request (``/{tenant}/hsds/services/{id}``), ``(none)`` if none did."""
    route: Any = scope.get("route")
    template = getattr(route, "path_format", None) or getattr(route, "path", None)
    if template is None:
        return str(scope[MOUNT]) + "/…" if MOUNT in scope else "(none)"
    return f"{scope.get(MOUNT, '')}{template}"


def _request_id(scope: Scope) -> str:
    """The id that a proxy gave, if it looks like one; otherwise a new one."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _GIVEN_ID.fullmatch(given) else uuid4().hex
