"""Taking one distribution's tables back: what it would cost, and who needs them. Nothing is done to others' tables.

The plan is made by doing it: the downgrade runs in a transaction that is rolled back, so it says exactly which tables
and columns would go, on both databases, and finds what would fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from regiohub.db.database import Database
from regiohub.db.migrate import (
    BASE,
    CORE,
    DependantsError,
    Migrations,
    current_of,
    locked,
    owner_of,
    owners_in,
    run_migrations,
)

_STEPS = re.compile(r"-[1-9]\d*")
_SPATIAL = ("_rtree", "_rtree_node", "_rtree_parent", "_rtree_rowid")


class DowngradeFault(Exception):
    """The downgrade cannot be what was meant: the message says why."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a plugin stands on: other plugins, and the oldest revision of the core's tables."""

    requires: Sequence[str] = ()
    core_schema: str = ""


@dataclass(frozen=True, slots=True)
class Dependant:
    """Somebody whose tables are there and need those that would go; `reason` says what for."""

    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class DowngradePlan:
    """What a downgrade would do. `tables` and `columns` that would go, with the rows that have something in them."""

    owner: str
    current: str
    target: str
    revisions: Sequence[str]
    """Those that are undone, the newest first."""
    tables: Mapping[str, int] = field(default_factory=dict[str, int])
    columns: Mapping[str, int] = field(default_factory=dict[str, int])
    dependants: Sequence[Dependant] = ()

    @property
    def rows(self) -> int:
        """Rows that would be lost whole."""
        return sum(self.tables.values())


class DowngradeRefused(Exception):
    """Others need what would go."""

    def __init__(self, plan: DowngradePlan) -> None:
        needs = "; ".join(f"{one.owner} {one.reason}" for one in plan.dependants)
        super().__init__(f"{plan.owner} cannot go back to {plan.target}: {needs}")
        self.plan = plan


async def plan_downgrade(
    database: Database, all_migrations: Sequence[Migrations], needs: Mapping[str, Needs], owner: str, target: str
) -> DowngradePlan:
    """What taking `owner` back to `target` (a revision, "-1", "base") would do. Changes nothing.

    `needs`: what the installed plugins stand on, by their ids.

    :raises DowngradeFault: unknown owner or revision, or one that is not below the present one.
    """
    migrations = _of(all_migrations, owner)
    plans: list[DowngradePlan] = []

    def look(connection: Connection) -> None:
        plans.append(_plan(connection, migrations, needs, target))

    await locked(database, look, keep=False)
    return plans[0]


async def take_down(
    database: Database, all_migrations: Sequence[Migrations], needs: Mapping[str, Needs], owner: str, target: str
) -> DowngradePlan:
    """Take one distribution's tables back, if nobody needs them. Returns what was done.

    :raises DowngradeRefused: others need what would go. :raises DowngradeFault: see `plan_downgrade`.
    """
    migrations = _of(all_migrations, owner)
    plans: list[DowngradePlan] = []

    def work(connection: Connection) -> None:
        # Looked at under the lock: somebody may have upgraded a plugin since anybody looked before.
        plans.append(plan := _plan(connection, migrations, needs, target))
        if plan.dependants:
            raise DowngradeRefused(plan)
        run_migrations(connection, migrations, plan.target, down=True)

    await locked(database, work)
    return plans[0]


def _of(all_migrations: Sequence[Migrations], owner: str) -> Migrations:
    found = next((one for one in all_migrations if one.owner == owner), None)
    if found is None:
        known = ", ".join(one.owner for one in all_migrations)
        raise DowngradeFault(f"{owner} has no migrations here; there are: {known}")
    return found


