"""Random values of scalars and enums: mostly ones that occur in the data, now and then odd or wrong ones."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from graphql import GraphQLEnumType, GraphQLNamedType

from .known import Known

ODD_TEXTS = (
    "", " ", "Straße", "ÄÖÜ äöü ß", "ꙮ 🌳", "👩\u200d🚒", "O'Neil", 'so "genannt"', "back\\slash", "%", "_", "100%_",
    "a\tb\nc", "\x01\x1f\x7f", "\u2028\u2029", "null", "0", "-1", "'; DROP TABLE core_measure; --", "{}", "[]", "$1",
    ":name", "e\u0301", "x" * 300,
)  # fmt: skip
"""Texts that quoting, folding or patterns may trip over."""
_ODD_NUMBERS = (0, -1, 1, 2**31 - 1, -(2**31))
_ODD_FLOATS = (0.0, -0.0, 0.1 + 0.2, 1e-7, 1e16, -1.5, 1.7976931348623157e308, 5e-324)
_WRONG: dict[str, tuple[Any, ...]] = {
    "ID": ("no-uuid", "", "01900000"),
    "DateTime": ("2026-06-01", "gestern", "2026-06-01T10:00:00", "9999-12-31T23:59:59Z"),
    "Date": ("2026-13-01", "0001-01-01"),
    "Decimal": ("abc", "NaN"),
    "String": ("nul \0 inside",),
    "Time": ("25:00",),
}
"""What the scalars refuse."""


class Scalars:
    """Draws values. `wrong`: how often a value is one that its type refuses."""

    def __init__(self, rng: random.Random, known: Known, wrong: float) -> None:
        self.rng, self.known, self.wrong = rng, known, wrong

    def draw(self, type_: GraphQLNamedType, name: str, owner: str | None) -> Any:
        """A JSON value for an argument or input field of this name about the type `owner`."""
        rng, kind = self.rng, type_.name
        if kind in _WRONG and rng.random() < self.wrong:
            return rng.choice(_WRONG[kind])
        found = self.known.pick(rng, kind, name, owner) if rng.random() < 0.8 else None
        match kind:
            case "Boolean":
                return rng.random() < 0.5
            case "ID":
                return self._identifier(name, owner)
            case "String":
                return self._text(name, owner)
            case "Int":
                return rng.randint(1, 7) if name == "days" else self._int(found)
            case "Float":
                return found if found is not None and rng.random() < 0.8 else rng.choice(_ODD_FLOATS)
            case "DateTime" | "Date" | "Time":
                return self.moment(kind, found)
            case "Decimal":
                return found if found is not None else rng.choice(("0", "12.5", "-0.000001", 3, 1e-7))
            case "Duration":
                return found or rng.choice(("PT1H30M", "P1D", "PT0S"))
            case "BigInt":
                return found or rng.choice(("9007199254740993", 5, "-1"))
            case "GeoJSON":
                return found or {"type": "Point", "coordinates": [13.0591, 52.3906]}
            case _ if isinstance(type_, GraphQLEnumType):
                return found if found in type_.values else rng.choice(list(type_.values))
            case _:
                return found if found is not None else {"a": [1, 2.5, None, "ß"]}

    def moment(self, kind: str, found: Any = None) -> str:
        """A moment, day or time of day: a known one, written in one of the ways that the scalar reads."""
        rng = self.rng
        if found is None:
            found = self.known.pick(rng, kind, "", None) or {
                "DateTime": "2026-06-01T08:00:00.000Z", "Date": "2026-06-01", "Time": "18:30:00",
            }[kind]  # fmt: skip
        if kind != "DateTime" or rng.random() < 0.5:
            return found
        moment = datetime.fromisoformat(found) + timedelta(minutes=rng.choice((0, 0, 1, -1, 60)))
        if not 1001 < moment.year < 8998:
            return found
        offset = timedelta(hours=rng.choice((0, 2, -5)))
        return (moment.astimezone(UTC) + offset).replace(tzinfo=None).isoformat() + _offset(offset)

    def _identifier(self, name: str, owner: str | None) -> str:
        rng, roll = self.rng, self.rng.random()
        known = self.known.identifiers(name, owner)
        if known and roll < 0.82:
            return rng.choice(known)
        if self.known.foreign and roll < 0.92:
            return rng.choice(self.known.foreign)
        return str(uuid.UUID(int=rng.getrandbits(128)))

    def _text(self, name: str, owner: str | None) -> str:
        rng, roll = self.rng, self.rng.random()
        exact = self.known.leaves.get((owner, name)) or self.known.named.get(("String", name))
        if exact and roll < 0.75:
            text = rng.choice(exact)
            return text if isinstance(text, str) else str(text)
        piece = self.known.text_of(rng, owner)
        return piece if piece is not None and roll < 0.92 else rng.choice(ODD_TEXTS)

    def _int(self, found: Any) -> int:
        rng = self.rng
        if type(found) is int and rng.random() < 0.7:
            return found
        return rng.randint(1, 12) if rng.random() < 0.8 else rng.choice(_ODD_NUMBERS)


def _offset(offset: timedelta) -> str:
    hours = int(offset.total_seconds() // 3600)
    return "Z" if not hours else f"{hours:+03d}:00"
