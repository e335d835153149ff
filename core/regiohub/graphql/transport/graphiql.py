"""GraphiQL in the browser, from our own files only."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import orjson
from jinja2 import Environment, Template
from starlette.requests import Request
from starlette.responses import HTMLResponse

from regiohub.web.request import TENANT

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; worker-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""As for all pages, except that the editor sets styles and starts workers."""

_TOWN = """# The town's API. Ctrl+Space completes, the book on the left explains every field.
{
  tenant { name }
  plugins { id title }
  measures(first: 5) { nodes { title plugins } }
}
"""
_REGION = """# All towns, and what they share with the region.
{
  tenants { slug name }
  programmes { programme towns { name } measures { title } }
}
"""


def page(request: Request) -> HTMLResponse:
    """The page for the endpoint of this request."""
    tenant = request.scope.get(TENANT)
    html = _template().render(
        title=tenant.short_name if tenant else "Region",
        endpoint=request.url.path,
        default_query=_TOWN if tenant else _REGION,
        default_headers=orjson.dumps({"Authorization": ""}).decode(),
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": POLICY})


@lru_cache(maxsize=1)
def _template() -> Template:
    text = files("regiohub.web").joinpath("templates/graphiql.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(text)
