"""Invented values for columns: by Python type, by column type, and by what the column's name promises."""

from __future__ import annotations

import enum
import sys
import uuid
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from inspect import get_annotations
from types import UnionType
from typing import Any, Union, cast, get_args, get_origin

import sqlalchemy as sa

from regiohub.db.base import uuid7
from regiohub.db.geometry import GeoJson
from regiohub.db.types import Guid, UtcDateTime
from regiohub.tenancy.context import Ctx


def invented(model: type[Any], column: sa.Column[Any], attribute: str, number: int, ctx: Ctx) -> Any:
    """A value that the column takes: other rows (`number`, from 1) get other values wherever the type has enough.

    Moments lie ahead of the platform's clock: days by the number of the row, hours by the place of the column in its
    table, so that an end follows its start. Points lie near the town's centre.

    :raises LookupError: the type is unknown.
    """
    place = list(column.table.columns).index(column)
    kind = column.type
    if isinstance(kind, sa.Enum):
        members: list[Any] = list(kind.enum_class) if kind.enum_class else list(kind.enums)
        return members[(number - 1) % len(members)]
    if isinstance(kind, GeoJson):
        lon, lat = ctx.tenant.centre
        return {"type": "Point", "coordinates": [round(lon + number / 1000, 7), round(lat + number / 1000, 7)]}
    wanted = _python_type(model, attribute) or _type_of(kind)
    if wanted is None:
        raise LookupError(f"{column.table.name}.{column.name}: no value is known for the type {kind!r}")
    return _of_type(wanted, column, number, ctx.now() + timedelta(days=number, hours=place))


def _of_type(wanted: type[Any], column: sa.Column[Any], number: int, moment: datetime) -> Any:
    if issubclass(wanted, enum.Enum):
        members = list(wanted)
        return members[(number - 1) % len(members)]
    if issubclass(wanted, str):
        return _text(column, number)
    simple: Mapping[type[Any], Any] = {
        bool: number % 2 == 1, int: number, float: float(number), Decimal: Decimal(number), uuid.UUID: uuid7(),
        datetime: moment, date: moment.date(), time: time(moment.hour, number % 60),
        timedelta: timedelta(minutes=number), bytes: str(number).encode(), dict: {}, list: [], tuple: [],
    }  # fmt: skip
    for known, value in simple.items():
        if wanted is known:
            return value
    raise LookupError(f"{column.table.name}.{column.name}: no value is known for {wanted.__name__}")


def _text(column: sa.Column[Any], number: int) -> str:
    """A text that looks like what the column's name promises; the number ends it, so that cutting keeps it."""
    name = column.name
    if name.endswith(("email", "mail")):
        made = f"person{number}@example.org"
    elif name.endswith(("url", "website", "href", "link")):
        made = f"https://example.org/{number}"
    elif name.endswith(("lang", "language", "locale")):
        made = "de"
    elif name.endswith("currency"):
        made = "EUR"
    elif name.endswith(("colour", "color")):
        made = f"#{number % 0x1000000:06x}"
    elif name.endswith(("phone", "telephone", "fax")):
        made = f"+49 30 {number:07d}"
    elif name.endswith(("postcode", "postal_code", "zip")):
        made = f"{14400 + number % 1000}"
    else:
        made = f"{name.replace('_', '-')}-{number}"
    length = getattr(column.type, "length", None)
    return made[-length:] if length else made


def _type_of(kind: Any) -> type[Any] | None:
    if isinstance(kind, Guid):
        return uuid.UUID
    if isinstance(kind, UtcDateTime):
        return datetime
    if isinstance(kind, sa.JSON):
        return dict
    try:
        return kind.python_type
    except NotImplementedError:
        return None


def _python_type(model: type[Any], attribute: str) -> type[Any] | None:
    """The type that the model's annotation names: `Mapped[datetime | None]` is a datetime."""
    for owner in model.__mro__:
        annotation: Any = get_annotations(owner).get(attribute)
        if annotation is not None:
            break
    else:
        return None
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, dict(vars(sys.modules[owner.__module__])))  # noqa: S307 - the plugin's own source
        except (NameError, KeyError, TypeError, AttributeError):
            return None
    inner: Any = (get_args(annotation) or (annotation,))[0]
    if get_origin(inner) in (Union, UnionType):
        inner = next(part for part in get_args(inner) if part is not type(None))
    plain = get_origin(inner) or inner
    return cast("type[Any]", plain) if isinstance(plain, type) else None
