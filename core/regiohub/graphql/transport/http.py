"""GraphQL over HTTP: POST with JSON only. GET shows GraphiQL to browsers and executes nothing."""

from __future__ import annotations

import re

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request as HTTPRequest
from starlette.responses import PlainTextResponse, Response

from regiohub.errors import DomainError, InvalidInput
from regiohub.graphql.answer import Answer, shown_domain
from regiohub.graphql.execute import run
from regiohub.texts import t
from regiohub.web.request import TENANT, caller, language_of, wants_html

from .graphiql import page
from .service import BadRequest, GraphQLService, read_request

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
_JSON = re.compile(r"application/(graphql\+)?json(\s*;\s*charset=\"?utf-?8\"?)?\s*", re.IGNORECASE)


class WrongMediaType(InvalidInput):
    """The body is not JSON. Forms are refused also because browsers send them across origins without asking."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415


class NotHere(InvalidInput):
    """Operations go by POST."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


class GraphQLEndpoint:
    """The endpoint of towns and region."""

    def __init__(self, service: GraphQLService) -> None:
        self._service = service

    async def __call__(self, request: HTTPRequest) -> Response:
        """Answer one request; what goes wrong becomes a GraphQL error with a fitting status."""
        try:
            if request.method == "GET":
                if wants_html(request.scope):
                    return page(request)
                raise NotHere(t("Bitte mit POST senden.", "Please send it by POST."), allow="POST")
            return await self._execute(request)
        except DomainError as error:
            answer = Answer(None, [shown_domain(error, language_of(request))], executed=False)
            headers = {"Allow": "POST"} if error.status == 405 else {}
            if error.status == 401:
                headers["WWW-Authenticate"] = "Bearer"
            return Response(answer.dump(), error.status, headers, _media_type(request))

    async def _execute(self, request: HTTPRequest) -> Response:
        if not _JSON.fullmatch(request.headers.get("content-type", "")):
            raise WrongMediaType(t("Der Inhalt muss application/json sein.", "The body must be application/json."))
        try:
            content = orjson.loads(await request.body())
        except orjson.JSONDecodeError as error:
            raise BadRequest(t("Das ist kein JSON.", "This is not JSON.")) from error
        operation = read_request(content)
        service = self._service
        await service.settle()
        principal = await caller(request)
        composed = service.schema_of(request.scope.get(TENANT))
        answer = await run(composed, operation, service.source(request, principal), service.terms(request))
        media_type = _media_type(request)
        # Clients of the older media type expect 200 for every well-formed request.
        status = 400 if not answer.executed and media_type == RESPONSE else 200
        return Response(answer.dump(), status, {"Cache-Control": "no-store"}, media_type)


class SchemaText:
    """The schema in the definition language, as the town's plugins make it."""

    def __init__(self, service: GraphQLService) -> None:
        self._service = service

    async def __call__(self, request: HTTPRequest) -> Response:
        """Plain text; public, like the schema itself."""
        await self._service.settle()
        tenant = request.scope.get(TENANT)
        if tenant is None and not request.url.path.startswith("/region/"):
            raise HTTPException(404)
        return PlainTextResponse(self._service.schema_of(tenant).sdl)


def _media_type(request: HTTPRequest) -> str:
    return RESPONSE if RESPONSE in request.headers.get("accept", "") else JSON
