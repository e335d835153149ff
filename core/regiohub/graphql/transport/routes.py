"""Routes of GraphQL beside the way of operations, which stands in front of all routes."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from regiohub.graphql.answer import Answer, shown_domain
from regiohub.platform import Platform
from regiohub.texts import t
from regiohub.web.request import language_of, wants_html

from .call import JSON
from .graphiql import page
from .http import NotHere
from .service import REGION, GraphQLService, town_in
from .websocket import LiveEndpoint


def graphql_routes(service: GraphQLService) -> Sequence[BaseRoute]:
    """Page, live socket and schema text, for towns (`/{tenant}/…`) and for the region."""
    live, text = LiveEndpoint(service), SchemaText(service)
    routes: list[BaseRoute] = []
    for prefix in (f"/{REGION}", "/{tenant}"):
        routes.append(Route(f"{prefix}/graphql", explorer, methods=["GET", "POST"]))
        routes.append(WebSocketRoute(f"{prefix}/graphql", live.__call__))
        routes.append(Route(f"{prefix}/schema.graphql", text.__call__))
    return routes


async def explorer(request: Request) -> Response:
    """GraphiQL for browsers. Other programs learn that operations go by POST; nothing is executed here."""
    if town_in(request.scope) is None and not request.url.path.startswith(f"/{REGION}/"):
        raise HTTPException(404)
    if wants_html(request.scope):
        return page(request)
    error = NotHere(t("Bitte mit POST senden.", "Please send it by POST."))
    answer = Answer(None, [shown_domain(error, language_of(request))], executed=False)
    return Response(answer.dump(), error.status, {"Allow": "POST"}, JSON)


class SchemaText:
    """The schema in the definition language, as the town's plugins make it."""

    def __init__(self, service: GraphQLService) -> None:
        self._service = service

    async def __call__(self, request: Request) -> Response:
        """Plain text; public, like the schema itself."""
        await self._service.settle()
        tenant = town_in(request.scope)
        if tenant is None and not request.url.path.startswith(f"/{REGION}/"):
            raise HTTPException(404)
        return PlainTextResponse(self._service.schema_of(tenant).sdl)


def schema_text(platform: Platform, plugins: frozenset[str] | None = None, *, region: bool = False) -> str:
    """The schema of a set of plugins (None: all that are sound), or of the region, for export."""
    service = GraphQLService.of(platform)
    if region:
        return service.region.of(service.region.plugins).sdl
    return service.towns.of(service.towns.plugins if plugins is None else plugins).sdl
