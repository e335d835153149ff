"""Random values for the columns of a table, by their types."""

from __future__ import annotations

import random
import string
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from regiohub.db.geometry import GeoJson
from regiohub.db.types import Guid, UtcDateTime

from .documents.scalars import ODD_TEXTS

_WORDS = (
    "Saal", "Rathaus", "Straße", "Bücherei", "Pegel", "Luft", "Bürger", "Verkehr", "Garten", "Höhe", "Wasser", "Kita",
    "Café", "Übung", "Gruppe", "Beamer", "Zelt", "Turnhalle", "alpha", "Beta", "zeta", "Ärztin", "naïve", "ꙮ", "🌳",
)  # fmt: skip
_FLOATS = (0.1 + 0.2, 1e-7, 1e16, -0.0, 0.0, 1 / 3, 2.5, -273.15, 123456789.123456789, 5e-324, 1e300, 1e22)
_NUMBERS = ("0", "1", "0.25", "-0.000001", "999999999999.999999", "12.500000", "100")
_ROUND = 1_000_000


@dataclass(slots=True)
class Cells:
    """Draws values. `now` and `centre` (longitude, latitude): where most moments and places lie."""

    rng: random.Random
    now: datetime
    centre: tuple[float, float]

    def draw(self, column: sa.Column[Any], annotation: str) -> Any:
        """A value for a column; null where it may be, every fourth time."""
        if column.nullable and self.rng.random() < 0.25:
            return None
        return self._typed(column.type, annotation, bool(column.nullable))

    def _typed(self, type_: Any, annotation: str, nullable: bool) -> Any:
        rng = self.rng
        match type_:
            case GeoJson():
                return self.geometry()
            case Guid():
                return None if nullable else uuid.UUID(int=rng.getrandbits(128))
            case sa.Enum():
                return rng.choice(list(type_.enum_class)) if type_.enum_class else rng.choice(type_.enums)
            case sa.JSON():
                return self.document(as_list="list[" in annotation)
            case sa.Boolean():
                return rng.random() < 0.5
            case sa.Integer():
                return self.integer(type_)
            case sa.Float():
                return self.real(nullable)
            case sa.Numeric():
                return Decimal(rng.choice(_NUMBERS)) if rng.random() < 0.4 else Decimal(rng.randrange(10**9)) / 1000
            case sa.LargeBinary():
                return rng.randbytes(type_.length or 16)
            case sa.Date():
                return self.day()
            case sa.Time():
                return time(rng.randrange(24), rng.randrange(60), rng.choice((0, 30)), rng.choice((0, 0, 1, 500_000)))
            case UtcDateTime() | sa.DateTime():
                return self.moment()
            case sa.TypeDecorator() if type_.python_type is datetime:  # a plugin's own type for moments
                return self.moment()
            case sa.Text() | sa.String():
                return self.text()
            case _:
                raise TypeError(f"no random value for a column of type {type_!r}: give a touch for it")

    def text(self) -> str:
        """Words, or something odd."""
        rng = self.rng
        odd = [text for text in ODD_TEXTS if text] if rng.random() < 0.2 else None
        if odd:
            return rng.choice(odd) + rng.choice(string.ascii_letters)
        words = [rng.choice(_WORDS) for _ in range(rng.choice((1, 2, 2, 3)))]
        return " ".join([*words, *rng.choice(((), (str(rng.randrange(99)),)))])

    def integer(self, type_: Any) -> int:
        """Mostly small; now and then more than GraphQL's Int holds, where the column does."""
        rng = self.rng
        if isinstance(type_, sa.SmallInteger):
            return rng.choice((0, 0, 0, 1))
        if rng.random() < 0.003 and isinstance(type_, sa.BigInteger):
            return rng.choice((2**31, 2**53 + 1, -(2**31) - 1))
        return rng.choice((0, 1, 2, 2**31 - 1)) if rng.random() < 0.1 else rng.randrange(1, 400)

    def real(self, nullable: bool) -> float:
        """Floats that are hard to print, now and then an infinite one."""
        rng = self.rng
        if nullable and rng.random() < 0.006:
            return rng.choice((float("inf"), float("-inf")))
        return rng.choice(_FLOATS) if rng.random() < 0.5 else rng.uniform(-50, 400)

    def moment(self) -> datetime:
        """Around now with microseconds; some on the full hour, a few in another age."""
        rng = self.rng
        if rng.random() < 0.02:
            return datetime(rng.choice((1001, 1582, 1899, 8998)), 3, 1, 12, 0, 0, 999_999, tzinfo=UTC)
        full = (self.now + timedelta(hours=rng.randint(-24 * 40, 24 * 40))).replace(minute=0, second=0, microsecond=0)
        return full + timedelta(microseconds=rng.choice((0, 0, 0, 1, 500, 999_999, 1_500_000_123)))

    def day(self) -> date:
        """Around today; a few in another age."""
        rng = self.rng
        if rng.random() < 0.03:
            return rng.choice((date(1001, 1, 1), date(1900, 2, 28), date(2000, 2, 29), date(8998, 12, 31)))
        return (self.now + timedelta(days=rng.randint(-400, 400))).date()

    def document(self, as_list: bool) -> Any:
        """JSON: a list of words, or an object with all kinds of values."""
        rng = self.rng
        if as_list:
            return [self.text() for _ in range(rng.choice((0, 0, 1, 2, 3)))]
        values = (
            1,
            2.5,
            0.1 + 0.2,
            -0.0,
            1e16,
            True,
            None,
            "",
            'a"b',
            [],
            {},
            [1, [None]],
            {"ß": {"z": 1, "a": "\u2028"}},
        )
        return {self.text(): rng.choice(values) for _ in range(rng.choice((0, 1, 2, 3)))}

    def geometry(self) -> dict[str, Any]:
        """A point, line or area near the centre."""
        rng = self.rng
        lon, lat = self._position()
        roll = rng.random()
        if roll < 0.7:
            return {"type": "Point", "coordinates": [lon, lat]}
        if roll < 0.85:
            return {"type": "LineString", "coordinates": [[lon, lat], list(self._position())]}
        return {
            "type": "Polygon",
            "coordinates": [[[lon, lat], [lon + 0.01, lat], [lon + 0.01, lat + 0.01], [lon, lat]]],
        }

    def _position(self) -> tuple[float, float]:
        rng = self.rng
        if rng.random() < 0.1:
            return self.centre
        lon, lat = (part + rng.randint(-_ROUND, _ROUND) / (20 * _ROUND) for part in self.centre)
        return round(lon, 7), round(lat, 7)
