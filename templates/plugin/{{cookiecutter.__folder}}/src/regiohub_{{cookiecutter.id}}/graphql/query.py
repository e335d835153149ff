{% if cookiecutter.table %}
"""The queries, and the type of a place."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.api import (
    Connection,
    Ctx,
    GeoJSON,
    InvalidInput,
    NearInput,
    batched,
    bound,
    column,
    computed,
    distance_to,
    many,
    one,
    query,
    rows_of,
    t,
)
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}, Opening
from regiohub_{{ cookiecutter.id }}.service.filtering import around
from regiohub_{{ cookiecutter.id }}.service.hours import hours_text
from regiohub_{{ cookiecutter.id }}.service.reading import open_now, spans_of
from regiohub_{{ cookiecutter.id }}.wording import KIND
from sqlalchemy import Select, case, select

from .filter import {{ cookiecutter.__Thing }}Filter
from .kinds import {{ cookiecutter.__Thing }}Kind

def _kind_label(ctx: Ctx) -> Any:
    return case({kind: words.get(ctx.locale) for kind, words in KIND.items()}, value={{ cookiecutter.__Thing }}.kind)


def _distance(lon: float, lat: float) -> Any:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(t("Der Punkt liegt außerhalb der Erde.", "The point lies outside the world."), field="lon")
    return distance_to({{ cookiecutter.__Thing }}.location, lon, lat)


def _openings(parent: type[{{ cookiecutter.__Thing }}]) -> Select[Opening]:
    return select(Opening).where(Opening.place_id == parent.id).order_by(Opening.weekday, Opening.opens)


def _nearby(near: NearInput) -> Select[{{ cookiecutter.__Thing }}]:
    return select({{ cookiecutter.__Thing }}).where(around(near.lon, near.lat, near.metres))


def _nearest(near: NearInput) -> Any:
    return distance_to({{ cookiecutter.__Thing }}.location, near.lon, near.lat)


@bound(Opening)
class {{ cookiecutter.__Thing }}OpeningType:
    """A stretch of a weekday in which a place is open, by the town's own clock."""

    weekday: int = column("Day of the week (ISO 8601): 1 is Monday, 7 is Sunday.")
    opens: int = column("Minutes from midnight at which it opens.")
    closes: int = column("Minutes from midnight at which it closes; 1440 is the end of the day.")


@bound({{ cookiecutter.__Thing }})
class {{ cookiecutter.__Thing }}Type:
    """A place that everybody may use."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    kind: {{ cookiecutter.__Thing }}Kind = column("What kind of place it is.")
    kind_label: str = computed("The kind in the caller's language.", sql=_kind_label)
    description: str | None = column("More about it.")
    address: str | None = column("Street, number and place.")
    wheelchair: bool | None = column("Whether it can be used with a wheelchair; null if nobody knows.")
    location: GeoJSON | None = column("Where it is; null if that is not known.")
    external_id: str | None = column("Its id elsewhere.")
    open_now: bool | None = computed(
        "Whether it is open at this moment, by the town's own clock; null if nobody knows.", sql=open_now
    )
    openings: list[{{ cookiecutter.__Thing }}OpeningType] = rows_of("Opening hours, stretch by stretch.", of=_openings)
    distance: float | None = computed(
        "Metres from a point to the nearest part of it; null without a location.",
        sql=_distance,
        args={"lon": "Longitude in degrees (WGS 84).", "lat": "Latitude in degrees (WGS 84)."},
    )
    updated_at: datetime = column("When it last changed.")
{% if cookiecutter.job %}
    checked_at: datetime = column("When somebody last confirmed the details.")
    outdated: bool = column("Whether that was longer ago than the town wants.")
{% endif %}
{% if cookiecutter.__ingest %}
    reported_open: bool | None = column("What was last told from the spot; null if nothing was.")
    reported_at: datetime | None = column("When that was told.")
{% endif %}

    @batched("Opening hours as one reads them, in the caller's language; null if nobody knows.")
    @staticmethod
    async def hours(rows: Sequence[Any], ctx: Ctx) -> list[str | None]:
        spans = await spans_of(ctx, [row.id for row in rows])
        return [hours_text(spans[row.id], ctx.locale) or None for row in rows]


@query
class {{ cookiecutter.__Prefix }}Query:
    """Public places of the town: where they are, and what is open."""

    {{ cookiecutter.__things }}: Connection[{{ cookiecutter.__Thing }}Type] = many(
        "The places.",
        filter={{ cookiecutter.__Thing }}Filter,
        order_by={{ cookiecutter.__Thing }}.name,
        orders={
            "NAME": {{ cookiecutter.__Thing }}.name,
            "KIND": ({{ cookiecutter.__Thing }}.kind, {{ cookiecutter.__Thing }}.name),
            "CHANGED_LAST_FIRST": {{ cookiecutter.__Thing }}.updated_at.desc(),
        },
    )
    {{ cookiecutter.thing }}: {{ cookiecutter.__Thing }}Type | None = one("One place by its id.")
    nearby: Connection[{{ cookiecutter.__Thing }}Type] = many(
        "Places around a point, the nearest first.", of=_nearby, args={"near": "Point and radius."}, order_by=_nearest
    )
{% else %}
"""The queries: the opening hours that the town has set."""

from regiohub.api import Ctx, column, field, query, value
from regiohub_{{ cookiecutter.id }}.service.hours import hours_text
from regiohub_{{ cookiecutter.id }}.service.office import office_hours, open_now


@value
class {{ cookiecutter.__Prefix }}OpeningType:
    """A stretch of a weekday in which it is open, by the town's own clock."""

    weekday: int = column("Day of the week (ISO 8601): 1 is Monday, 7 is Sunday.")
    opens: int = column("Minutes from midnight at which it opens.")
    closes: int = column("Minutes from midnight at which it closes; 1440 is the end of the day.")


@query
class {{ cookiecutter.__Prefix }}Query:
    """Opening hours, and whether they hold now."""

    @field("Whether it is open at this moment, by the town's own clock; null if nobody knows.")
    @staticmethod
    async def open_now(ctx: Ctx) -> bool | None:
        return open_now(ctx)

    @field("Opening hours as one reads them, in the caller's language; null if nobody knows.")
    @staticmethod
    async def hours(ctx: Ctx) -> str | None:
        return hours_text(office_hours(ctx), ctx.locale) or None

    @field("Opening hours, stretch by stretch.")
    @staticmethod
    async def openings(ctx: Ctx) -> list[{{ cookiecutter.__Prefix }}OpeningType]:
        return [{{ cookiecutter.__Prefix }}OpeningType(**span._asdict()) for span in office_hours(ctx)]
{% endif %}
