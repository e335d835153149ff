"""The outermost layer: a request id, one log line, metrics, security headers, and an answer for every fault."""

import re
import time
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from regiohub.db.outages import outage_of
from regiohub.events.faults import describe
from regiohub.logs import inform
from regiohub.web.errors.problem import problem_of_fault, respond
from regiohub.web.operation.metrics import Metrics
from regiohub.web.request import MOUNT, REQUEST_ID, TENANT

_ACCESS: Final = "regiohub.access"
log = structlog.get_logger(_ACCESS)

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def content_policy(map_sources: Sequence[str] = ()) -> str:
    """What a page may load: our own files only. ``map_sources`` are the origins of a map style, where one is set."""
    others = "".join(f" {origin}" for origin in map_sources)
    return (
        "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; font-src 'self'; "
        f"img-src 'self' data:{others}; connect-src 'self'{others}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


CONTENT_POLICY: Final = content_policy()
ALONE: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For drawings (SVG) and feeds: opened by themselves they would be pages, and theirs is no script to run."""
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
}
# Liveness probes and scrapes would drown everything else.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class Envelope:
    """What every request gets and leaves behind, whichever way it is answered.

    ``secure`` adds HSTS, for installations that people reach by https. ``map_sources``: see ``content_policy``.
    """

    def __init__(self, metrics: Metrics, *, secure: bool, map_sources: Sequence[str] = ()) -> None:
        self.metrics = metrics
        self.policy = content_policy(map_sources)
        self.headers = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
        self.raw_headers = tuple((name.lower().encode(), value.encode()) for name, value in self.headers.items())
        """The same as ASGI wants them, for answers that are put together without Starlette."""

    def open(self, scope: Scope, given_id: str) -> str:
        """The id of a request that begins (the one that a proxy gave, if it looks like one), known to all logs."""
        request_id: str = given_id if _GIVEN_ID.fullmatch(given_id) else uuid4().hex
        scope[REQUEST_ID] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        return request_id

    def record(self, scope: Scope, route: str, status: int | None, seconds: float) -> None:
        """Count a request that has ended, and log it. No status: nobody was left to answer."""
        tenant = scope.get(TENANT)
        slug = tenant.slug if tenant else ""
        method = scope.get("method", "WEBSOCKET")
        if scope["type"] == "http":
            self.metrics.record(route, slug, method, status or 499, seconds)
        if route in _QUIET:
            return
        # The template and never the address itself: addresses carry search words and secret feed names.
        ms = round(seconds * 1000, 1)
        inform(_ACCESS, "request", method=method, route=route, status=status, ms=ms, tenant=slug or None)


class EnvelopeMiddleware:
    """Wraps each request."""

    def __init__(self, app: ASGIApp, envelope: Envelope) -> None:
        self.app = app
        self.envelope = envelope

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request or websocket; anything else (lifespan) passes through."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request_id = self.envelope.open(scope, Headers(scope=scope).get("x-request-id", ""))
        answer = Dressed(send, self.envelope.headers, request_id, self.envelope.policy)
        started = time.perf_counter()
        try:
            await self.app(scope, receive, answer)
        except Exception as error:
            await answer_fault(scope, receive, answer, route_of(scope), error)
        finally:
            self.envelope.record(scope, route_of(scope), answer.status, time.perf_counter() - started)


async def answer_fault(scope: Scope, receive: Receive, answer: "Dressed", route: str, error: Exception) -> None:
    """Log a fault that nobody foresaw and answer it; one whose answer has begun is raised again, so that it is cut."""
    outage = outage_of(error)
    if outage is None:
        log.error("request_failed", route=route, exc_info=error)
    else:
        # Where the program stood says nothing about a database that is away, and it would be said for each request.
        log.error("storage_outage", route=route, code=outage.code, error=describe(error))
    if scope["type"] == "http" and answer.status is None:
        await respond(scope, problem_of_fault(error))(scope, receive, answer)
    elif scope["type"] == "http":
        answer.status = 500
        raise error


class Dressed:
    """Passes messages on, adds the headers, remembers the status."""

    def __init__(self, send: Send, headers: dict[str, str], request_id: str, policy: str = CONTENT_POLICY) -> None:
        self._send = send
        self._policy = policy
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
            kind = headers.get("content-type", "")
            if kind.startswith("text/html"):
                headers.setdefault("Content-Security-Policy", self._policy)
            elif "xml" in kind:
                headers.setdefault("Content-Security-Policy", ALONE)
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
