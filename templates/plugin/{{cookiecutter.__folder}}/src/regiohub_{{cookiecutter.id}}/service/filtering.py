"""Which places are wanted: what each condition means, once for GraphQL, files and pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from regiohub.api import Ctx, InvalidInput, near, t, within_bbox
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}, {{ cookiecutter.__Thing }}Kind
from sqlalchemy import ColumnElement, func, or_

from .reading import open_now

MAX_RADIUS = 100_000
"""Metres."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions that must all hold; empty ones do not count.

    ``point`` is (longitude, latitude, metres), ``bbox`` is (west, south, east, north). What has no location never lies
    near a point or in a box.
    """

    kinds: Sequence[{{ cookiecutter.__Thing }}Kind] = ()
    text: str = ""
    open: bool | None = None
    point: tuple[float, float, float] | None = None
    bbox: tuple[float, float, float, float] | None = None

    def conditions(self, ctx: Ctx) -> list[ColumnElement[bool]]:
        """The conditions in SQL."""
        found: list[ColumnElement[bool]] = []
        if self.kinds:
            found.append(has_kind(self.kinds))
        if self.text.strip():
            found.append(contains(self.text))
        if self.open is not None:
            found.append(is_open(self.open, ctx))
        if self.point is not None:
            found.append(around(*self.point))
        if self.bbox is not None:
            found.append(inside(*self.bbox))
        return found


def has_kind(kinds: Sequence[{{ cookiecutter.__Thing }}Kind]) -> ColumnElement[bool]:
    """Whether a place is of one of the kinds."""
    return {{ cookiecutter.__Thing }}.kind.in_(sorted(set(kinds)))


def contains(text: str) -> ColumnElement[bool]:
    """Whether name, address or description hold the text; case does not matter."""
    # A zero byte is in no text of the database, and PostgreSQL refuses to look for it.
    wanted = text.strip().replace("\x00", "")[:200]
    columns = ({{ cookiecutter.__Thing }}.name, {{ cookiecutter.__Thing }}.address, {{ cookiecutter.__Thing }}.description)
    return or_(*(func.coalesce(column, "").icontains(wanted, autoescape=True) for column in columns))


def is_open(wanted: bool, ctx: Ctx) -> ColumnElement[bool]:
    """Whether a place is open (or closed) at this moment; what nobody knows is neither."""
    return open_now(ctx).is_(wanted)


def around(lon: float, lat: float, metres: float) -> ColumnElement[bool]:
    """Whether a place lies within metres of a point.

    :raises InvalidInput: the point lies outside the world, or the distance is not between 0 and 100 km.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(t("Der Punkt liegt außerhalb der Erde.", "The point lies outside the world."), field="near")
    if not 0 < metres <= MAX_RADIUS:
        message = t("Der Umkreis muss zwischen 1 m und 100 km liegen.", "The radius must be between 1 m and 100 km.")
        raise InvalidInput(message, field="near")
    return near({{ cookiecutter.__Thing }}.location, lon, lat, metres)


def inside(west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
    """Whether a place lies in a box or touches it.

    :raises InvalidInput: the box lies outside the world or its sides are swapped.
    """
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        message = t(
            "Das Rechteck braucht West, Süd, Ost, Nord innerhalb der Erde.",
            "The box needs west, south, east, north within the world.",
        )
        raise InvalidInput(message, field="bbox")
    return within_bbox({{ cookiecutter.__Thing }}.location, west, south, east, north)
