"""A page for residents from a plugin's public route, in the frame of the town's own pages."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from regiohub.web.request import language_of

from .render import render

PRIVATE: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
"""For pages behind a secret address: no copy of them and no trace of the address anywhere."""


def public_page(
    request: Request, package: str, template: str, *, status: int = 200, private: bool = False, **context: Any
) -> HTMLResponse:
    """A page in the reader's language. The template extends ``base.html`` and fills its blocks ``title`` and ``main``.

    ``package``: importable package with a folder ``templates``. Templates say ``tr(german, english)``, ``lang``,
    ``town`` and ``at.town(town, path)``. ``private``: for one-time links; nobody keeps the page or tells its address.
    """
    html = render(request.scope, template, package=package, **context)
    headers = {"Content-Language": language_of(request), "Vary": "Accept-Language", "Cache-Control": "no-cache"}
    return HTMLResponse(html, status, headers=headers | (PRIVATE if private else {}))
