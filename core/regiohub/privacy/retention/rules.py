"""Declarations of categories as rules about rows: which are past their time in one town, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from regiohub.db.base import TenantTable
from regiohub.plugins.data import DataCategory, PersonalTable, parent_of
from regiohub.plugins.expiry import Expiry
from regiohub.privacy.tables import attribute_of
from regiohub.texts import Text

from .periods import Limit, limit_of


@dataclass(frozen=True, eq=False)
class Rule:
    """Rows of one table that go, or lose the columns `emptied`, once `kept` has passed.

    Counted from `counted_from`, or together with the row that `belongs_to` points to.
    """

    category: DataCategory
    title: Text
    model: type[TenantTable]
    kept: timedelta
    changeable: bool
    counted_from: tuple[str, ...] = ()
    belongs_to: str | None = None
    emptied: tuple[str, ...] = ()
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])
    held_by: tuple[str, ...] = ()

    @property
    def table(self) -> sa.Table:
        """The table that the rule is about."""
        return cast("sa.Table", self.model.__table__)

    def attribute(self, column: str) -> Any:
        """The mapped attribute of a column."""
        return attribute_of(self.model, column)

    @property
    def key(self) -> list[Any]:
        """The attributes that tell a row of a town from others."""
        return [self.attribute(c.name) for c in self.table.primary_key.columns if c.name != "tenant_id"]


class Rules:
    """The rules of one keeper of data in one town at one moment."""

    def __init__(self, rules: Iterable[Rule], now: datetime, zone: ZoneInfo) -> None:
        self._rules = tuple(rules)
        self._now, self._zone = now, zone
        # What belongs to rows that have no time has none either.
        while lone := [one for one in self._rules if one.belongs_to is not None and not self._above(one)[0]]:
            self._rules = tuple(one for one in self._rules if one not in lone)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._rules)

    def limit(self, rule: Rule) -> Limit:
        """Before what moment or day the time of a row has passed."""
        return limit_of(self._now, self._zone, rule.kept)

    def due(self, rule: Rule) -> sa.ColumnElement[bool]:
        """Rows that are past their time and have something to lose still."""
        if not rule.emptied:
            return self._past(rule)
        return sa.and_(self._past(rule), sa.or_(*(self._filled(rule, name) for name in rule.emptied)))

    def coming(self, rule: Rule) -> sa.Select[Any] | None:
        """The earliest moment or day among rows whose time has not passed; None where other rows decide."""
        if not rule.counted_from:
            return None
        begin = self._begin(rule)
        still = [begin >= self._bound(rule), *self._free(rule)]
        if rule.emptied:
            still.append(sa.or_(*(self._filled(rule, name) for name in rule.emptied)))
        return sa.select(sa.func.min(begin, type_=begin.type)).where(*still)

    def _past(self, rule: Rule) -> sa.ColumnElement[bool]:
        if rule.belongs_to is not None:
            return self._past_with_parent(rule, rule.belongs_to)
        conditions = [self._begin(rule) < self._bound(rule), *self._free(rule)]
        conditions += [~self._held(rule, reference) for reference in rule.held_by]
        return sa.and_(*conditions)

    def _past_with_parent(self, rule: Rule, column: str) -> sa.ColumnElement[bool]:
        parents, key = self._above(rule)
        return sa.or_(
            *(
                rule.attribute(column).in_(sa.select(parent.attribute(key)).where(self._past(parent)))
                for parent in parents
            )
        )

    def _above(self, rule: Rule) -> tuple[list[Rule], str]:
        """The rules of the table that a row belongs to, and the column there that it points to."""
        above = parent_of(PersonalTable(rule.table.name, belongs_to=rule.belongs_to), rule.table)
        assert above is not None, "checked when the plugin was loaded"
        table, key = above
        return self._whole(table), key

    def _whole(self, table: str) -> list[Rule]:
        """The rules that decide over rows of a table as a whole, and so over what belongs to them."""
        found = [rule for rule in self._rules if rule.table.name == table]
        deleting = [rule for rule in found if not rule.emptied]
        return deleting or found

    def _held(self, rule: Rule, reference: str) -> sa.ColumnElement[bool]:
        """Whether a row that points here is within its time."""
        table, _, column = reference.rpartition(".")
        holding = self._whole(table)
        if not holding:
            return sa.false()
        # Whatever is unknown of the other row's time counts as "within".
        within = [sa.case((self._past(other), 0), else_=1) == 1 for other in holding]
        child = holding[0]
        (own,) = rule.key
        return sa.select(sa.literal(1)).where(child.attribute(column) == own, *within).exists()

    def _free(self, rule: Rule) -> list[sa.ColumnElement[bool]]:
        """That no column says that the row is still needed."""
        found: list[sa.ColumnElement[bool]] = []
        for name, values in rule.unless.items():
            attribute = rule.attribute(name)
            found.append(sa.or_(attribute.is_(None), attribute.not_in(values)))
        return found

    def _begin(self, rule: Rule) -> Any:
        columns = [rule.attribute(name) for name in rule.counted_from]
        return columns[0] if len(columns) == 1 else sa.func.coalesce(*columns, type_=columns[0].type)

    def _bound(self, rule: Rule) -> Any:
        limit = self.limit(rule)
        kind: Any = rule.table.columns[rule.counted_from[0]].type
        return sa.literal(limit.day if isinstance(kind, sa.Date) else limit.moment, type_=kind)

    def _filled(self, rule: Rule, name: str) -> sa.ColumnElement[bool]:
        attribute = rule.attribute(name)
        return attribute.is_not(None) if rule.table.columns[name].nullable else attribute != ""


def rules_of(
    categories: Iterable[DataCategory], models: Mapping[str, type[TenantTable]], chosen: Mapping[str, int]
) -> Iterator[Rule]:
    """The rules that categories declare. `chosen`: days by the name of the setting, as the town has them."""
    for category in categories:
        kept = time_of(category, chosen)
        for person in category.people if kept is not None else ():
            if person.table in models and kept is not None and (person.counted_from or person.belongs_to):
                yield Rule(
                    category, category.title, models[person.table], kept, category.setting is not None,
                    counted_from=(person.counted_from,) if person.counted_from else (),
                    # The same outcome as an erasure; what a law kept until now goes with its time.
                    belongs_to=None if person.counted_from else person.belongs_to, emptied=person.emptied,
                )  # fmt: skip
        for one in category.expiries:
            own = time_of(one, chosen) or kept
            if one.table in models and own is not None:
                yield Rule(
                    category, one.title or category.title, models[one.table], own,
                    (one.setting if one.retention is not None else category.setting) is not None,
                    counted_from=one.counted_from, emptied=one.clear, unless=one.unless, held_by=one.held_by,
                )  # fmt: skip


def time_of(one: DataCategory | Expiry, chosen: Mapping[str, int]) -> timedelta | None:
    """How long it is kept in the town: as the town has set it, or as declared; None without a fixed time."""
    if one.setting is not None and one.setting in chosen:
        return timedelta(days=chosen[one.setting])
    return one.retention
