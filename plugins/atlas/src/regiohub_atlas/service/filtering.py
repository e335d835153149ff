"""The filters of the atlas: what each of them means, once, for GraphQL, the map and the region."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from regiohub.api import InvalidInput, near, t, within_bbox
from regiohub_atlas.models import Phase, PhaseKind, Procedure, ProcedureKind, ProcedureStatus, ProcedureTopic, Topic

from .characters import can_be_stored
from .folding import search_words
from .status import has_status

MAX_RADIUS = 100_000


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that must all hold; empty ones do not count.

    ``point`` is (longitude, latitude, metres); ``bbox`` is (west, south, east, north); ``running_at`` is a day on
    which the status was "running". What has no place never lies near a point or in a box.
    """

    statuses: Collection[ProcedureStatus] = ()
    kinds: Collection[ProcedureKind] = ()
    topics: Collection[str] = ()
    text: str = ""
    point: tuple[float, float, float] | None = None
    bbox: tuple[float, float, float, float] | None = None
    running_at: date | None = None
    city_wide: bool | None = None

    def conditions(self, day: date) -> list[ColumnElement[bool]]:
        """The filter in SQL; ``day`` is today, for the status."""
        found: list[ColumnElement[bool]] = []
        if self.statuses:
            found.append(has_status(self.statuses, day))
        if self.kinds:
            found.append(Procedure.kind.in_(sorted(set(self.kinds))))
        if self.topics:
            found.append(has_topic(self.topics))
        if self.text.strip():
            found.append(contains(self.text))
        if self.point is not None:
            found.append(within(*self.point))
        if self.bbox is not None:
            found.append(meets(*self.bbox))
        if self.running_at is not None:
            found.append(has_status([ProcedureStatus.RUNNING], self.running_at))
        if self.city_wide is not None:
            found.append(Procedure.city_wide.is_(self.city_wide))
        return found


def has_topic(keys: Collection[str]) -> ColumnElement[bool]:
    """Whether a procedure has at least one of the topics; the first 200 of them count."""
    return (
        select(ProcedureTopic.id)
        .join(Topic, (Topic.tenant_id == ProcedureTopic.tenant_id) & (Topic.id == ProcedureTopic.topic_id))
        .where(
            ProcedureTopic.tenant_id == Procedure.tenant_id,
            ProcedureTopic.procedure_id == Procedure.id,
            Topic.key.in_([key for key in dict.fromkeys(keys) if can_be_stored(key)][:200]),
        )
        .correlate(Procedure)
        .exists()
    )


def contains(text: str) -> ColumnElement[bool]:
    """Whether a procedure contains all words of the text, each as part of a word; case and accents do not matter."""
    words = search_words(text[:500])
    return and_(*(Procedure.search_text.contains(word, autoescape=True) for word in words), Procedure.id.is_not(None))


def within(lon: float, lat: float, metres: float) -> ColumnElement[bool]:
    """Whether a procedure's place lies within metres of a point.

    :raises InvalidInput: the point lies outside the world, or the distance is not between 0 and 100 km.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(t("Der Punkt liegt außerhalb der Erde.", "The point lies outside the world."), field="near")
    if not 0 < metres <= MAX_RADIUS:
        message = t("Der Umkreis muss zwischen 1 m und 100 km liegen.", "The radius must be between 1 m and 100 km.")
        raise InvalidInput(message, field="near")
    return near(Procedure.place, lon, lat, metres)


def meets(west: float, south: float, east: float, north: float) -> ColumnElement[bool]:
    """Whether a procedure's place meets a box.

    :raises InvalidInput: the box lies outside the world or its sides are swapped.
    """
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        message = t(
            "Das Rechteck braucht West, Süd, Ost, Nord innerhalb der Erde.",
            "The box needs west, south, east, north within the world.",
        )
        raise InvalidInput(message, field="bbox")
    return within_bbox(Procedure.place, west, south, east, north)


def has_phase(kind: PhaseKind, day: date) -> ColumnElement[bool]:
    """Whether a procedure has a phase of a kind on a day."""
    return (
        select(Phase.id)
        .where(
            Phase.tenant_id == Procedure.tenant_id,
            Phase.procedure_id == Procedure.id,
            Phase.kind == kind,
            Phase.starts_on <= day,
            or_(Phase.ends_on.is_(None), Phase.ends_on >= day),
        )
        .correlate(Procedure)
        .exists()
    )
