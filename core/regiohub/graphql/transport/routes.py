"""Routes of GraphQL."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute, Route, WebSocketRoute

from regiohub.platform import Platform

from .http import GraphQLEndpoint, SchemaText
from .service import GraphQLService
from .websocket import LiveEndpoint


def graphql_routes(platform: Platform) -> Sequence[BaseRoute]:
    """Endpoint, live socket and schema text, for towns (`/{tenant}/…`) and for the region."""
    service = GraphQLService.of(platform)
    endpoint, live, text = GraphQLEndpoint(service), LiveEndpoint(service), SchemaText(service)
    routes: list[BaseRoute] = []
    for prefix in ("/region", "/{tenant}"):
        routes.append(Route(f"{prefix}/graphql", endpoint.__call__, methods=["GET", "POST"]))
        routes.append(WebSocketRoute(f"{prefix}/graphql", live.__call__))
        routes.append(Route(f"{prefix}/schema.graphql", text.__call__))
    return routes


def schema_text(platform: Platform, plugins: frozenset[str] | None = None, *, region: bool = False) -> str:
    """The schema of a set of plugins (None: all that are sound), or of the region, for export."""
    service = GraphQLService.of(platform)
    if region:
        return service.region.of(service.region.plugins).sdl
    return service.towns.of(service.towns.plugins if plugins is None else plugins).sdl
