"""What plugin routes need: a unit of work or a scope of the request's town, and limits for callers.

Kept apart from `regiohub.api`, so that a plugin without routes loads nothing of the web.
"""

from regiohub.web.dependencies import (
    ingest_limit,
    public_limit,
    read_ctx,
    search_limit,
    tenant_scope,
    town_scope,
    write_ctx,
)
from regiohub.web.pages.public import public_page
from regiohub.web.request import client_of, language_of, tenant_of

__all__ = [
    "client_of",
    "ingest_limit",
    "language_of",
    "public_limit",
    "public_page",
    "read_ctx",
    "search_limit",
    "tenant_of",
    "tenant_scope",
    "town_scope",
    "write_ctx",
]
