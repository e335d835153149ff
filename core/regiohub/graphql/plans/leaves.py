"""How a value of the database becomes the JSON value that GraphQL wants, written in SQL, on both databases."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, get_named_type

from regiohub.db.geometry import GeoJson
from regiohub.db.types import Guid, UtcDateTime

from .errors import Unplannable
from .sqlforms import AsGeoJson, Fail, ToJson, text

_MOMENT = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
_INT = 2**31


@dataclass(frozen=True, slots=True)
class Shown:
    """An expression whose value is the answer's.

    `json`: it is JSON text; `truth`: SQLite's 0 and 1, which Python has to make true and false. `nested`: what stands
    for it inside JSON that the database writes, where that differs.
    """

    expression: Any
    json: bool = False
    truth: bool = False
    nested: Any = None

    @property
    def inside(self) -> Any:
        """The expression for use inside JSON."""
        return self.expression if self.nested is None else self.nested


def shown(type_: Any, expression: Any, *, postgresql: bool) -> Shown:
    """The expression as an output type of GraphQL wants it. Raises `Unplannable`."""
    inner = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
    if isinstance(inner, GraphQLList):
        if isinstance(expression.type, sa.JSON) and get_named_type(inner).name in ("String", "Int", "Float", "Boolean"):
            return _json(expression, postgresql)
        raise Unplannable(f"a list over {expression.type!r}")
    if isinstance(inner, GraphQLEnumType):
        return Shown(_enum(inner, expression))
    write = _WRITE.get(inner.name)
    if write is None:
        raise Unplannable(f"scalar {inner.name} has no form in SQL")
    kinds, make = write
    if not isinstance(expression.type, kinds) and not (inner.name == "DateTime" and moment_of(expression.type)):
        raise Unplannable(f"{inner.name} over {type(expression.type).__name__}")
    return make(expression, postgresql)


def moment_of(kind: Any) -> Callable[[Any, bool], Any] | None:
    """A plugin's own type for moments says itself how they are written: `rfc3339(expression, postgresql)`."""
    return getattr(kind, "rfc3339", None)


def _enum(type_: GraphQLEnumType, expression: Any) -> Any:
    kind = expression.type
    if not isinstance(kind, (sa.Enum, sa.String)):
        raise Unplannable(f"enum {type_.name} over {type(kind).__name__}")
    by_member: dict[Any, str] = {}
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        by_member = {kind._object_value_for_elem(stored): stored for stored in kind.enums}  # pyright: ignore[reportPrivateUsage]
    enum = type_.extensions["strawberry-definition"].wrapped_cls
    names: dict[str, str] = {}
    for name, value in type_.values.items():
        member = enum(value.value)
        names[by_member.get(member, str(member.value))] = name
    plain = sa.type_coerce(expression, sa.Text())
    # In this form the expression is worked out once, whatever the number of members.
    return sa.case({text(stored): text(name) for stored, name in names.items()}, value=plain, else_=Fail(plain))


def _stored(expression: Any) -> bool:
    """Whether the database vouches for the type of an expression; a computed one may be another than it says."""
    return isinstance(expression, sa.Column)


def _string(expression: Any, _postgresql: bool) -> Shown:
    return Shown(expression if _stored(expression) else sa.cast(expression, sa.Text()))


def _id(expression: Any, postgresql: bool) -> Shown:
    return Shown(sa.cast(expression, sa.Text()) if postgresql else sa.type_coerce(expression, sa.Text()))


def _int(expression: Any, postgresql: bool) -> Shown:
    if postgresql:
        return Shown(sa.cast(expression, sa.Integer()))  # fails beyond 32 bits, as GraphQL's Int has to
    if not _stored(expression):
        return Shown(sa.func.whole_number(expression))
    fits = expression.between(sa.literal_column(str(-_INT)), sa.literal_column(str(_INT - 1)))
    return Shown(sa.case((fits, expression), else_=Fail(expression)))


