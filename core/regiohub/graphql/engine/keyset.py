"""Orders and cursors: a cursor names the last entry seen by the values it was ordered by."""

from __future__ import annotations

import base64
import binascii
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from zlib import crc32

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

from regiohub.db.types import Guid, UtcDateTime
from regiohub.errors import InvalidInput
from regiohub.texts import t


class InvalidCursor(InvalidInput):
    """A cursor that this list never gave out."""

    code = "INVALID_CURSOR"

    def __init__(self) -> None:
        super().__init__(
            t("Diese Marke gehört nicht zu dieser Liste.", "This cursor does not belong to this list."), field="after"
        )


@dataclass(frozen=True, slots=True)
class Term:
    """One expression of an order. Null stands last, whichever the direction and the database."""

    expression: Any
    descending: bool
    nullable: bool

    @property
    def ordering(self) -> Any:
        """The ORDER BY element."""
        ordered = self.expression.desc() if self.descending else self.expression.asc()
        return ordered.nulls_last() if self.nullable else ordered

    @property
    def mark(self) -> str:
        """A word that tells this expression from others."""
        expression = self.expression
        named = isinstance(expression, InstrumentedAttribute)
        return f"{expression.class_.__name__}.{expression.key}" if named else str(expression)


def terms(order: Sequence[Any], key: Sequence[Any]) -> tuple[Term, ...]:
    """An order made unique: the given expressions, then the columns of the key that are not among them."""
    given = [_term(expression) for expression in order]
    present = {term.mark for term in given}
    # Running the key in the common direction lets one index serve the whole order.
    descending = bool(given) and all(term.descending for term in given)
    rest = [Term(column, descending, nullable=False) for column in key]
    return (*given, *(term for term in rest if term.mark not in present))


def _term(expression: Any) -> Term:
    descending = False
    while isinstance(expression, UnaryExpression) and expression.modifier is not None:
        descending = descending or expression.modifier is operators.desc_op
        expression = expression.element
        annotated = getattr(expression, "_annotations", {})
        if "proxy_key" in annotated and "parententity" in annotated:
            expression = getattr(annotated["parententity"].entity, annotated["proxy_key"])
    nullable = True
    if isinstance(expression, InstrumentedAttribute):
        nullable = any(column.nullable for column in expression.property.columns)
    return Term(expression, descending, nullable)


def behind(order: Sequence[Term], values: Sequence[Any]) -> Any:
    """The predicate of entries that stand behind the given values."""
    bound = [sa.literal(value, term.expression.type) for term, value in zip(order, values, strict=True)]
    one_way = len({term.descending for term in order}) == 1
    if one_way and not any(term.nullable for term in order):
        left, right = sa.tuple_(*(term.expression for term in order)), sa.tuple_(*bound)
        return left < right if order[0].descending else left > right
    steps: list[Any] = []
    equal: list[Any] = []
    for term, value, literal in zip(order, values, bound, strict=True):
        if value is None:
            equal.append(term.expression.is_(None))
            continue
        further = term.expression < literal if term.descending else term.expression > literal
        if term.nullable:
            further = sa.or_(further, term.expression.is_(None))
        steps.append(sa.and_(*equal, further))
        equal.append(term.expression == literal)
    return sa.or_(*steps) if steps else sa.false()


def encode(order: Sequence[Term], values: Sequence[Any]) -> str:
    """The cursor of an entry."""
    return pack([_fingerprint(order), *map(_tagged, values)])


def decode(order: Sequence[Term], cursor: str) -> list[Any]:
    """The values in a cursor. Raises `InvalidCursor` for one of another list, or made up."""
    content = unpack(cursor)
    if len(content) != len(order) + 1 or content[0] != _fingerprint(order):
        raise InvalidCursor
    return [_untagged(entry, term) for entry, term in zip(content[1:], order, strict=True)]


def pack(content: list[Any]) -> str:
    """JSON as text that fits into addresses."""
    return base64.urlsafe_b64encode(orjson.dumps(content)).rstrip(b"=").decode()


def unpack(cursor: str) -> list[Any]:
    """What `pack` made a cursor of. Raises `InvalidCursor`."""
    try:
        content = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (ValueError, binascii.Error) as error:
        raise InvalidCursor from error
    if not isinstance(content, list):
        raise InvalidCursor
    return content


def _fingerprint(order: Sequence[Term]) -> int:
    return crc32("|".join(f"{term.mark}{'-' if term.descending else ''}" for term in order).encode())


def _tagged(value: Any) -> Any:
    match value:
        case None:
            return None
        case Enum():
            return ["e", value.value]
        case datetime():
            return ["d", value.astimezone(UTC).isoformat()]
        case date() | time():
            return ["c", value.isoformat()]
        case uuid.UUID() | Decimal():
            return ["x", str(value)]
        case _:
            return ["p", value]


def _untagged(entry: Any, term: Term) -> Any:
    """The value behind an entry, of the type that the expression has: a forged one must not reach the database."""
    if entry is None:
        if term.nullable:
            return None
        raise InvalidCursor
    if not isinstance(entry, list) or len(entry) != 2:
        raise InvalidCursor
    try:
        return _typed(entry[1], term.expression.type)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise InvalidCursor from error


def _typed(value: Any, kind: Any) -> Any:
    match kind:
        case Guid() | sa.Uuid():
            return uuid.UUID(value)
        case UtcDateTime() | sa.DateTime():
            return _moment(value)
        case sa.TypeDecorator() if kind.python_type is datetime:  # a plugin's own type for moments
            return _moment(value)
        case sa.Date():
            return date.fromisoformat(value)
        case sa.Time():
            return time.fromisoformat(value)
        case sa.Enum():
            return kind.enum_class(value) if kind.enum_class else _checked(value, str)
        case sa.Boolean():
            return _checked(value, bool)
        case sa.Integer():
            return _checked(value, int)
        case sa.Float():
            return float(_checked(value, (int, float)))
        case sa.Numeric():
            return Decimal(value)
        case _:
            return _checked(value, (str, int, float))


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _checked(value: Any, kind: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError("a cursor with a value of another type")
    return value
