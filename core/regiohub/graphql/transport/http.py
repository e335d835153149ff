"""GraphQL over HTTP: POST with JSON."""

from __future__ import annotations

import re
from functools import lru_cache

import orjson

from regiohub.auth.resolver import bearer_token
from regiohub.errors import DomainError, InvalidInput
from regiohub.graphql.answer import Answer, shown_domain
from regiohub.graphql.execute import run
from regiohub.texts import t
from regiohub.web.errors.problem import problem_of
from regiohub.web.state import WebState

from .call import NO_STORE, RESPONSE, Call, Reply
from .service import BadRequest, GraphQLService, read_request

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

    def __init__(self, service: GraphQLService, state: WebState) -> None:
        self._service = service
        self._state = state

    async def answer(self, call: Call) -> Reply:
        """Answer one request; what goes wrong becomes a GraphQL error with a fitting status."""
        try:
            return await self._execute(call)
        except DomainError as error:
            answer = Answer(None, [shown_domain(error, call.locale)], executed=False)
            more = {"Allow": "POST"} if error.status == 405 else problem_of(error).headers
            headers = ((name.lower().encode(), value.encode()) for name, value in more.items())
            return Reply(error.status, answer.dump(), call.media_type, (NO_STORE, *headers))

    async def _execute(self, call: Call) -> Reply:
        if not _is_json(call.header(b"content-type")):
            raise WrongMediaType(t("Der Inhalt muss application/json sein.", "The body must be application/json."))
        try:
            content = orjson.loads(call.body)
        except orjson.JSONDecodeError as error:
            raise BadRequest(t("Das ist kein JSON.", "This is not JSON.")) from error
        operation = read_request(content)
        service, tenant = self._service, call.tenant
        await service.settle()
        authorization = call.headers.get(b"authorization")
        token = None if authorization is None else bearer_token(authorization.decode("latin-1"))
        principal = await self._state.resolver.resolve(token, tenant.slug if tenant else None)
        source = service.source(tenant, principal, call.locale)
        terms = service.terms(tenant, self._state.limiter, call.client, call.request_id)
        answer = await run(service.schema_of(tenant), operation, source, terms)
        media_type = call.media_type
        # Clients of the older media type expect 200 for every well-formed request.
        status = 400 if not answer.executed and media_type == RESPONSE else 200
        return Reply(status, answer.dump(), media_type)


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    return _JSON.fullmatch(content_type) is not None
