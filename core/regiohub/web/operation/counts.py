"""Figures of the database for the metrics: cheap enough to be asked for every few seconds."""

from typing import Any

import sqlalchemy as sa

from regiohub.events.models import EntryState, OutboxEntry
from regiohub.platform import Platform

_POSTGRESQL = sa.text(
    "SELECT c.relname, greatest(c.reltuples, 0)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'p') AND n.nspname = current_schema() AND c.relname NOT LIKE '%alembic_version' "
    "AND c.relname <> 'spatial_ref_sys'"
)
_SQLITE = sa.text(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' "
    "AND sql NOT LIKE '%WITHOUT ROWID%' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '%alembic_version'"
)


async def unfinished_entries(platform: Platform) -> dict[tuple[str, str], int]:
    """Outbox entries that are not done, by town and state."""
    towns = {town.id: town.slug for town in platform.tenants.all()}
    if not towns:
        return {}
    counted = (
        sa.select(OutboxEntry.tenant_id, OutboxEntry.state, sa.func.count())
        .where(OutboxEntry.state != EntryState.DONE)
        .group_by(OutboxEntry.tenant_id, OutboxEntry.state)
    )
    async with platform.database.read_across(list(towns), reason="metrics") as session:
        rows: Any = await session.execute(counted)
        return {(towns[tenant], str(state)): count for tenant, state, count in rows}


async def table_rows(platform: Platform) -> dict[str, int]:
    """Rows of each table, estimated: counting a table of measured values would take longer than a scrape may."""
    if platform.database.dialect == "postgresql":
        async with platform.database.reading.connect() as connection:
            return {row[0]: row[1] for row in await connection.execute(_POSTGRESQL)}
    # Serving connections refuse statements without a town, and rightly: this one reads no row, but of all towns.
    engine = platform.database.migrating()
    try:
        async with engine.connect() as connection:
            # Without a transaction: a scrape must not wait for whoever writes, nor hold him up.
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            rows: dict[str, int] = {}
            for (name,) in (await connection.execute(_SQLITE)).all():
                quoted = connection.dialect.identifier_preparer.quote(name)
                # The highest row number is an upper bound and found at once; the name comes from the database itself.
                rows[name] = await connection.scalar(sa.text(f"SELECT max(rowid) FROM {quoted}")) or 0  # noqa: S608
            return rows
    finally:
        await engine.dispose()
