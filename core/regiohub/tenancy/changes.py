"""Which towns have changed: said by whoever changes one, read by every process that keeps them in memory."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from regiohub.db.session import TenantSession
from regiohub.db.versions import EVERYWHERE, SHARDS, DataVersion
from regiohub.tenancy.models import PlatformState

MARK: Final = "platform_town"
"""Name of the rows that say which town a number of the platform's state changed."""


async def touch(session: TenantSession, *towns: int) -> None:
    """Raise the platform's version in a writing session, so that every process reads the towns that changed.

    `towns`: their ids; without any it is the session's town, and in a session without one all towns are read again.
    """
    changed = towns or ((session.scope.tenant,) if session.scope.tenant is not None else (EVERYWHERE,))
    insert = postgresql.insert if session.dialect == "postgresql" else sqlite.insert
    for town in changed:
        raised = sa.update(PlatformState).values(version=PlatformState.version + 1).returning(PlatformState.version)
        version = (await session.execute(raised)).scalar_one()
        # A few places for each town, so that a process that looks a little later finds a mark for each number.
        mark = {"town": town, "name": MARK, "shard": version % SHARDS, "version": version}
        statement = insert(DataVersion).values(mark)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["town", "name", "shard"], set_={"version": statement.excluded.version}
            )
        )


async def changed_towns(session: TenantSession, known: int, version: int) -> frozenset[int] | None:
    """Ids of the towns that changed after the state `known`, up to `version`.

    None where that is not certain for each number in between, or where all are meant: then all are to be read.
    """
    if not 0 <= known < version:
        return None
    marks = sa.select(DataVersion.town, DataVersion.version).where(
        DataVersion.name == MARK, DataVersion.version > known, DataVersion.version <= version
    )
    rows = (await session.execute(marks)).all()
    towns = frozenset(town for town, _ in rows)
    if EVERYWHERE in towns or len({number for _, number in rows}) != version - known:
        return None
    return towns
