"""Proof that a request to change something comes from a page of ours.

Two independent checks, both of which must hold: the browser says that the request is of the same origin, and the page
knew the token of the session.
"""

import hmac
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from regiohub.errors import Forbidden
from regiohub.texts import t

from .session import ConsoleSession

FIELD: Final = "csrf"
"""Name of the form field."""
HEADER: Final = "x-csrf-token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class CsrfRefused(Forbidden):
    """The request did not provably come from a page of this platform."""

    code = "CSRF"


def check_csrf(request: HTTPConnection, session: ConsoleSession, form: Mapping[str, Any] | None = None) -> None:
    """Raises ``CsrfRefused`` unless the request is of the same origin and holds the session's token.

    ``form`` are the fields of the body, if there is one; scripts may send the header ``x-csrf-token`` instead.
    """
    given = request.headers.get(HEADER) or (form or {}).get(FIELD)
    matches = isinstance(given, str) and hmac.compare_digest(given.encode(errors="replace"), session.csrf.encode())
    if not same_origin(request) or not matches:
        raise CsrfRefused(
            t(
                "Die Anfrage kam nicht nachweislich von dieser Seite. Bitte die Seite neu laden und es noch einmal "
                "versuchen.",
                "The request did not provably come from this page. Please reload the page and try again.",
            )
        )


def same_origin(request: HTTPConnection) -> bool:
    """Whether the browser says so: by ``Sec-Fetch-Site``, otherwise by ``Origin``. Neither of them means no."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = urlsplit(request.headers.get("origin", ""))
    return bool(origin.netloc) and origin.netloc == request.headers.get("host")
