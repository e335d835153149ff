"""Subscriptions over graphql-transport-ws (https://github.com/enisdenjo/graphql-ws, PROTOCOL.md)."""

from __future__ import annotations

from starlette.websockets import WebSocket

from .connection import Connection
from .service import GraphQLService, town_in

PROTOCOL = "graphql-transport-ws"


class LiveEndpoint:
    """The websocket of towns and region. `period`: seconds between two looks whether subscriptions may go on."""

    def __init__(self, service: GraphQLService, period: float = 0.5) -> None:
        self._service = service
        self._period = period

    async def __call__(self, socket: WebSocket) -> None:
        """Serve one client until either side ends it."""
        if PROTOCOL not in socket.scope.get("subprotocols", []):
            await socket.accept()
            await socket.close(4406, "Subprotocol not acceptable")
            return
        await socket.accept(PROTOCOL)
        town_in(socket.scope)
        await self._service.settle()
        await Connection(self._service, socket, self._period).serve()
