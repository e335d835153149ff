"""What has to go at a moment, worked out without SQL; and moments moved to where a test needs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from regiohub.plugins.data import PersonalTable, parent_of
from regiohub.privacy.retention.rules import Rule, Rules

from .people import Row, Tables

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aged:
    """The moment that a row is moved to."""

    target: datetime
    zone: ZoneInfo

    def moved(self, value: date, begin: date) -> date:
        """A moment or day of the row, moved by as much as its beginning is to the target."""
        if isinstance(begin, datetime):
            return value + (self.target - begin)
        return value + (self.target.astimezone(self.zone).date() - begin)

    def value(self, is_day: bool) -> date:
        """The target itself, for a column that was empty."""
        return self.target.astimezone(self.zone).date() if is_day else self.target


class Oracle:
    """Which rows the rules delete and empty, judged row by row in Python."""

    def __init__(self, tables: Tables, rules: Rules, rows: Mapping[str, list[Row]]) -> None:
        self._tables, self._rules, self._rows = tables, rules, rows
        self._deleted: dict[str, set[Key]] = {}
        self._emptied: dict[tuple[str, Key], set[str]] = {}
        for rule in rules:
            name = rule.table.name
            for row in rows[name]:
                if not self._past(rule, row):
                    continue
                if rule.emptied:
                    self._emptied.setdefault((name, tables.key(name, row)), set()).update(rule.emptied)
                else:
                    self._deleted.setdefault(name, set()).add(tables.key(name, row))

    def deleted(self, table: str) -> set[Key]:
        """Keys of the rows of a table that go."""
        return self._deleted.get(table, set())

    def emptied(self, table: str, key: Key) -> set[str]:
        """Columns that a row loses."""
        return self._emptied.get((table, key), set())

    def goes_along(self, table: str, row: Row) -> bool:
        """Whether a row points, directly or not, to one that goes: a foreign key may take it along."""
        for key in self._tables.table(table).foreign_key_constraints:
            target = key.referred_table.name
            if target not in self._rows or target == table:
                continue
            pairs = [(e.parent.name, e.column.name) for e in key.elements]
            for other in self._rows[target]:
                if all(row[own] == other[theirs] for own, theirs in pairs) and (
                    self._tables.key(target, other) in self.deleted(target) or self.goes_along(target, other)
                ):
                    return True
        return False

    def _past(self, rule: Rule, row: Row) -> bool:
        if rule.belongs_to is not None:
            return self._parent_past(rule, row)
        begin = next((row[name] for name in rule.counted_from if row[name] is not None), None)
        if begin is None or any(row[name] in values for name, values in rule.unless.items()):
            return False
        limit = self._rules.limit(rule)
        if not begin < (limit.moment if isinstance(begin, datetime) else limit.day):
            return False
        return not any(self._held(rule, row, reference) for reference in rule.held_by)

    def _parent_past(self, rule: Rule, row: Row) -> bool:
        above = parent_of(PersonalTable(rule.table.name, belongs_to=rule.belongs_to), rule.table)
        if above is None or rule.belongs_to is None:
            return False
        table, key = above
        parents = [other for other in self._rows[table] if other[key] == row[rule.belongs_to]]
        return any(self._past(one, parent) for parent in parents for one in self._whole(table))

    def _held(self, rule: Rule, row: Row, reference: str) -> bool:
        table, _, column = reference.rpartition(".")
        pointing = [other for other in self._rows[table] if other[column] == row["id"]]
        return any(not any(self._past(one, other) for one in self._whole(table)) for other in pointing)

    def _whole(self, table: str) -> list[Rule]:
        found = [rule for rule in self._rules if rule.table.name == table]
        return [rule for rule in found if not rule.emptied] or found
