"""Which GraphQL types can show what a column holds."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from graphql import GraphQLEnumType, GraphQLList, GraphQLNamedType, is_leaf_type

from regiohub.db.geometry import GeoJson
from regiohub.db.types import Guid, UtcDateTime
from regiohub.graphql.engine.shape import BACKREF, nullable

_SCALARS: dict[type[Any], tuple[str, tuple[str, ...]]] = {
    bool: ("bool", ("Boolean",)),
    int: ("int", ("Int", "BigInt", "Float")),
    float: ("float", ("Float",)),
    Decimal: ("Decimal", ("Decimal",)),
    str: ("str", ("String",)),
    datetime: ("datetime", ("DateTime",)),
    date: ("date", ("Date",)),
    time: ("time", ("Time",)),
    timedelta: ("timedelta", ("Duration",)),
    uuid.UUID: ("UUID", ("ID",)),
}
"""By the Python type of a column: how to annotate it, and the scalars that write its values."""
_OURS = frozenset(name for _, names in _SCALARS.values() for name in names) | {"GeoJSON", "JSON"}


def misfit(kind: Any, type_: Any) -> str | None:
    """Why values of a column type cannot be shown as a GraphQL type; None if they can, or if nobody can tell."""
    shown = nullable(type_)
    if isinstance(kind, GeoJson):
        return _unless(_name(shown) in ("GeoJSON", "JSON"), "a geometry", shown, "GeoJSON")
    if isinstance(kind, sa.JSON):
        return None if _is_json(shown) else f"holds JSON, but the field is {shown}; derive it with computed(python=…)"
    if isinstance(kind, sa.ARRAY):
        return None
    if isinstance(shown, GraphQLList):
        return f"holds one value, but the field is {shown}; only JSON columns hold lists"
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return _enum(kind.enum_class, shown)
    python = _python(kind)
    if python not in _SCALARS or (_name(shown) not in _OURS and not isinstance(shown, GraphQLEnumType)):
        return None
    words, names = _SCALARS[python]
    if isinstance(shown, GraphQLEnumType):
        return f"holds {words}, but the field is the enum {shown}; map the column with the enum, or annotate it {words}"
    return _unless(_name(shown) in names, words, shown, words)


def _enum(members: type[Any], shown: Any) -> str | None:
    if isinstance(shown, GraphQLEnumType):
        declared = shown.extensions[BACKREF].wrapped_cls
        return _unless(declared is members, members.__name__, shown, members.__name__)
    return _unless(issubclass(members, str) and _name(shown) == "String", members.__name__, shown, members.__name__)


def _unless(fits: bool, holds: str, shown: Any, remedy: str) -> str | None:
    return None if fits else f"holds {holds}, but the field is {shown}; annotate it {remedy}"


def _is_json(shown: Any) -> bool:
    if isinstance(shown, GraphQLList):
        return _is_json(nullable(shown.of_type))
    return bool(is_leaf_type(shown))


def _name(type_: Any) -> str:
    return type_.name if isinstance(type_, GraphQLNamedType) else ""


def _python(kind: Any) -> Any:
    if isinstance(kind, (Guid, UtcDateTime)):
        return uuid.UUID if isinstance(kind, Guid) else datetime
    if isinstance(kind, (sa.types.NullType, sa.LargeBinary)):
        return None
    try:
        return kind.python_type
    except NotImplementedError:
        return None
