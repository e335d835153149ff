"""What a plugin says about rows that go by their age alone, where retention and `counted_from` do not say it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from regiohub.texts import Text

MOST_DAYS: Final = 36_500
"""A hundred years: the longest time that a town may choose. A calendar has an end."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Rows of a table that go once their time has passed, or lose some columns then.

    `counted_from`: the columns with the moment or day from which the time counts; the first that is not empty counts,
    and a row in which all of them are empty stays.
    `clear`: the row stays and loses these columns. Without it the row is deleted.
    `unless`: a row that has one of these values in such a column is still needed and stays: `{"state": ("open",)}`.
    `held_by`: references to this row as `table.column`: while one of the rows that point here is within its time, this
    one stays as well.
    `retention`: a time of its own instead of the category's, with `title` for whoever asks what is kept how long.
    `setting`: the setting (whole days, with `ge=` and `le=`) by which a town changes it; its default is `retention`.
    """

    table: str
    counted_from: tuple[str, ...]
    clear: tuple[str, ...] = ()
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, "tuple[str, ...]"])
    held_by: tuple[str, ...] = ()
    retention: timedelta | None = None
    setting: str | None = None
    title: Text | None = None


def expiry_faults(one: Expiry, tables: Mapping[str, sa.Table]) -> Iterator[str]:
    """What contradicts itself in one expiry; `tables`: the plugin's tables by name."""
    table = tables.get(one.table)
    if table is None:
        yield f"expiry of the unknown table {one.table}"
        return
    start = f"expiry of table {one.table}"
    if not one.counted_from:
        yield f"{start}: nothing says from when the time counts (counted_from)"
    for name in dict.fromkeys((*one.counted_from, *one.clear, *one.unless)):
        if name not in table.columns:
            yield f"{start}: there is no column {name}"
    for name in one.counted_from:
        if name in table.columns and not counts_time(table.columns[name]):
            yield f"{start}: column {name} holds no moment and no day"
    for reference in one.held_by:
        name, _, column = reference.rpartition(".")
        if name not in tables or column not in tables[name].columns:
            yield f"{start}: held_by names the unknown column {reference}"
    if one.retention is not None and one.title is None:
        yield f"{start}: a time of its own needs a title"


def setting_faults(setting: str | None, retention: timedelta | None, model: type[BaseModel]) -> Iterator[str]:
    """What does not fit between a retention and the setting by which a town changes it."""
    if setting is None:
        return
    declared = model.model_fields.get(setting)
    if declared is None or declared.annotation is not int:
        yield f"the setting {setting} is no whole number of days of {model.__name__}"
    elif retention is None or timedelta(days=declared.default) != retention:
        yield f"the default of the setting {setting} is {declared.default} days, and the retention another"
    elif max(_rules(declared, "ge"), default=0) < 1 or min(_rules(declared, "le"), default=MOST_DAYS + 1) > MOST_DAYS:
        yield f"the setting {setting} needs limits: ge=1 or more, and le={MOST_DAYS} or less"


def _rules(info: FieldInfo, name: str) -> list[int]:
    found = (getattr(rule, name, None) for rule in info.metadata)
    return [limit for limit in found if isinstance(limit, int)]


def counts_time(column: sa.Column[Any]) -> bool:
    """Whether a column holds moments or days."""
    kind: Any = column.type
    stored = kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind
    if isinstance(stored, (sa.DateTime, sa.Date)):
        return True
    try:  # moments in another form say what Python sees of them
        return issubclass(kind.python_type, date)
    except NotImplementedError:
        return False