def _float(expression: Any, postgresql: bool) -> Shown:
    if postgresql:
        finite = sa.and_(
            expression < sa.literal_column("'Infinity'::float8"), expression > sa.literal_column("'-Infinity'::float8")
        )
        return Shown(sa.case((finite, expression), else_=Fail(expression, type_=sa.Double())))
    plain = expression if _stored(expression) else sa.func.real_number(expression)
    largest = sa.literal_column(repr(sys.float_info.max))
    finite = plain.between(-largest, largest)
    # SQLite writes 15 digits into JSON, which is all of most values. Python is called for the others only: from a
    # thread, each call waits for the event loop.
    short = sa.cast(sa.func.printf(text("%!.15g"), plain), sa.REAL()) == plain
    exact = sa.case((short, plain), else_=ToJson(sa.func.number_text(plain)))
    return Shown(sa.case((finite, plain), else_=Fail(plain)), nested=ToJson(exact))


def _boolean(expression: Any, postgresql: bool) -> Shown:
    if postgresql:
        return Shown(expression)
    nested = sa.case((expression.is_(None), sa.null()), (expression, ToJson(text("true"))), else_=ToJson(text("false")))
    return Shown(expression, truth=True, nested=nested)


def _moment(expression: Any, postgresql: bool) -> Shown:
    own = moment_of(expression.type)
    if own is not None:
        return Shown(own(expression, postgresql))
    if postgresql:
        return Shown(sa.func.to_char(sa.func.timezone(text("UTC"), expression), text(_MOMENT)))
    plain = sa.type_coerce(expression, sa.Text())
    return Shown(sa.func.substr(plain, sa.literal_column("1"), sa.literal_column("23")) + text("Z"))


def _date(expression: Any, postgresql: bool) -> Shown:
    return Shown(sa.cast(expression, sa.Text()) if postgresql else sa.type_coerce(expression, sa.Text()))


def _time(expression: Any, postgresql: bool) -> Shown:
    if postgresql:
        exact, plain = (
            sa.func.to_char(expression, text("HH24:MI:SS.US")),
            sa.func.to_char(expression, text("HH24:MI:SS")),
        )
    else:
        exact = sa.type_coerce(expression, sa.Text())
        plain = sa.func.substr(exact, sa.literal_column("1"), sa.literal_column("8"))
    return Shown(sa.case((exact.like(text("%.000000")), plain), else_=exact))


def _decimal(expression: Any, postgresql: bool) -> Shown:
    if postgresql:
        return Shown(sa.cast(expression, sa.Text()))
    scale = expression.type._effective_decimal_return_scale  # pyright: ignore[reportPrivateUsage]
    return Shown(sa.func.decimal_text(expression, sa.literal_column(str(scale))))


def _json(expression: Any, postgresql: bool) -> Shown:
    return Shown(sa.type_coerce(expression, sa.JSON()) if postgresql else ToJson(expression), json=True)


def _geojson(expression: Any, _postgresql: bool) -> Shown:
    return Shown(AsGeoJson(sa.type_coerce(expression, sa.Text())), json=True)


def _bigint(expression: Any, _postgresql: bool) -> Shown:
    return Shown(sa.cast(expression, sa.Text()))


_WRITE: dict[str, tuple[Any, Callable[[Any, bool], Shown]]] = {
    "String": ((sa.String,), _string),
    "ID": ((Guid, sa.Uuid, sa.String), _id),
    "Int": ((sa.Integer,), _int),
    "Float": ((sa.Float,), _float),
    "Boolean": ((sa.Boolean,), _boolean),
    "DateTime": ((UtcDateTime,), _moment),
    "Date": ((sa.Date,), _date),
    "Time": ((sa.Time,), _time),
    "Decimal": ((sa.Numeric,), _decimal),
    "JSON": ((sa.JSON,), _json),
    "GeoJSON": ((GeoJson,), _geojson),
    "BigInt": ((sa.Integer,), _bigint),
}
