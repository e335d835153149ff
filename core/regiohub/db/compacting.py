"""Writing the database anew without what was deleted: for space, and so that nothing of it is left in the files."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import sqlalchemy as sa

from regiohub.db.base import Base
from regiohub.db.database import Database


async def compact(database: Database) -> AsyncGenerator[str]:
    """Rewrite every table, one after the other, and renew its statistics; yields the name of each that is through.

    SQLite writes the whole file at once ("database"). PostgreSQL locks each table while it writes it, and needs the
    space for a second copy of the largest one. Planner statistics hold samples of values, and are made anew as well.

    What PostgreSQL's write-ahead log holds stays until the server recycles its segments, and in any archive of them.
    """
    engine = database.migrating()
    try:
        async with engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="AUTOCOMMIT")
            if database.dialect == "sqlite":
                # Outside of a transaction, as VACUUM demands: the driver's connection knows of none.
                raw = await connection.get_raw_connection()
                driver = raw.driver_connection
                assert driver is not None
                await driver.execute("VACUUM")
                await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                yield "database"
                return
            await connection.execute(sa.text("SET statement_timeout = 0"))
            names = await connection.run_sync(lambda sync: set(sa.inspect(sync).get_table_names()))
            quote = connection.dialect.identifier_preparer.quote
            for table in Base.metadata.sorted_tables:
                if table.name in names:
                    await connection.execute(sa.text(f"VACUUM (FULL, ANALYZE) {quote(table.name)}"))
                    yield table.name
            # Earlier samples of values are dead rows of this catalogue; the database's owner may rewrite it.
            await connection.execute(sa.text("VACUUM (FULL) pg_statistic"))
    finally:
        await engine.dispose()
