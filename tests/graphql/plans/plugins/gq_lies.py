"""Declarations over the shop's tables that promise what does not hold."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from gq_shop.models import Loan, Reading, Thing, ThingKind
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from regiohub.api import (
    Connection,
    Ctx,
    GraphQLPart,
    Plugin,
    bound,
    column,
    computed,
    field,
    filters,
    many,
    query,
    t,
    to_many,
    where,
)


def _null() -> Any:
    return func.nullif(Thing.name, Thing.name)


def _text_for_number() -> Any:
    return func.upper(Thing.name, type_=sa.Integer())


def _number_for_text() -> Any:
    return func.length(Thing.name, type_=sa.String())


def _no_such_function() -> Any:
    return func.no_such_function(Thing.name, type_=sa.Integer())


def _no_such_column() -> Any:
    return sa.column("no_such_column", sa.Integer())


FAULTS = {"raising": False}
"""What the checks at the start would find, and so is turned on later."""


def _raising() -> Any:
    if FAULTS["raising"]:
        raise RuntimeError("secret detail")
    return func.length(Thing.name)


def _huge() -> Any:
    return func.length(Thing.name, type_=sa.Integer()) + sa.literal(2**40, sa.BigInteger())


def _slow(ctx: Ctx) -> Any:
    """Seconds of work, on both databases."""
    if ctx.platform.database.dialect == "postgresql":
        return select(func.length(sa.cast(func.pg_sleep(20), sa.Text()))).scalar_subquery()
    others = [aliased(Loan) for _ in range(8)]
    found = select(func.count()).select_from(*others)
    for one in others[1:]:
        found = found.where(one.id != others[0].id)
    return found.scalar_subquery()


def _fails(text: str) -> Any:
    raise RuntimeError(f"secret detail {text}")


def _divided(by: int) -> Any:
    return Thing.rank / by > 0


@filters(Thing)
class LyingFilter:
    """A condition that always raises."""

    bad: str | None = where("Raises.", _fails)
    named: str | None = where("Does not.", Thing.name)
    divided: int | None = where("Divides by it.", _divided)


@bound(Reading)
class LyingReading:
    """A measured value."""

    value: float = column("How much.")


@bound(Thing)
class LyingThing:
    """A thing about which nothing is certain."""

    name: str = column("Name.")
    kind: ThingKind | None = column("Sort.")
    sure_kind: ThingKind = column("Sort.", of=Thing.kind)
    rank: int | None = column("Rank.")
    label: str = column("A property.", of="label")
    null: str = computed("Null.", sql=_null)
    maybe_null: str | None = computed("Null, and that is fine.", sql=_null)
    text_for_number: int | None = computed("A text.", sql=_text_for_number)
    number_for_text: str | None = computed("A number.", sql=_number_for_text)
    no_function: int | None = computed("No such function.", sql=_no_such_function)
    no_column: int | None = computed("No such column.", sql=_no_such_column)
    raising: int | None = computed("Raises.", sql=_raising)
    huge: int | None = computed("Beyond 32 bits.", sql=_huge)
    slow: int | None = computed("Takes long.", sql=_slow)
    python_raises: int | None = computed("Raises.", python=lambda row, _ctx: 1 // (len(row.name) * 0), reads=("name",))
    python_lies: int | None = computed("A text.", python=lambda row, _ctx: row.name, reads=("name",))
    readings: Connection[LyingReading] = to_many("Values.", Thing.readings, order_by=Reading.at)


def _no_select() -> Any:
    return "SELECT 1"


@query
class LiesQuery:
    """Lies."""

    things: Connection[LyingThing] = many("Things.", order_by=Thing.name, filter=LyingFilter)
    no_select: Connection[LyingThing] | None = many("No SELECT.", of=_no_select, order_by=Thing.name)

    @field("Waits in the database.")
    async def waiting(self, ctx: Ctx) -> int | None:
        """An ordinary resolver with a slow statement."""
        await ctx.session.execute(select(func.pg_sleep(20)))
        return 1

    @field("How often this was asked.")
    async def asked(self) -> int:
        """Counts its own calls."""
        ASKED.append(1)
        return len(ASKED)


ASKED: list[int] = []

plugin = Plugin(id="lies", title=t("Lügen", "Lies"), description=t("Lügen.", "Lies."), requires=("shop",))


@plugin.hook
def register_graphql() -> GraphQLPart:
    return GraphQLPart(query=LiesQuery)
