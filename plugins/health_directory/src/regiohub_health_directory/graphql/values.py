"""Results without a table."""

from datetime import datetime
from typing import cast
from uuid import UUID

from regiohub.api import JSON, Ctx, column, value
from regiohub_health_directory.service.gaps import Gaps, as_geojson
from regiohub_health_directory.service.hours import HoursState, HoursStatus
from regiohub_health_directory.taxonomy import Term


@value
class HealthTermType:
    """A term of the directory's taxonomy: a speciality, a therapy, a kind of care or a lay offer."""

    code: str = column("Stable code; filters take it.")
    parent_code: str | None = column("Code of the term above; null for a top term.")
    title: str = column("Title in the caller's language.")
    title_de: str = column("German title.")
    title_en: str = column("English title.")
    synonyms: list[str] = column("Words that people use for it.")
    official_list: str | None = column("Identifier of the German code list that the code comes from, if any.")


def term_value(term: Term, ctx: Ctx) -> HealthTermType:
    """The value for a term in the caller's language."""
    return HealthTermType(
        code=term.code,
        parent_code=term.parent,
        title=term.title(ctx.locale),
        title_de=term.de,
        title_en=term.en,
        synonyms=list(term.synonyms),
        official_list=term.official,
    )


@value
class HealthLanguageType:
    """A language in which an offer can be had."""

    code: str = column("ISO 639 code; gsg is German Sign Language.")
    name: str = column("Name in the caller's language.")


@value
class OpeningStateType:
    """What a visitor meets now."""

    status: HoursStatus = column("Open, closed, by appointment, or unknown when no hours are known.")
    comment: str | None = column("Remark that stands beside the hours of this moment.")
    next_change: datetime | None = column("When the status changes next; null if not within 400 days.")


def opening_state(state: HoursState) -> OpeningStateType:
    """The value for a state of the hours."""
    return OpeningStateType(status=state.status, comment=state.comment or None, next_change=state.next_change)


@value
class HealthFeatureType:
    """A feature of accessibility."""

    code: str = column("Stable code.")
    title: str = column("Title in the caller's language.")


@value
class EmergencyNumberType:
    """A number to call when an offer is not enough."""

    number: str = column("Digits to dial; free of charge.")
    title: str = column("Whose number it is, in the caller's language.")
    purpose: str = column("When to call it, in the caller's language.")


@value
class HoursWarningType:
    """Something valid that is probably not meant."""

    code: str = column("Stable code.")
    message: str = column("What may be wrong, in the caller's language.")


@value
class OpeningHoursCheckType:
    """Outcome of checking a text of opening hours."""

    valid: bool = column("Whether the text can be read.")
    text: str | None = column("The text in canonical spelling; null if it cannot be read.")
    description: str | None = column("The ordinary week in words, in the caller's language.")
    position: int | None = column("First character that cannot be read, counted from 1.")
    message: str | None = column("What is wrong, in the caller's language.")
    warnings: list[HoursWarningType] = column("Valid, but probably not meant.")


@value
class HealthFreshnessSummaryType:
    """The public entries by the traffic light of their last check."""

    fresh: int = column("Checked recently (green).")
    due: int = column("To be checked again (yellow).")
    stale: int = column("Not checked for long, or never (red).")


@value
class HealthSettlementGapType:
    """A part of the town and the way to the nearest offer."""

    name: str = column("Name.")
    lon: float = column("Longitude of its middle in degrees (WGS 84).")
    lat: float = column("Latitude of its middle in degrees (WGS 84).")
    covered: bool = column("Whether an offer is within the asked distance.")
    distance: float | None = column("Metres to the nearest offer in a straight line; null if there is none.")
    nearest_service_id: UUID | None = column("The nearest offer.")


@value
class HealthGapsType:
    """Where offers of a kind are missing."""

    category: str = column("Code of the term.")
    metres: int = column("The distance that was asked for.")
    method: str = column("How it was worked out and what it leaves out, in the caller's language.")
    offers: int = column("Offers that were counted.")
    without_position: int = column("Offers that could not be counted because their position is not known.")
    settlements: list[HealthSettlementGapType] = column("Parts of the town, farthest from an offer first.")
    map: JSON = column("Parts of the town and squares without an offer, as a GeoJSON FeatureCollection.")


def gaps_value(gaps: Gaps, ctx: Ctx) -> HealthGapsType:
    """The value of a map of gaps in the caller's language."""
    return HealthGapsType(
        category=gaps.code,
        metres=gaps.metres,
        method=gaps.method.get(ctx.locale),
        offers=gaps.offers,
        without_position=gaps.without_position,
        settlements=[
            HealthSettlementGapType(
                name=place.name,
                lon=place.lon,
                lat=place.lat,
                covered=place.covered,
                distance=place.nearest.metres if place.nearest else None,
                nearest_service_id=place.nearest.service_id if place.nearest else None,
            )
            for place in gaps.settlements
        ],
        map=cast(JSON, as_geojson(gaps, ctx.locale)),
    )