def _plan(connection: Connection, migrations: Migrations, needs: Mapping[str, Needs], target: str) -> DowngradePlan:
    current = current_of(connection, migrations)
    revisions, reached = _undone(migrations, current, target)
    dependants = list(_by_declaration(connection, migrations, needs, reached))
    before = _columns(connection)
    referring = _references(connection, migrations.owner, before)
    after = before
    try:
        with connection.begin_nested():
            run_migrations(connection, migrations, reached, down=True)
            after = _columns(connection)
            raise _Undo
    except _Undo:
        gone = before.keys() - after.keys()
    except (DBAPIError, DependantsError):
        # PostgreSQL does not drop what others refer to.
        owners = owners_in(connection)
        after = before
        gone = {table for table in before if owner_of(table, owners) == migrations.owner}
    dependants += [
        Dependant(owner, f"refers to {table} with {child}")
        for owner, child, table in referring
        if table in gone and not any(one.owner == owner for one in dependants)
    ]
    lost = {
        f"{table}.{column}": _count(connection, table, column)
        for table in sorted(before.keys() - gone)
        for column in sorted(before[table] - after[table])
    }
    tables = {table: _count(connection, table) for table in sorted(gone) if not table.endswith(_SPATIAL)}
    return DowngradePlan(migrations.owner, current or BASE, reached, revisions, tables, lost, dependants)


class _Undo(Exception):
    """Ends the trial."""


def _undone(migrations: Migrations, current: str | None, target: str) -> tuple[list[str], str]:
    """The revisions that are undone, and the revision (or "base") that is reached."""
    known = _revisions(migrations)
    if current is None:
        raise DowngradeFault(f"{migrations.owner} has no tables here: nothing can go back")
    if current not in known:
        raise DowngradeFault(f"the tables of {migrations.owner} ({current}) are newer than the release installed here")
    places = {BASE: 0, **{revision: place for place, revision in enumerate(known, start=1)}}
    now = places[current]
    place = now - int(target[1:]) if _STEPS.fullmatch(target) else places.get(target, now)
    if not 0 <= place < now:
        below = ", ".join([BASE, *known[: now - 1]])
        raise DowngradeFault(f"{target!r} is no revision of {migrations.owner} below {current}; there are: {below}")
    return known[place:now][::-1], known[place - 1] if place else BASE


def _revisions(migrations: Migrations) -> list[str]:
    """All revisions, the oldest first; they stand in one line."""
    return [revision.revision for revision in migrations.script().walk_revisions()][::-1]


def _by_declaration(
    connection: Connection, migrations: Migrations, needs: Mapping[str, Needs], target: str
) -> Iterable[Dependant]:
    """Those with tables who say that they need this one, and for the core all whose package is missing."""
    order = _revisions(migrations)
    place = order.index(target) if target in order else -1
    for owner in sorted(owners_in(connection) - {migrations.owner, CORE.owner}):
        known = needs.get(owner)
        if migrations.owner != CORE.owner:
            if known is not None and migrations.owner in known.requires:
                yield Dependant(owner, f"requires {migrations.owner}")
        elif known is None:
            yield Dependant(owner, "has tables here, and its package is missing: what it needs is not known")
        elif target == BASE:
            yield Dependant(owner, "has tables here, and all its rows belong to towns")
        elif known.core_schema in order and order.index(known.core_schema) > place:
            yield Dependant(owner, f"needs the core's tables of revision {known.core_schema}")


def _columns(connection: Connection) -> dict[str, set[str]]:
    inspector = sa.inspect(connection)
    tables = [name for name in inspector.get_table_names() if not name.endswith("_alembic_version")]
    return {name: {column["name"] for column in inspector.get_columns(name)} for name in tables}


def _references(connection: Connection, owner: str, tables: Iterable[str]) -> list[tuple[str, str, str]]:
    """Foreign keys from others' tables to this one's: owner, table, table referred to."""
    inspector = sa.inspect(connection)
    owners = [owner, *owners_in(connection)]
    found: set[tuple[str, str, str]] = set()
    for table in tables:
        mine = owner_of(table, owners)
        for key in inspector.get_foreign_keys(table) if mine != owner else ():
            if owner_of(key["referred_table"], owners) == owner:
                found.add((mine, table, key["referred_table"]))
    return sorted(found)


def _count(connection: Connection, table: str, column: str | None = None) -> int:
    source = sa.table(table, sa.column(column or "tenant_id"))
    counted = sa.select(sa.func.count()).select_from(source)
    if column is not None:
        counted = counted.where(source.c[column].is_not(None))
    return connection.execute(counted).scalar_one()
