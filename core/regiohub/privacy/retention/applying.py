"""Deleting and emptying what is past its time, in short transactions, with one entry in the audit log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa
import structlog
from sqlalchemy import CursorResult

from regiohub.db.base import Timestamps
from regiohub.events.faults import describe
from regiohub.plugins.data import empty_value
from regiohub.privacy.reports import CORE
from regiohub.privacy.traces import remove_files
from regiohub.tenancy.context import Ctx, TenantScope

from .core import MAILS, MAILS_KEPT
from .keepers import Keeper, keepers_in
from .looking import ACTION, JOB, due_rows
from .mails import mails_of
from .periods import limit_of
from .rules import Rule

log = structlog.get_logger(__name__)

BATCH = 1000
"""Rows of one transaction: nobody waits for a lock longer than these take."""
_NO_SYNC = {"synchronize_session": False}


@dataclass(slots=True)
class Applied:
    """How many rows were deleted and emptied in a town, by "<plugin>.<category>"."""

    deleted: dict[str, int] = field(default_factory=dict[str, int])
    emptied: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def total(self) -> int:
        """All of it together."""
        return sum((*self.deleted.values(), *self.emptied.values()))

    def count(self, name: str, number: int, *, emptied: bool = False) -> None:
        """Add to a category."""
        counts = self.emptied if emptied else self.deleted
        if number:
            counts[name] = counts.get(name, 0) + number

    def facts(self) -> Mapping[str, Any]:
        """The counts as the audit log holds them."""
        return {"deleted": dict(self.deleted), "emptied": dict(self.emptied)}


async def apply_retention(scope: TenantScope, *, batch: int = BATCH) -> Applied:
    """Delete and empty all rows of a town whose time has passed: of the platform and of all healthy plugins.

    Broken off, what was done stays done and the next run goes on; the audit log tells what came to its end before a
    fault. A killed process may leave its last deletions out of the log, never undone. A plugin whose rows cannot go
    does not keep those of the others: its fault is logged, and the first one raised when all have had their turn.
    """
    done, faults = Applied(), list[Exception]()
    async with scope.read() as ctx:
        keepers = keepers_in(ctx)
    try:
        for keeper in keepers:
            try:
                await _apply(scope, keeper, batch, done)
            except Exception as error:
                log.warning("retention_failed", tenant=scope.tenant.slug, keeper=keeper.id, error=describe(error))
                faults.append(error)
        done.count(f"{CORE}.{MAILS}", _take_mails(scope))
    finally:
        if done.total:
            await scope.run(lambda ctx: ctx.audit(ACTION, kind="job", id=JOB, after=done.facts()))
            scope.platform.database.empty_log()
    if faults:
        raise faults[0]
    return done


async def _apply(scope: TenantScope, keeper: Keeper, batch: int, done: Applied) -> None:
    # Looked at without a lock first: on most days there is nothing to do for most tables.
    async with scope.read() as ctx:
        rules = [(rule, number) for rule in _ordered(keeper) if (number := await due_rows(ctx, keeper, rule))]
    for rule, expected in rules:
        # Not without end: a row that comes back by itself, or becomes due meanwhile, has another day.
        for _ in range(expected // batch + 1):
            number = await scope.run(lambda ctx, r=rule: _take(ctx, keeper, r, batch))
            done.count(f"{keeper.id}.{rule.category.id}", number, emptied=bool(rule.emptied))
            if number < batch:
                break


def _ordered(keeper: Keeper) -> list[Rule]:
    """What points to other rows comes before them: it finds its way to them, and no key refuses the deletion."""
    tables = list({rule.table.name: rule.table for rule in keeper.rules}.values())
    ordered = sa.sql.ddl.sort_tables(tables)  # type: ignore[no-untyped-call]
    place = {table.name: -number for number, table in enumerate(ordered)}
    return sorted(keeper.rules, key=lambda rule: place[rule.table.name])


async def _take(ctx: Ctx, keeper: Keeper, rule: Rule, most: int) -> int:
    key, due = rule.key, keeper.rules.due(rule)
    chosen = sa.select(*key).where(due).limit(most)
    # Due once more for the row itself: PostgreSQL asks only that again of a row that changed while it waited for it.
    these = sa.and_(key[0].in_(chosen) if len(key) == 1 else sa.tuple_(*key).in_(chosen), due)
    if rule.emptied:
        values = {rule.attribute(name).key: empty_value(rule.table.columns[name]) for name in rule.emptied}
        if issubclass(rule.model, Timestamps):
            values["updated_at"] = ctx.now()
        statement: Any = sa.update(rule.model).where(these).values(values)
    else:
        statement = sa.delete(rule.model).where(these)
    done = await ctx.session.execute(statement, execution_options=_NO_SYNC)
    return max(cast("CursorResult[Any]", done).rowcount, 0)


def _take_mails(scope: TenantScope) -> int:
    limit = limit_of(scope.now(), scope.tenant.timezone, MAILS_KEPT).moment
    old = [path for path, moment in mails_of(scope) if moment < limit]
    remove_files(old)
    return len(old)
