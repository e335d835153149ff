"""The two cookies of sign-in."""

from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION: Final = "__Host-regiohub"
"""Opens a session. The prefix has the browser insist on Secure, on Path=/ and on this very host.

Browsers count http on a loopback address as secure; Safari does not, and needs https for development too.
"""
ATTEMPT: Final = "__Host-regiohub-login"
"""Sign-ins under way in this browser, sealed."""


def put(response: Response, name: str, value: str, *, max_age: int | None = None) -> None:
    """Sets a cookie that scripts cannot read; without ``max_age`` it goes with the browser."""
    # Lax and not Strict: the answer of the login server is a navigation that comes from another site.
    response.set_cookie(name, value, max_age=max_age, path="/", secure=True, httponly=True, samesite="lax")


def drop(response: Response, name: str) -> None:
    """Has the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def value_of(request: HTTPConnection, name: str) -> str | None:
    """The value of a cookie, ``None`` without one."""
    return request.cookies.get(name) or None
