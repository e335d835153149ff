"""How likely two entries are the same offer: a pure comparison of what is known of both."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from rapidfuzz import fuzz

from .search.words import fold, index_words

NAME, PHONE, ADDRESS, POSITION, PROVIDER = "name", "phone", "address", "position", "provider"
NEAR_METRES = 150.0
CANDIDATE = 0.6
"""From this score on a pair is worth looking at."""
_ALIKE = 0.72
_SAME = 0.95
_WEIGHTS = {NAME: 0.5, PHONE: 0.25, ADDRESS: 0.15, POSITION: 0.05, PROVIDER: 0.05}
_METRES_PER_DEGREE = 111_194.93


@dataclass(frozen=True)
class Likeness:
    """Score from 0 to 1 and what speaks for it, weightiest first."""

    score: float
    reasons: tuple[str, ...]


@dataclass
class Traits:
    """What entries are compared by. `points` are longitude and latitude in degrees (WGS 84)."""

    id: UUID
    name: str
    provider: str
    organization_id: UUID
    codes: frozenset[str] = frozenset()
    phones: set[str] = field(default_factory=set[str])
    addresses: set[str] = field(default_factory=set[str])
    points: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])

    @property
    def keys(self) -> Iterable[str]:
        """What two alike entries share at least one of: only such pairs are compared at all."""
        yield from (f"phone:{number}" for number in self.phones)
        yield from (f"address:{line}" for line in self.addresses)
        yield f"name:{self.name}"
        for lon, lat in self.points:
            # Cells of about 500 m; neighbours across a border share the next one, by the half-cell shift.
            for shift in (0.0, 0.5):
                yield f"cell:{shift}:{math.floor(lon * 140 + shift)}:{math.floor(lat * 220 + shift)}"


def phone_key(number: str) -> str:
    """The digits without the ways to write the country: 0, +49 and 0049 are one; empty for too few digits."""
    digits = "".join(c for c in number if c.isdigit())
    if number.strip().startswith("+49") or digits.startswith("0049"):
        digits = "0" + digits.removeprefix("00").removeprefix("49").lstrip("0")
    return digits if len(digits) >= 6 else ""


def address_key(address: str | None, postal_code: str | None) -> str:
    """Street, number and postal code in one spelling (Str., Straße); empty without a street."""
    if not address:
        return ""
    street = fold(address).replace("strasse", "str").replace("str.", "str")
    return "".join(c for c in street if c.isalnum()) + (f" {postal_code.strip()}" if postal_code else "")


def name_key(name: str) -> str:
    """The words of a name in their normal forms and in order of the alphabet."""
    return " ".join(sorted(index_words(name)))


def likeness(one: Traits, other: Traits) -> Likeness:
    """How alike; the same whichever stands first. 0 for entries that nothing but a common house connects."""
    # The words stand in order of the alphabet already; most pairs end here.
    alike = fuzz.ratio(one.name, other.name, score_cutoff=_ALIKE * 100) / 100
    if not alike:
        return Likeness(0.0, ())
    together = {
        NAME: alike,
        PHONE: 1.0 if one.phones & other.phones else 0.0,
        ADDRESS: 1.0 if one.addresses & other.addresses else 0.0,
        POSITION: 1.0 if _metres(one, other) <= NEAR_METRES else 0.0,
        PROVIDER: 1.0 if one.organization_id == other.organization_id or one.provider == other.provider else 0.0,
    }
    if not _plausible(one, other, together):
        return Likeness(0.0, ())
    known = {NAME: True, PHONE: bool(one.phones and other.phones), ADDRESS: bool(one.addresses and other.addresses)}
    known |= {POSITION: bool(one.points and other.points), PROVIDER: True}
    # What is not known of both sides speaks neither for nor against.
    weight = sum(_WEIGHTS[name] for name, both in known.items() if both)
    score = sum(_WEIGHTS[name] * value for name, value in together.items() if known[name]) / weight
    reasons = sorted((name for name, value in together.items() if value), key=lambda name: -_WEIGHTS[name])
    return Likeness(round(min(1.0, score), 4), tuple(reasons))


def _plausible(one: Traits, other: Traits, together: dict[str, float]) -> bool:
    """Several offers of one house are no duplicates: the names have to be alike, and something else has to fit."""
    if one.codes and other.codes and not one.codes & other.codes and together[NAME] < _SAME:
        return False
    return any(together[name] for name in (PHONE, ADDRESS, POSITION)) or together[NAME] >= _SAME


def _metres(one: Traits, other: Traits) -> float:
    """The shortest way between a place of one and a place of the other, in a straight line; infinite without."""
    return min(
        (
            math.hypot((a[0] - b[0]) * math.cos(math.radians((a[1] + b[1]) / 2)), a[1] - b[1]) * _METRES_PER_DEGREE
            for a in one.points
            for b in other.points
        ),
        default=math.inf,
    )
