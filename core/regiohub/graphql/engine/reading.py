"""The statements: a page of rows, rows by key, a page for each parent. Each is one statement for a whole level.

The session adds the tenant's predicate to each of them; nothing here ever runs without it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from . import apart, parents
from .keyset import behind
from .need import TENANT, Need, Record, key_of
from .selects import Cut, computed, inlined, marks

if TYPE_CHECKING:
    from .run import Run


@dataclass(slots=True)
class Found:
    """A page as read: `marks` are the order values of each record, when cursors are wanted."""

    records: list[Record] = field(default_factory=list[Record])
    marks: list[tuple[Any, ...]] = field(default_factory=list[tuple[Any, ...]])
    more: bool = False
    total: int | None = None


async def page(session: Any, need: Need, cut: Cut, base: Any = None) -> Found:
    """A page of a model's rows; `base`: a SELECT of the model that carries conditions or joins of its own."""
    columns = [*need.selected(), *computed(need), *(marks(cut.order) if cut.cursors else ())]
    if base is None:
        statement = sa.select(*columns).select_from(need.model)
    else:
        statement = base.with_only_columns(*columns, maintain_column_froms=True).order_by(None)
    found = Found()
    if cut.first:
        limited = statement.where(*cut.conditions).order_by(*(term.ordering for term in cut.order))
        if cut.after is not None:
            limited = limited.where(behind(cut.order, cut.after))
        rows = (await session.execute(limited.limit(inlined(cut.first + 1)))).all()
        found.more = len(rows) > cut.first
        rows = rows[: cut.first]
        found.records = list(_records(rows, need))
        if cut.cursors:
            found.marks = [tuple(row[-len(cut.order) :]) for row in rows]
    if cut.total:
        found.total = await _count(session, need, cut, base)
    return found


async def by_key(
    session: Any, need: Need, attribute: str, keys: Iterable[Any], conditions: Sequence[Any]
) -> list[Record]:
    """The rows whose attribute is one of the keys; `attribute` is among the values of each record."""
    wanted = list(keys)
    if not wanted:
        return []
    need.attribute(attribute)
    need.attribute(TENANT)
    statement = sa.select(*need.selected(), *computed(need)).where(
        getattr(need.model, attribute).in_(wanted), *conditions
    )
    return list(_records((await session.execute(statement)).all(), need))


async def per_parent(session: Any, need: Need, attribute: str, keys: Iterable[Any], cut: Cut) -> dict[Any, Found]:
    """A page for each parent, by (tenant, key): rows whose `attribute` is the parent's key."""
    wanted = list(keys)
    found: dict[Any, Found] = defaultdict(Found)
    if wanted and cut.first:
        await _pages(session, need, attribute, wanted, cut, found)
    if wanted and cut.total:
        await _counts(session, need.model, attribute, wanted, cut, found)
    return found


async def of_each(run: Run, need: Need, attribute: str, keys: Iterable[Any], cut: Cut) -> dict[Any, Found]:
    """As `per_parent`; a computed expression that fails leaves the rest of the rows in place."""
    wanted = list(keys)
    return await apart.read(
        run,
        need,
        lambda: per_parent(run.session, need, attribute, wanted, cut),
        lambda pages: [record for page in pages.values() for record in page.records],
    )


async def _pages(session: Any, need: Need, attribute: str, keys: list[Any], cut: Cut, found: dict[Any, Found]) -> None:
    model = need.model
    # The rows of one page are few: where the whole object is needed, it is read by key in a second statement.
    need.attributes((attribute, TENANT, *(key_of(model) if need.whole else ())))
    one_town = session.scope.tenant is not None
    if one_town and session.dialect == "postgresql":
        statement = parents.lateral(need, attribute, keys, cut)
    elif one_town and len(set(key_of(model)) - {attribute}) == 1:
        statement = parents.chosen(need, attribute, keys, cut, session.get_bind().dialect)
    else:
        statement = parents.ranked(need, attribute, keys, cut)
    rows = (await session.execute(statement)).all()
    grouped: dict[Any, list[Any]] = defaultdict(list)
    names = [*need.columns, *need.computed]
    tenant, key = names.index(TENANT), names.index(attribute)
    for row in rows:
        grouped[row[tenant], row[key]].append(row)
    for owner, mine in grouped.items():
        entry = found[owner]
        entry.more = len(mine) > cut.first
        kept = mine[: cut.first]
        entry.records = [Record(None, dict(zip(names, row, strict=False))) for row in kept]
        entry.marks = [tuple(row[len(names) :]) for row in kept]
    if need.whole:
        await whole(session, need.model, [record for entry in found.values() for record in entry.records])


async def whole(session: Any, model: type[Any], records: Sequence[Record]) -> None:
    """Read the objects behind records, in one statement."""
    key = (TENANT, *key_of(model))
    wanted = [tuple(record.values[name] for name in key) for record in records]
    if not wanted:
        return
    attributes = [getattr(model, name) for name in key]
    statement = sa.select(model).where(sa.tuple_(*attributes).in_(wanted))
    found = {tuple(getattr(row, name) for name in key): row for row in (await session.scalars(statement)).all()}
    for record, identity in zip(records, wanted, strict=True):
        record.entity = found.get(identity)


def _records(rows: Iterable[Any], need: Need) -> Iterable[Record]:
    if not need.whole:
        names = [*(need.columns or key_of(need.model)[:1]), *need.computed]
        for row in rows:
            yield Record(None, dict(zip(names, row, strict=False)))
        return
    computed = list(need.computed)
    for row in rows:
        values = {name: getattr(row[0], name) for name in need.columns}
        values.update(zip(computed, row[1:], strict=False))
        yield Record(row[0], values)


async def _count(session: Any, need: Need, cut: Cut, base: Any) -> int:
    if base is None:
        statement = sa.select(sa.func.count()).select_from(need.model).where(*cut.conditions)
        return int((await session.execute(statement)).scalar_one())
    keys = [getattr(need.model, name) for name in (TENANT, *key_of(need.model))]
    chosen = base.with_only_columns(*keys, maintain_column_froms=True).where(*cut.conditions).order_by(None).subquery()
    alias = aliased(need.model, chosen)
    return int((await session.execute(sa.select(sa.func.count(getattr(alias, TENANT))))).scalar_one())


async def _counts(
    session: Any, model: type[Any], attribute: str, keys: list[Any], cut: Cut, found: dict[Any, Found]
) -> None:
    tenant, parent = getattr(model, TENANT), getattr(model, attribute)
    statement = (
        sa.select(tenant, parent, sa.func.count()).where(parent.in_(keys), *cut.conditions).group_by(tenant, parent)
    )
    for town, key, number in (await session.execute(statement)).all():
        found[town, key].total = number
