"""Walls of older tables in the present wording: what a policy lets through stays the same, what it costs does not."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.migrations.guards import READERS

_OLDER = sa.text(
    "SELECT tablename FROM pg_policies WHERE schemaname = current_schema() AND policyname = 'region_reads'"
    " AND qual NOT LIKE '%SELECT%' ORDER BY 1"
)


def older_walls(connection: Connection) -> list[str]:
    """Tables whose policy for readers of several towns takes the list of towns apart for each row. None on SQLite."""
    return list(connection.execute(_OLDER).scalars()) if connection.dialect.name == "postgresql" else []


def renew_walls(connection: Connection, tables: Collection[str]) -> None:
    """Give these tables the policy as it is written for new ones."""
    for table in tables:
        quoted = connection.dialect.identifier_preparer.quote(table)
        connection.exec_driver_sql(f"ALTER POLICY region_reads ON {quoted} USING ({READERS})")
