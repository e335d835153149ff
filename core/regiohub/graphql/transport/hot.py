"""The way of operations: plain ASGI in front of the web framework, whose layers cost more than a small operation.

What those layers do is done here with the same parts: request id, logs, metrics and protective headers (`Envelope`),
the town of an address (`Towns`), the rules for other origins (`Origins`), the limit of bodies, answers for faults.
Whatever is no well-addressed operation is left to them: pages, preflight requests, unknown towns, bodies that are
announced as too large, websockets.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from regiohub.web.errors.problem import problem_for_status, respond
from regiohub.web.middleware.body import BodyTooLarge, announced
from regiohub.web.middleware.cors import Origins
from regiohub.web.middleware.envelope import Dressed, Envelope, answer_fault
from regiohub.web.middleware.tenant import Place, Towns, enter, is_unreadable
from regiohub.web.request import language, network

from .call import Call, Left, read_body
from .http import GraphQLEndpoint

REGION_ROUTE: Final = "/region/graphql"
TOWN_ROUTE: Final = "/{tenant}/graphql"


@dataclass(frozen=True, slots=True)
class _Address:
    place: Place
    route: str
    headers: dict[bytes, bytes]


class HotRoute:
    """Answers operations, and passes everything else on. `most`: largest body in bytes."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        endpoint: GraphQLEndpoint,
        envelope: Envelope,
        towns: Towns,
        origins: tuple[str, ...],
        most: int,
    ) -> None:
        self.app = app
        self._endpoint = endpoint
        self._envelope = envelope
        self._towns = towns
        self._origins = Origins(app, origins)
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, websocket or lifespan."""
        address = self._address(scope) if scope["type"] == "http" and scope["path"].endswith("/graphql") else None
        if address is None:
            await self.app(scope, receive, send)
        else:
            await self._serve(address, scope, receive, send)

    def _address(self, scope: Scope) -> _Address | None:
        """Where an operation is to run; None if this is none, or not as it should be."""
        if not _runs(scope) or is_unreadable(scope) or announced(scope) > self._most:
            return None
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, value)
        place = self._towns.find(scope["path"], headers.get(b"host", b"").decode("latin-1"))
        path = place.prefix + scope["path"]
        if path == REGION_ROUTE:
            return _Address(Place(), REGION_ROUTE, headers)
        if place.tenant is not None and path == f"/{place.tenant.slug}/graphql":
            return _Address(place, TOWN_ROUTE, headers)
        return None

    async def _serve(self, address: _Address, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        envelope, headers = self._envelope, address.headers
        request_id = envelope.open(scope, headers.get(b"x-request-id", b"").decode("latin-1"))
        enter(scope, address.place)
        rules = self._origins.of(address.place.tenant)
        if rules is not None:
            send = partial(rules.send, send=send, request_headers=Headers(scope=scope))
        answer = Dressed(send, envelope.headers, request_id)
        try:
            client = scope.get("client")
            call = Call(
                method=scope["method"],
                tenant=address.place.tenant,
                headers=headers,
                query_string=scope.get("query_string", b""),
                body=await read_body(receive, self._most),
                locale=language(scope),
                client=network(client[0]) if client else "",
                request_id=request_id,
            )
            reply = await self._endpoint.answer(call)
            answer.status = reply.status
            await reply.send(send, envelope.raw_headers, request_id)
        except Left:
            # Nobody is there to be answered: the record says so by its status.
            pass
        except BodyTooLarge as error:
            await respond(scope, problem_for_status(error.status_code))(scope, receive, answer)
        except Exception as error:
            await answer_fault(scope, receive, answer, address.route, error)
        finally:
            envelope.record(scope, address.route, answer.status, time.perf_counter() - started)


def _runs(scope: Scope) -> bool:
    """Whether something is to be run: each POST, and a GET that names a registered document."""
    if scope["method"] == "GET":
        query_string: bytes = scope.get("query_string", b"")
        return b"documentId=" in query_string or b"extensions=" in query_string
    return scope["method"] == "POST"
