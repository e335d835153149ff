"""PostgreSQL: the transaction-local settings that row level security reads, and the roles' names."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.engine import Connection

from regiohub.db.scope import Scope, towns_text

OWNER_ROLE = "regiohub_owner"
"""Owns the tables and runs migrations."""
APP_ROLE = "regiohub_app"
"""Serves: no superuser, no BYPASSRLS, owns nothing."""

SEARCH_PATH = "public, pg_temp"
"""Of serving connections. A temporary table must never stand before a table of its name: connections are shared."""
_ANNOUNCE = sa.text(
    "SELECT set_config('app.tenant', :tenant, true), set_config('app.read_tenants', :readable, true),"
    " set_config('transaction_read_only', :read_only, true)"
)
ANNOUNCEMENT = str(_ANNOUNCE.compile(dialect=asyncpg.dialect()))
"""As the driver gets it."""


def announce(connection: Connection, scope: Scope) -> None:
    """One round trip: whose rows this transaction may touch, and whether it may write."""
    connection.execute(
        _ANNOUNCE,
        {
            "tenant": "" if scope.tenant is None else str(scope.tenant),
            "readable": towns_text(scope.readable),
            "read_only": "off" if scope.write else "on",
        },
    )
