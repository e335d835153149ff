"""One fault in the form that all answers share."""

import dataclasses
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import orjson
from sqlalchemy.exc import DBAPIError
from starlette.responses import Response
from starlette.types import Scope

from regiohub.db.outages import outage_of
from regiohub.errors import DomainError
from regiohub.texts import Text
from regiohub.web.request import REQUEST_ID, language, wants_html

from .page import error_page
from .words import words_for

MEDIA_TYPE = "application/problem+json"
_UNSTORABLE = frozenset({"22021", "22P05"})
"""SQL states character_not_in_repertoire and untranslatable_character."""


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """A fault: HTTP status, stable code, words, the field it is about, and facts for the caller."""

    status: int
    code: str
    message: Text
    field: str | None = None
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])


def problem_of(error: DomainError) -> Problem:
    """A domain error as a problem, with the headers that HTTP expects of its status."""
    headers: dict[str, str] = {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        invalid = error.code in ("INVALID_TOKEN", "TOKEN_EXPIRED")
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token"' if invalid else "Bearer"
    if "retry_after" in error.details:
        headers["Retry-After"] = str(error.details["retry_after"])
    return Problem(error.status, error.code, error.message, error.field, error.details, headers)


def problem_for_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """The problem that a bare HTTP status stands for."""
    code, message = words_for(status)
    return Problem(status, code, message, headers=headers or {})


def problem_of_fault(error: Exception) -> Problem:
    """The problem of an error that nobody foresaw.

    503 if the database is overrun or gone, 507 if it or a disk is full, 422 for characters that it cannot hold (NUL),
    otherwise 500.
    """
    if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _UNSTORABLE:
        return problem_for_status(HTTPStatus.UNPROCESSABLE_ENTITY)
    outage = outage_of(error)
    return problem_of(outage) if outage else problem_for_status(HTTPStatus.INTERNAL_SERVER_ERROR)


def respond(scope: Scope, problem: Problem) -> Response:
    """The answer to this request: a page if a browser asks, otherwise problem+json."""
    spoken = language(scope)
    headers = {
        **problem.headers,
        "Cache-Control": "no-store",
        "Content-Language": spoken,
        "Vary": "Accept, Accept-Language",
    }
    if wants_html(scope):
        return Response(error_page(scope, problem, spoken), problem.status, headers, "text/html")
    body: dict[str, Any] = {
        **problem.details,
        "type": "about:blank",
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.message.get(spoken),
        "code": problem.code,
        "request_id": scope.get(REQUEST_ID),
    }
    if problem.field is not None:
        body["field"] = problem.field
    return Response(
        orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS), problem.status, headers, MEDIA_TYPE
    )
