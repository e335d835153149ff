"""The answer to an operation: data, and errors in words that help without telling how the platform works inside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from graphql import GraphQLError

from regiohub.db.outages import outage_of
from regiohub.errors import DomainError
from regiohub.events.faults import describe
from regiohub.texts import Language, t

from .authoring.errors import TOP_LEVEL

if TYPE_CHECKING:
    from .plans.plan import Plan

log = structlog.get_logger()

_INTERNAL = t(
    "Das ist an einem Fehler der Plattform gescheitert. Nummer der Anfrage: {request_id}",
    "This failed because of a fault of the platform. Number of the request: {request_id}",
)
_SHOWN = 50
"""Errors in one answer: more help nobody."""


class Answer:
    """What goes back to the caller. `executed`: whether the operation got as far as running.

    `written`: the data as JSON already, by `plan`. `extensions`: what is said about the answer beside it.
    """

    __slots__ = ("_data", "errors", "executed", "extensions", "plan", "written")

    def __init__(
        self,
        data: Any = None,
        errors: list[dict[str, Any]] | None = None,
        *,
        executed: bool = True,
        written: bytes | None = None,
        plan: Plan | None = None,
    ) -> None:
        self._data = data
        self.errors = errors if errors is not None else []
        self.executed = executed
        self.written = written
        self.plan = plan
        self.extensions: dict[str, Any] | None = None

    @property
    def data(self) -> Any:
        """The data as Python values."""
        return self._data if self.written is None else orjson.loads(self.written)

    def body(self) -> dict[str, Any]:
        """The response as the GraphQL specification lays it out."""
        content: dict[str, Any] = {}
        if self.errors:
            content["errors"] = self.errors
        if self.executed:
            content["data"] = self.data
        if self.extensions:
            content["extensions"] = self.extensions
        return content

    def dump(self) -> bytes:
        """The response as JSON; what the database wrote goes out as it came."""
        if self.written is None:
            return orjson.dumps(self.body())
        if not self.extensions:
            return b'{"data":' + self.written + b"}"
        return b'{"data":' + self.written + b',"extensions":' + orjson.dumps(self.extensions) + b"}"


def all_shown(errors: Sequence[GraphQLError], locale: Language, request_id: str) -> list[dict[str, Any]]:
    """The errors of an answer: a field refused in each row of a list is reported once."""
    entries: list[dict[str, Any]] = []
    seen: set[tuple[Any, ...]] = set()
    for error in errors:
        if isinstance(error.original_error, TOP_LEVEL):
            place = (error.original_error.code, *(part for part in error.path or () if isinstance(part, str)))
            if place in seen:
                continue
            seen.add(place)
        if len(entries) < _SHOWN:
            entries.append(shown(error, locale, request_id))
    return entries


def refused(errors: list[GraphQLError], locale: Language, request_id: str) -> Answer:
    """The answer to an operation that did not run."""
    return Answer(None, all_shown(errors, locale, request_id), executed=False)


def shown(error: GraphQLError, locale: Language, request_id: str) -> dict[str, Any]:
    """An error as the caller sees it: faults of the program only as a number, which the log has too."""
    path, places, cause = error.path, error.locations, error.original_error
    while isinstance(cause, GraphQLError):
        # What a scalar raises knows no place; the error around it does.
        error, cause = cause, cause.original_error
        path, places = error.path or path, error.locations or places
    formatted: dict[str, Any] = {"message": error.message}
    if places:
        formatted["locations"] = [{"line": place.line, "column": place.column} for place in places]
    if path:
        formatted["path"] = path
    outage = None if isinstance(cause, DomainError) else outage_of(cause)
    if cause is not None and outage is not None:
        log.error("storage_outage", path=error.path, request_id=request_id, code=outage.code, error=describe(cause))
        cause = outage
    if isinstance(cause, DomainError):
        formatted["message"] = cause.message.get(locale)
        formatted["extensions"] = {
            "code": cause.code,
            **({"field": cause.field} if cause.field else {}),
            **_json(cause),
        }
    elif cause is not None:
        log.error("resolver failed", path=error.path, request_id=request_id, exc_info=cause)
        formatted["message"] = _INTERNAL.format(request_id=request_id).get(locale)
        formatted["extensions"] = {"code": "INTERNAL", "requestId": request_id}
    else:
        formatted["extensions"] = {"code": "BAD_OPERATION", **(error.extensions or {})}
    return formatted


def shown_domain(error: DomainError, locale: Language) -> dict[str, Any]:
    """A domain error that concerns the request as a whole."""
    field = {"field": error.field} if error.field else {}
    return {"message": error.message.get(locale), "extensions": {"code": error.code, **field, **_json(error)}}


def _json(error: DomainError) -> dict[str, Any]:
    plain = (str, int, float, bool, type(None))
    return {name: value for name, value in error.details.items() if isinstance(value, plain)}
