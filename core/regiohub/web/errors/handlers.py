"""Exception handlers of the application, mounted plugin routes included."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from regiohub.errors import DomainError
from regiohub.texts import Text, t

from .problem import Problem, problem_for_status, problem_of, respond

_REASONS: dict[str, Text] = {
    "missing": t("fehlt", "is missing"),
    "int_parsing": t("ist keine ganze Zahl", "is not a whole number"),
    "float_parsing": t("ist keine Zahl", "is not a number"),
    "bool_parsing": t("ist weder wahr noch falsch", "is neither true nor false"),
    "uuid_parsing": t("ist keine gültige Kennung", "is not a valid identifier"),
    "datetime_parsing": t("ist kein gültiger Zeitpunkt", "is not a valid point in time"),
    "date_from_datetime_parsing": t("ist kein gültiges Datum", "is not a valid date"),
    "extra_forbidden": t("ist hier unbekannt", "is not known here"),
}
_OTHER = t("ist ungültig", "is not valid")


def install_handlers(app: FastAPI) -> None:
    """Makes every error of a route an answer in the common form."""
    app.add_exception_handler(DomainError, _domain)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)


async def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return respond(request.scope, problem_of(error))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    problem = problem_for_status(error.status_code, error.headers)
    return respond(request.scope, problem)


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults: list[dict[str, Any]] = list(error.errors())
    if any(fault["type"] == "json_invalid" for fault in faults):
        words = t("Die Anfrage ist kein gültiges JSON.", "The request is not valid JSON.")
        return respond(request.scope, Problem(400, "INVALID_JSON", words))
    named = [(_field(fault), fault) for fault in faults]
    message = t(
        "Die Eingabe ist ungültig: " + "; ".join(f"{name} {_reason(fault).de}" for name, fault in named) + ".",
        "The input is not valid: " + "; ".join(f"{name} {_reason(fault).en}" for name, fault in named) + ".",
    )
    # What the caller sent is not repeated: it may be long, and it may be somebody's data.
    listed = [{"field": name, "reason": fault["type"], "message": fault["msg"]} for name, fault in named]
    first = named[0][0] if named else None
    return respond(request.scope, Problem(422, "INVALID_INPUT", message, first, {"errors": listed}))


def _field(fault: dict[str, Any]) -> str:
    # The first element only says where the value stood: body, query, path or header.
    return ".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0])


def _reason(fault: dict[str, Any]) -> Text:
    return _REASONS.get(fault["type"], _OTHER)
