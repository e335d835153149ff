"""GraphQL over HTTP: operations by POST with JSON; registered queries also by GET, with entity tags."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from graphql import OperationType

from regiohub.auth.principal import Principal, PrincipalKind
from regiohub.auth.resolver import bearer_token
from regiohub.errors import DomainError, InvalidInput
from regiohub.graphql import explain
from regiohub.graphql.answer import Answer, shown_domain
from regiohub.graphql.cache.responses import ResponseCache
from regiohub.graphql.cache.shelf import Kept, entity_tag
from regiohub.graphql.execute import Request, prepare
from regiohub.graphql.sampling import sampler_of
from regiohub.texts import t
from regiohub.web.errors.problem import problem_of
from regiohub.web.state import WebState

from .call import NO_STORE, RESPONSE, Call, Reply
from .counting import Counts
from .reading import Asked, parse_json, read, read_address
from .service import DocumentUnknown, GraphQLService

_JSON = re.compile(r"application/(graphql\+)?json(\s*;\s*charset=\"?utf-?8\"?)?\s*", re.IGNORECASE)
_VARY = (b"vary", b"Accept, Accept-Language, Authorization")
_ATTEMPTS = 3
"""How often an operation starts anew because the platform was switched meanwhile, before it runs without the cache."""


class WrongMediaType(InvalidInput):
    """The body is not JSON. Forms are refused also because browsers send them across origins without asking."""

    code = "UNSUPPORTED_MEDIA_TYPE"
    status = 415


class NotHere(InvalidInput):
    """Operations go by POST."""

    code = "METHOD_NOT_ALLOWED"
    status = 405


@dataclass(frozen=True, slots=True)
class _Result:
    """What came out. `shared`: whether others with the same rights get the same. `kept`: the entry it came from."""

    body: bytes
    status: int
    faulty: bool = True
    shared: bool = False
    kept: Kept | None = None


class GraphQLEndpoint:
    """The endpoint of towns and region."""

    def __init__(self, service: GraphQLService, state: WebState) -> None:
        self._service = service
        self._state = state
        self._cache = ResponseCache(service.platform)
        self._counts = Counts(state.metrics.registry, self._cache.shelf)
        self._sampler = sampler_of(service.platform, state.metrics.compared)

    async def answer(self, call: Call) -> Reply:
        """Answer one request; what goes wrong becomes a GraphQL error with a fitting status."""
        try:
            return await self._execute(call)
        except DomainError as error:
            answer = Answer(None, [shown_domain(error, call.locale)], executed=False)
            more = {"Allow": "POST"} if error.status == 405 else problem_of(error).headers
            headers = ((name.lower().encode(), value.encode()) for name, value in more.items())
            return Reply(_status(error, call), answer.dump(), call.media_type, (NO_STORE, *headers))

    async def _execute(self, call: Call) -> Reply:
        # Before anything is read: what is too much costs nothing.
        self._state.limiter.check("graphql", call.tenant.slug if call.tenant else "", call.client)
        by_address = call.method == "GET"
        if by_address:
            asked = read_address(call.query_string)
            if asked.document_id is None or asked.query is not None:
                words = t("Mit GET laufen nur registrierte Abfragen.", "GET is for registered queries only.")
                raise NotHere(words)
        else:
            if not _is_json(call.header(b"content-type")):
                words = t("Der Inhalt muss application/json sein.", "The body must be application/json.")
                raise WrongMediaType(words)
            asked = read(parse_json(call.body))
        service, tenant = self._service, call.tenant
        await service.settle()
        authorization = call.headers.get(b"authorization")
        token = None if authorization is None else bearer_token(authorization.decode("latin-1"))
        principal = await self._state.resolver.resolve(token, tenant.slug if tenant else None)
        request = await self._request(call, asked)
        if explain.wanted(call.header(explain.HEADER), principal):
            # An answer from the cache has no plan, and one that explains itself is for nobody else.
            result = await self._run(call, request, principal, explained=True)
        else:
            result = await self._result(call, request, principal)
        if not by_address:
            return Reply(result.status, result.body, call.media_type)
        return _conditional(call, result, principal)

    async def _request(self, call: Call, asked: Asked) -> Request:
        by_id = asked.document_id is not None and asked.query is None
        try:
            request = await self._service.request(call.tenant, asked)
        except DocumentUnknown:
            self._counts.persisted(known=False)
            raise
        if by_id:
            self._counts.persisted(known=True)
        return request

    async def _result(self, call: Call, request: Request, principal: Principal) -> _Result:
        """From the cache if it is there and true, otherwise by running it."""
        tenant, cache = call.tenant, self._cache
        for _ in range(_ATTEMPTS):
            key = cache.key(tenant, request, principal, call.locale)
            kept = None if key is None else cache.kept(key)
            if key is None or kept is None or tenant is None:
                break
            look = await cache.look(tenant, key)
            if look is not None and cache.is_true(kept, look):
                self._counts.cached("hit")
                self._counts.way("cache")
                return _Result(kept.body, 200, faulty=False, shared=True, kept=kept)
            if look is not None:
                break
        return await self._run(call, request, principal)

    async def _run(self, call: Call, request: Request, principal: Principal, *, explained: bool = False) -> _Result:
        service, cache, tenant = self._service, self._cache, call.tenant
        source = service.source(tenant, principal, call.locale)
        terms = service.terms(tenant, self._state.limiter, principal, call.client, call.request_id)
        # Before the schema is chosen: a key of older switches than the answer's is of no use to anybody, the
        # other way round it would be a lie.
        key = None if explained else cache.key(tenant, request, principal, call.locale)
        prepared = prepare(service.schema_of(tenant), request, source, terms)
        if isinstance(prepared, Answer):
            self._counts.way("refused")
            return _Result(prepared.dump(), _not_run(call))
        if call.method == "GET" and prepared.operation.operation is not OperationType.QUERY:
            raise NotHere(t("Änderungen gehen nur mit POST.", "Changes go by POST only."))
        look = None
        if key is not None and tenant is not None and cache.may_keep(prepared.plan):
            # First the counters, then the rows: what is written in between makes the entry old at once, never false.
            look = await cache.look(tenant, key)
        answer = await explain.answer(prepared, wanted=explained)
        self._sampler.offer(prepared, answer)
        self._counts.answered(answer)
        body = answer.dump()
        good = answer.executed and not answer.errors
        shared = good and not explained and cache.may_keep(answer.plan)
        if shared and key is not None and look is not None and answer.plan is not None:
            cache.keep(key, look, answer.plan, body)
            self._counts.cached("kept")
        else:
            self._counts.cached("passed")
        return _Result(body, 200 if answer.executed else _not_run(call), faulty=not good, shared=shared)


def _conditional(call: Call, result: _Result, principal: Principal) -> Reply:
    """The answer to a GET: what may be kept by whom, and nothing but the headers for one that is known already."""
    anonymous = principal.kind is PrincipalKind.ANONYMOUS
    if result.faulty or not (anonymous or result.shared):
        return Reply(result.status, result.body, call.media_type, ((b"cache-control", b"private, no-store"), _VARY))
    media_type = call.media_type
    tag = result.kept.tag(media_type) if result.kept else entity_tag(result.body, media_type)
    # Rights are part of an answer to somebody with a token: no proxy may hand it to others.
    allowed = b"no-cache" if anonymous else b"private, no-cache"
    headers = ((b"cache-control", allowed), (b"etag", tag), _VARY)
    if _knows(call.header(b"if-none-match"), tag.decode()):
        return Reply(304, b"", media_type, headers)
    return Reply(200, result.body, media_type, headers)


def _knows(header: str, tag: str) -> bool:
    """Whether If-None-Match (RFC 9110, 13.1.2) names the tag; it compares weakly."""
    return header.strip() == "*" or tag in [part.strip().removeprefix("W/") for part in header.split(",")]


def _not_run(call: Call) -> int:
    # Clients of the older media type expect 200 for every well-formed request.
    return 400 if call.media_type == RESPONSE else 200


def _status(error: DomainError, call: Call) -> int:
    return _not_run(call) if error.code == "PERSISTED_QUERY_NOT_FOUND" else error.status


@lru_cache(maxsize=64)
def _is_json(content_type: str) -> bool:
    return _JSON.fullmatch(content_type) is not None
