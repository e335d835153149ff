"""From what matters of a row to all its columns, and to the text that PostgreSQL reads."""

from __future__ import annotations

import enum
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from regiohub.db.geometry import GeoJson
from regiohub.db.types import UtcDateTime
from regiohub_lorawan.models.moments import EpochMillis, to_millis

from .facts import MADE
from .rows import Row

_OBJECTS = {"opening", "variables", "figures"}


def complete(table: sa.Table, tenant: int, row: Row) -> list[Any]:
    """The row with a value in each column: null where that is allowed, else something harmless."""
    full = {"tenant_id": tenant} | row
    return [full[column.name] if column.name in full else _default(column) for column in table.columns]


def _default(column: sa.Column[Any]) -> Any:
    kind = column.type
    if column.nullable:
        return None
    if isinstance(kind, sa.Enum):
        return next(iter(kind.enum_class or ()))
    if isinstance(kind, sa.JSON):
        return {} if column.name in _OBJECTS else []
    return MADE if isinstance(kind, UtcDateTime) else kind.python_type()


def text(column: sa.Column[Any], value: Any) -> str:
    """One value of a CSV line as PostgreSQL reads it."""
    if value is None:
        return ""
    if isinstance(column.type, GeoJson):
        return "SRID=4326;POINT({} {})".format(*value["coordinates"])
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, datetime):
        value = to_millis(value) if isinstance(column.type, EpochMillis) else value.isoformat()
    if isinstance(value, dict | list):
        value = json.dumps(value)
    if isinstance(value, UUID):
        value = value.hex
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else str(value)
