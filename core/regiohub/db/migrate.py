"""Migrations per distribution: one script folder and one version table for the core and for each plugin.

A plugin's failure, absence or downgrade touches its own tables only. Several processes may upgrade at once: the
database's lock lets one work, the others find nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.base import Base
from regiohub.db.database import Database
from regiohub.db.guard_renewal import older_walls, renew_walls
from regiohub.db.heads import head_of
from regiohub.db.versions import EVERYTHING, EVERYWHERE, DataVersion, raise_named

if TYPE_CHECKING:
    # Alembic costs a serving process 11 MiB and a quarter of a second: it is imported where it is used.
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

BASE = "base"
"""Where a distribution has no tables."""
_LOCK = 0x72656769  # "regi"


@dataclass(frozen=True, slots=True)
class Migrations:
    """One distribution's migrations: `owner` is "core" or a plugin's id, `package` the importable folder."""

    owner: str
    package: str

    @property
    def version_table(self) -> str:
        """Name of the table that holds the revision reached."""
        return f"{self.owner}_alembic_version"

    def script(self) -> ScriptDirectory:
        """Alembic's view of the folder."""
        from alembic.script import ScriptDirectory

        return ScriptDirectory(str(files(self.package)))


CORE = Migrations("core", "regiohub.db.migrations")


@dataclass(frozen=True, slots=True)
class State:
    """Where one distribution's tables stand: `current` is None before the first migration."""

    owner: str
    current: str | None
    head: str | None

    @property
    def pending(self) -> bool:
        """Whether migrations wait."""
        return self.current != self.head


def _context(
    connection: Connection, migrations: Migrations, steps: Callable[[Any, Any], Any] | None = None
) -> MigrationContext:
    from alembic.migration import MigrationContext

    # The metadata lends the migrations its naming convention: constraints get the names that the models give them.
    opts: dict[str, Any] = {
        "version_table": migrations.version_table, "render_as_batch": True, "target_metadata": Base.metadata
    }  # fmt: skip
    if steps:
        opts["fn"] = steps
    return MigrationContext.configure(connection, opts=opts)


def run_migrations(connection: Connection, migrations: Migrations, target: str, *, down: bool = False) -> None:
    """Take one distribution up or down to `target` in the transaction of this connection.

    :raises DependantsError: the core would go down to nothing while others have tables.
    """
    from alembic.operations import Operations

    if down and migrations.owner == CORE.owner and target == BASE:
        # SQLite would drop the towns from under every plugin's rows; PostgreSQL refuses by itself.
        others = sorted(owners_in(connection) - {CORE.owner})
        if others:
            raise DependantsError(f"the core cannot go to {BASE}: {', '.join(others)} have tables here")
    script = migrations.script()

    def steps(revision: Any, _context: Any) -> Any:
        return script._downgrade_revs(target, revision) if down else script._upgrade_revs(target, revision)  # pyright: ignore[reportPrivateUsage]

    context = _context(connection, migrations, steps)
    with Operations.context(context):
        context.run_migrations()
    if connection.dialect.name == "postgresql":
        from regiohub.db.postgresql import APP_ROLE

        connection.exec_driver_sql(f"GRANT SELECT ON {migrations.version_table} TO {APP_ROLE}")


class DependantsError(RuntimeError):
    """Others' tables stand on those that would go."""


async def locked(database: Database, work: Callable[[Connection], None], *, keep: bool = True) -> None:
    """Do some work as the owner of the tables, alone among all who migrate, in one transaction.

    `keep`: False to look only: everything is rolled back.
    """

    def work_and_raise(connection: Connection) -> None:
        work(connection)
        if sa.inspect(connection).has_table(DataVersion.__tablename__):
            raise_named(connection, EVERYWHERE, [EVERYTHING])

    engine = database.migrating()
    try:
        async with engine.connect() as connection:
            if database.dialect == "postgresql":
                await connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
                await connection.commit()
            if not keep:
                await connection.begin()
                await connection.run_sync(work)
                await connection.rollback()
                return
            async with connection.begin():
                await connection.run_sync(work_and_raise)
                if database.dialect == "sqlite":
                    broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).fetchall()
                    if broken:
                        raise RuntimeError(f"migration leaves broken references: {broken[:5]}")
    finally:
        await engine.dispose()


async def upgrade(database: Database, all_migrations: Sequence[Migrations], target: str = "head") -> list[State]:
    """Bring every distribution, in the order given, to `target`; each in one transaction. Returns the new states.

    Migrations may change rows that servers keep answers of: with each of them everything counts as changed.
    """
    before = await status(database, all_migrations)
    for migrations, state in zip(all_migrations, before, strict=True):
        if target != "head" or state.pending:
            await locked(database, lambda connection, m=migrations: run_migrations(connection, m, target))
    await _renew_walls(database, [migrations.owner for migrations in all_migrations])
    return await status(database, all_migrations)


async def _renew_walls(database: Database, owners: Collection[str]) -> None:
    """Bring the walls of tables that an older release made to the present wording."""

    def look(connection: Connection) -> list[str]:
        there = owners_in(connection)
        return [table for table in older_walls(connection) if owner_of(table, there) in owners]

    async with database.reading.connect() as connection:
        tables = await connection.run_sync(look)
    if tables:
        await locked(database, lambda connection: renew_walls(connection, tables))


async def downgrade(database: Database, migrations: Migrations, target: str = "base") -> None:
    """Take one distribution's tables back to `target`, whoever needs them: `regiohub.db.downgrade` asks first.

    :raises DependantsError: the core would go down to nothing while others have tables.
    """
    await locked(database, lambda connection: run_migrations(connection, migrations, target, down=True))


async def status(database: Database, all_migrations: Sequence[Migrations]) -> list[State]:
    """Where each distribution's tables stand, read with the serving role."""

    def read(connection: Connection) -> list[State]:
        tables = set(sa.inspect(connection).get_table_names())
        return [
            State(m.owner, _revision(connection, m) if m.version_table in tables else None, head_of(m.package))
            for m in all_migrations
        ]

    async with database.reading.connect() as connection:
        return await connection.run_sync(read)


def current_of(connection: Connection, migrations: Migrations) -> str | None:
    """The revision that a distribution's tables have; None without tables."""
    there = sa.inspect(connection).has_table(migrations.version_table)
    return _revision(connection, migrations) if there else None


def owners_in(connection: Connection) -> set[str]:
    """Distributions that have tables in this database, installed or not."""
    suffix = "_alembic_version"
    names = [name for name in sa.inspect(connection).get_table_names() if name.endswith(suffix)]
    owners = [Migrations(name.removesuffix(suffix), "") for name in names]
    return {migrations.owner for migrations in owners if _revision(connection, migrations) is not None}


def owner_of(table: str, owners: Iterable[str]) -> str:
    """Whose a table is, by its name: a plugin's tables begin with its id, all others are the core's."""
    plugins = sorted((owner for owner in owners if owner != CORE.owner), key=len, reverse=True)
    return next((owner for owner in plugins if table.startswith(f"{owner}_")), CORE.owner)


def _revision(connection: Connection, migrations: Migrations) -> str | None:
    version = sa.table(migrations.version_table, sa.column("version_num"))
    return connection.execute(sa.select(version.c.version_num)).scalar()
