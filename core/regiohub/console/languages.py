"""The language of the console: chosen once, kept in a cookie."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from regiohub.texts import Language
from regiohub.web.request import language_of

COOKIE: Final = "regiohub-lang"
_YEAR: Final = 31_536_000


def chosen_language(request: Request) -> Language:
    """The address says it (``?lang=``), else the cookie, else the browser."""
    kept = request.cookies.get(COOKIE)
    if "lang" not in request.query_params and kept in ("de", "en"):
        return "en" if kept == "en" else "de"
    return language_of(request)


def keep_language(request: Request, response: Response, *, secure: bool) -> None:
    """Remember a choice made in the address."""
    if request.query_params.get("lang") in ("de", "en"):
        response.set_cookie(
            COOKIE, request.query_params["lang"], max_age=_YEAR, path="/", secure=secure, httponly=True, samesite="lax"
        )
