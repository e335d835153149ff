"""The page that a browser shows for a fault."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.types import Scope

from regiohub.texts import Language, t
from regiohub.web.pages.render import render
from regiohub.web.request import FRAME, REQUEST_ID

if TYPE_CHECKING:
    from .problem import Problem

Frame = Callable[..., str]
"""Draws a fault from the same words as the general page."""

_TITLES = {
    401: t("Anmeldung nötig", "Sign-in needed"),
    403: t("Kein Zugang", "No access"),
    404: t("Nicht gefunden", "Not found"),
    405: t("Das geht hier nicht", "This does not work here"),
    429: t("Zu viele Anfragen", "Too many requests"),
    500: t("Fehler auf unserer Seite", "A fault on our side"),
    503: t("Gerade nicht erreichbar", "Not available at the moment"),
    507: t("Kein Platz mehr", "No room left"),
}
_OTHER = t("Das ging nicht", "That did not work")


def error_page(scope: Scope, problem: "Problem", spoken: Language) -> str:
    """The fault in words, with near names where an address was mistyped, and the request's id for questions.

    Pages of the console keep their frame: the reader stays where he was.
    """
    frame: Frame | None = scope.get(FRAME)
    return (frame or partial(render, scope, "error.html"))(
        title=_TITLES.get(problem.status, _OTHER).get(spoken),
        message=problem.message.get(spoken),
        near=[str(name) for name in problem.details.get("near", ())],
        status=f"{problem.status} {HTTPStatus(problem.status).phrase}",
        code=problem.code,
        request_id=scope.get(REQUEST_ID),
    )
