"""Deleting all rows of a town, with the rights of the tables' owner: the log lets nobody else delete from it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from regiohub.errors import Conflict
from regiohub.texts import t

from .progress import Progress
from .tables import tables_in

if TYPE_CHECKING:
    from regiohub.db.database import Database

_SERIALIZATION = "40001"


async def wipe(
    database: Database,
    town: int,
    compare: Callable[[AsyncConnection], Awaitable[str | None]],
    note: Callable[[Connection], None],
    progress: Progress,
) -> dict[str, int]:
    """Delete the town's row and every row with its number, in one transaction; `note` writes in the same one, last.

    The tables are those of the database, not those of the models: rows of plugins that are long gone go, too.
    `compare` looks at the rows in this transaction before, and names what has changed: then nothing is deleted. What
    it saw is what goes: SQLite lets nobody else write meanwhile, and PostgreSQL gives all statements one snapshot and
    refuses to delete a row that is newer. Returns rows by table.

    :raises Conflict: somebody still writes to the town; nothing was deleted.
    """
    engine = database.migrating()
    try:
        async with engine.connect() as connection:
            if database.dialect == "postgresql":
                await connection.execution_options(isolation_level="REPEATABLE READ")
            else:
                # What is deleted is overwritten in the file, not only marked as free.
                await _pragma(connection, "secure_delete=ON")
            async with connection.begin():
                await connection.run_sync(_lock, town)
                changed = await compare(connection)
                if changed is not None:
                    raise still_used(changed)
                found = await connection.run_sync(_delete, town, progress)
                await connection.run_sync(note)
            if database.dialect == "sqlite":
                # The former pages are in the log beside the file until it is taken over; readers may hold that up.
                await _pragma(connection, "wal_checkpoint(TRUNCATE)")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _SERIALIZATION:
            raise still_used() from error
        raise
    finally:
        await engine.dispose()
    return found


def _lock(connection: Connection, town: int) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        # No row can point to the town from here on.
        connection.execute(sa.text("SELECT id FROM tenant WHERE id = :town FOR UPDATE"), {"town": town})


def _delete(connection: Connection, town: int, progress: Progress) -> dict[str, int]:
    run = connection.execute
    mine: dict[str, Any] = {"town": town}
    found: dict[str, int] = {}
    names = _children_first(connection, tables_in(connection))
    progress.begin("deleting", len(names))
    for name in names:
        # Names come from the catalogue.
        rows = run(sa.text(f'DELETE FROM "{name}" WHERE tenant_id = :town'), mine).rowcount  # noqa: S608
        if rows:
            found[name] = rows
        progress.advance(1)
    run(sa.text("DELETE FROM core_data_version WHERE town = :town"), mine)
    run(sa.text("DELETE FROM tenant WHERE id = :town"), mine)
    return found


def _children_first(connection: Connection, names: list[str]) -> list[str]:
    """Tables that point to others come before them, so that no row goes uncounted along a foreign key."""
    inspector = sa.inspect(connection)
    above = {
        name: {key["referred_table"] for key in inspector.get_foreign_keys(name)} & set(names) - {name}
        for name in names
    }
    ordered: list[str] = []
    waiting = sorted(names)
    while waiting:
        free = [name for name in waiting if not any(name in above[other] for other in waiting if other != name)]
        # A circle of tables: the database's own cascades take care of it.
        ordered += free or waiting
        waiting = [name for name in waiting if name not in ordered]
    return ordered


async def _pragma(connection: AsyncConnection, text: str) -> None:
    """On the driver's own connection: SQLAlchemy would begin a transaction for it."""
    raw = await connection.get_raw_connection()
    driver: Any = raw.driver_connection
    await driver.execute(f"PRAGMA {text}")


def still_used(changed: str = "") -> Conflict:
    """Nothing was deleted: others are at work in the town. `changed`: a table or a file of which that is known."""
    what = f" ({changed.encode(errors='backslashreplace').decode()})" if changed else ""
    return Conflict(
        t(
            f"Jemand schreibt noch Daten der Kommune{what}; nichts wurde gelöscht. Bitte gleich noch einmal versuchen.",
            f"Somebody still writes data of the town{what}; nothing was deleted. Please try again in a moment.",
        )
    )
