"""What ``regiohub doctor`` asks the database: reachable, migrated and, on PostgreSQL, walled in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from .examination import Finding

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from regiohub.platform import Platform

_ROLE = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
_OWNED = "SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = current_schema()"
_OPEN = """
SELECT c.relname FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity
     OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY c.relname
"""

_SAFE = ("fsync", "full_page_writes", "synchronous_commit")

Check = Callable[["Platform"], Awaitable[list[Finding]]]


def database_checks(platform: Platform) -> Sequence[Check]:
    """The checks that fit the platform's database."""
    if platform.database.dialect == "postgresql":
        return (_reachable, _migrated, _walls, _keeps, _clock)
    return (_reachable, _migrated)


async def _reachable(platform: Platform) -> list[Finding]:
    """Database: answers."""
    async with platform.database.reading.connect() as connection:
        if platform.database.dialect == "postgresql":
            server = await connection.scalar(sa.text("SHOW server_version"))
            postgis = await connection.scalar(sa.text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'"))
            if postgis is None:
                text = f"PostgreSQL {server} without PostGIS"
                return [Finding("Database", "error", text, "Run: regiohub db bootstrap")]
            return [Finding("Database", "ok", f"PostgreSQL {server}, PostGIS {postgis}")]
        library = await connection.scalar(sa.text("SELECT sqlite_version()"))
        return [Finding("Database", "ok", f"embedded SQLite {library}")]


async def _migrated(platform: Platform) -> list[Finding]:
    """Migrations: up to date."""
    from regiohub.db.migrate import status

    states = await status(platform.database, platform.migrations)
    waiting = [f"{s.owner} ({s.current or 'none'} → {s.head})" for s in states if s.pending]
    if waiting:
        return [Finding("Migrations", "error", f"waiting: {', '.join(waiting)}", "Run: regiohub db upgrade")]
    return [Finding("Migrations", "ok", f"{len(states)} parts are up to date")]


async def _keeps(platform: Platform) -> list[Finding]:
    """Commits: kept over a crash."""
    async with platform.database.reading.connect() as connection:
        off = [name for name in _SAFE if await connection.scalar(sa.text(f"SHOW {name}")) == "off"]
    if not off:
        return []
    text = f"the database server may lose what it has confirmed: {', '.join(off)} is off"
    level = "warning" if platform.settings.is_production else "note"
    return [Finding("Commits", level, text, "Switch it on in postgresql.conf, unless you want exactly that.")]


async def _clock(platform: Platform) -> list[Finding]:
    """Clock: goes with the database server's."""
    from regiohub.db.skew import skew, skew_text

    text = skew_text(await skew(platform.database))
    remedy = "Set the clocks of all machines by NTP: workers whose clocks differ take each other for dead."
    return [] if text is None else [Finding("Clock", "warning", text, remedy)]


async def _walls(platform: Platform) -> list[Finding]:
    """Walls between towns: role and row level security."""
    async with platform.database.reading.connect() as connection:
        return [*await _role(connection), *await _policies(connection), *await _operators(connection)]


async def _role(connection: AsyncConnection) -> list[Finding]:
    superuser, bypasses = (await connection.execute(sa.text(_ROLE))).one()
    owned = await connection.scalar(sa.text(_OWNED)) or 0
    remedy = "Serve with a login made by: regiohub db bootstrap (REGIOHUB_DATABASE_URL), migrate with the owner's."
    if superuser or bypasses:
        return [Finding("Serving role", "error", "it passes over row level security", remedy)]
    if owned:
        return [Finding("Serving role", "warning", f"it owns {owned} tables and could take their walls down", remedy)]
    return [Finding("Serving role", "ok", "no superuser, owns nothing")]


async def _policies(connection: AsyncConnection) -> list[Finding]:
    open_tables = list(await connection.scalars(sa.text(_OPEN)))
    if open_tables:
        text = f"without forced row level security: {', '.join(open_tables)}"
        return [Finding("Row level security", "error", text, "Their migration lacks guard(); report it to its author.")]
    return [Finding("Row level security", "ok", "enabled and forced on every table of towns")]


async def _operators(connection: AsyncConnection) -> list[Finding]:
    from regiohub.db.hardening import LOST, REMEDY, standing

    found = await standing(connection)
    waiting = [one for one in found if one.waits]
    if waiting:
        indexes = ", ".join(index for one in waiting for index in one.indexes)
        functions = ", ".join(one.operator.function for one in waiting)
        text = f"row level security keeps indexes unused ({indexes}) until these are LEAKPROOF: {functions}"
        return [Finding("Speed", "warning", text, f"{REMEDY}. {LOST}")]
    marked = ", ".join(one.operator.function for one in found if one.marked)
    return [Finding("Speed", "ok", f"indexes serve under row level security; LEAKPROOF: {marked or 'none needed'}")]
