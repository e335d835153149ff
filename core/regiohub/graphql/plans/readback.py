"""Stored values through JSON and back: how Python gets the value that a model's attribute would have."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa

from regiohub.db.types import Guid, UtcDateTime

from .errors import Unplannable
from .leaves import moment_of
from .sqlforms import ToJson, text

_EXACT = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'


class Read(NamedTuple):
    """The form of an expression that survives JSON, what makes the Python value of it again, whether it is JSON."""

    expression: Any
    value: Callable[[Any], Any]
    json: bool = False


def readback(expression: Any, *, postgresql: bool) -> Read:
    """How a stored value comes through JSON. Raises `Unplannable`."""
    kind = expression.type
    if isinstance(kind, (Guid, sa.Uuid)):
        return Read(_text(expression, postgresql), _uuid)
    if isinstance(kind, UtcDateTime):
        if postgresql:
            exact = sa.func.to_char(sa.func.timezone(text("UTC"), expression), text(_EXACT))
        else:
            exact = sa.type_coerce(expression, sa.Text())
        return Read(exact, _moment)
    if moment_of(kind) is not None or isinstance(kind, sa.types.TypeDecorator):
        return _decorated(expression)
    if isinstance(kind, sa.Date):
        return Read(_text(expression, postgresql), _date)
    if isinstance(kind, sa.Time):
        return Read(_text(expression, postgresql), _time)
    if isinstance(kind, sa.Enum):
        return Read(sa.type_coerce(expression, sa.Text()), _enum(kind))
    if isinstance(kind, sa.Boolean):
        return Read(expression, _truth)
    if isinstance(kind, sa.Float) and not postgresql:
        return Read(sa.func.number_text(expression), _float)
    if isinstance(kind, sa.Float):
        return Read(expression, _float)
    if isinstance(kind, sa.Numeric):
        if postgresql:
            return Read(sa.cast(expression, sa.Text()), _decimal)
        scale = kind._effective_decimal_return_scale  # pyright: ignore[reportPrivateUsage]
        return Read(sa.func.decimal_text(expression, sa.literal_column(str(scale))), _decimal)
    if isinstance(kind, sa.JSON):
        return Read((sa.type_coerce(expression, sa.JSON()) if postgresql else ToJson(expression)), _same, json=True)
    if isinstance(kind, (sa.Integer, sa.String)):
        return Read(expression, _same)
    raise Unplannable(f"{type(kind).__name__} does not survive JSON")


def _decorated(expression: Any) -> Read:
    kind = expression.type
    if not isinstance(kind.impl_instance if hasattr(kind, "impl_instance") else kind.impl, (sa.Integer, sa.String)):
        raise Unplannable(f"{type(kind).__name__} does not survive JSON")
    process = kind.process_result_value

    def value_of(value: Any) -> Any:
        return process(value, None)

    return Read(sa.type_coerce(expression, kind.impl), value_of)


def _text(expression: Any, postgresql: bool) -> Any:
    return sa.cast(expression, sa.Text()) if postgresql else sa.type_coerce(expression, sa.Text())


def _same(value: Any) -> Any:
    return value


def _uuid(value: Any) -> Any:
    return None if value is None else uuid.UUID(value)


def _moment(value: Any) -> Any:
    return None if value is None else datetime.fromisoformat(value)


def _date(value: Any) -> Any:
    return None if value is None else date.fromisoformat(value)


def _time(value: Any) -> Any:
    return None if value is None else time.fromisoformat(value)


def _truth(value: Any) -> Any:
    return None if value is None else bool(value)


def _float(value: Any) -> Any:
    return None if value is None else float(value)


def _decimal(value: Any) -> Any:
    return None if value is None else Decimal(value)


def _enum(kind: sa.Enum) -> Callable[[Any], Any]:
    if kind.enum_class is None:
        return _same
    members = {stored: kind._object_value_for_elem(stored) for stored in kind.enums}  # pyright: ignore[reportPrivateUsage]

    def value_of(value: Any) -> Any:
        return None if value is None else members[value]

    return value_of
