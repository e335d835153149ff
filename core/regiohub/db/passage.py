"""A way from a town's transaction to the platform's own tables, for the few works that change both or neither.

No town's session writes there: the walls see to that. Whoever brings a town or erases a person writes rows of the town
and of the platform, which must come into force together. The wall stays up for every statement before and after.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from regiohub.db import postgresql, sqlite, versions
from regiohub.db.guards import CLOCK
from regiohub.db.scope import Scope
from regiohub.db.session import TenantSession


@asynccontextmanager
async def as_platform(session: TenantSession) -> AsyncGenerator[TenantSession]:
    """A session of the platform in the transaction of a town's session, which goes on afterwards.

    It reads only where that one reads only. What it changes is committed or rolled back with the town's transaction.
    It is no part of any API: plugins work in their town.
    """
    await session.flush()
    scope, clock = Scope(write=session.scope.write), session.sync_session.info[CLOCK]
    connection = await session.connection()
    written = connection.sync_connection.info.get(versions.WRITTEN) if connection.sync_connection else None
    try:
        async with TenantSession(connection, scope, clock) as platform:
            yield platform
            await platform.flush()
            platform.expunge_all()
    finally:
        # After a failed statement PostgreSQL takes none in this transaction any more, this one neither.
        with suppress(DBAPIError):
            await connection.run_sync(_back, session.scope, written)


def _back(connection: Connection, scope: Scope, written: versions.Written | None) -> None:
    """The town's again: whose rows may be touched, and what it has written so far."""
    if written is not None:
        connection.info[versions.WRITTEN] = written
    if connection.dialect.name == "postgresql":
        postgresql.announce(connection, scope)
    else:
        sqlite.announce(connection, scope)
