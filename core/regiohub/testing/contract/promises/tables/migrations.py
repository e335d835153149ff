"""Migrations: up, down and up again leave nothing behind and touch nobody else's tables."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from functools import partial

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.database import Database
from regiohub.db.failing_line import failing_line
from regiohub.db.migrate import Migrations, downgrade, upgrade
from regiohub.db.versions import DataVersion
from regiohub.platform import Platform
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.databases import settings_for

from .inventory import Inventory, Thing, inspected, take_inventory

_NAMED = ("table", "view", "sequence", "function", "type")
"""What shares one space of names with all other plugins; indexes, triggers and policies bear their table's name."""


async def _faults(case: Case) -> list[str]:
    package = case.plugin.migrations
    if package is None:
        return []
    trip = _Trip(case, Migrations(case.id, package))
    await trip.from_empty()
    # A migration that fails on an empty database has nothing more to say about a filled one.
    if trip.complete:
        await trip.from_filled()
    return trip.faults


class _Trip:
    """Up, down and up again, and what was seen on the way."""

    def __init__(self, case: Case, own: Migrations) -> None:
        self._case, self._own = case, own
        self.faults: list[str] = []
        self.before: Inventory = {}
        self.up: Inventory = {}
        self.complete = False

    async def from_empty(self) -> None:
        """In a database with the tables of the core and of what the plugin requires, and no row."""
        blank = await self._case.installations.blank(self._case.engine)
        folder = self._case.within("empty").folder
        with blank.copy(folder) as address:
            settings = settings_for(address, folder).model_copy(
                update={"plugins_allowed": list(self._case.recipe.plugins)}
            )
            platform = Platform(settings, entries=self._case.entries)
            try:
                others = [found for found in platform.migrations if found.owner != self._case.id]
                await upgrade(platform.database, others)
                self.before = await inspected(platform.database, take_inventory)
                await self._climb(platform.database)
            finally:
                await platform.stop()

    async def _climb(self, database: Database) -> None:
        if not await self._done(upgrade(database, [self._own]), "upgrade() fails"):
            return
        self.up = await inspected(database, take_inventory)
        self.faults += [f"upgrade() {sentence}" for sentence in changed(self.before, self.up)]
        self.faults += self._misnamed()
        if not await self._done(downgrade(database, self._own), "downgrade() fails"):
            return
        await self._compare_down(database, "")
        if not await self._done(upgrade(database, [self._own]), "upgrade() fails the second time"):
            return
        again = await inspected(database, take_inventory)
        self.faults += [f"after down and up again {sentence}" for sentence in differences(self.up, again)]
        self.complete = True

    async def from_filled(self) -> None:
        """In a database with rows of the plugin in two towns."""
        async with self._case.within("filled").filled() as world:
            database = world.platform.database
            counted = await inspected(database, self._count)
            if not await self._done(downgrade(database, self._own), "with rows downgrade() fails"):
                return
            await self._compare_down(database, "with rows ")
            left = await inspected(database, self._count)
            self.faults += [
                f"with rows downgrade() changes {name}, which is not the plugin's: {rows} rows before,"
                f" {left.get(name)} after"
                for name, rows in counted.items()
                if left.get(name) != rows
            ]
            await self._done(upgrade(database, [self._own]), "with rows upgrade() fails the second time")

    async def _done(self, work: Awaitable[object], fault: str) -> bool:
        try:
            await work
        except Exception as error:
            reason = (str(error).splitlines() or [""])[0]
            self.faults.append(f"{fault}{_place(error)}: {type(error).__name__}: {reason}")
            return False
        return True

    async def _compare_down(self, database: Database, when: str) -> None:
        down = await inspected(database, take_inventory)
        version = self._own.version_table
        left = [thing for thing in down if thing not in self.before and version not in (thing.table, thing.name)]
        # What belongs to a table that stayed is said with the table.
        stayed = {thing.name for thing in left if thing.kind == "table"}
        self.faults += [
            f"{when}downgrade() leaves {thing} behind"
            for thing in left
            if thing.kind == "table" or thing.table not in stayed
        ]
        self.faults += [f"{when}downgrade() {sentence}" for sentence in changed(self.before, down)]
        if Thing("table", version, version) in down and await inspected(database, partial(_rows, table=version)):
            self.faults.append(f"{when}downgrade() leaves a revision in {version}")

    def _misnamed(self) -> Iterable[str]:
        for thing in self.up:
            mine = thing.name.startswith(f"{self._case.id}_")
            if thing not in self.before and thing.kind in _NAMED and not mine:
                yield f"upgrade() creates {thing}, whose name does not begin with {self._case.id}_"
            if thing not in self.before and thing.kind == "schema":
                yield f"upgrade() creates {thing}; the tables of all plugins stand in one schema"

    def _count(self, connection: Connection) -> Mapping[str, int]:
        """Rows of the tables that are not the plugin's. The counters of changes count what happens to its own too."""
        names = [thing.name for thing in self.before if thing.kind == "table"]
        whole = [name for name in names if name != DataVersion.__tablename__]
        return {name: _rows(connection, name) for name in whole}


def _place(error: Exception) -> str:
    """The line of the migration that an error comes from: ` in 0001_initial.py, line 40`."""
    found = failing_line(error)
    return f" in {found[0].name}, line {found[1]}" if found else ""


def _rows(connection: Connection, table: str) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one()


def changed(before: Inventory, after: Inventory) -> Sequence[str]:
    """What was there before and is gone or different: `drops the index …`, `changes the table …`."""
    gone = [f"drops {thing}, which is not the plugin's" for thing in before if thing not in after]
    return gone + [
        f"changes {thing}, which is not the plugin's"
        for thing, definition in before.items()
        if thing in after and after[thing] != definition
    ]


def differences(first: Inventory, second: Inventory) -> Sequence[str]:
    """What two journeys to the same place found differently."""
    missing = [f"{thing} is missing" for thing in first if thing not in second]
    more = [f"{thing} is there, which was not" for thing in second if thing not in first]
    other = [f"{thing} is another one" for thing in first if thing in second and second[thing] != first[thing]]
    return [*missing, *more, *other]


UP_DOWN_UP = Promise(
    "migrations-up-down-up",
    "its migrations go up, down and up again, from empty and from filled tables, and leave nothing behind",
    "where one fails, correct the operation at the line that is named; let downgrade() undo exactly what upgrade() did,"
    " in reverse order (ops.drop_tenant_table also drops guards and spatial indexes; functions and types have to be"
    " dropped by name), and touch no table without the plugin's prefix",
    _faults,
)
