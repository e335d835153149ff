"""The directory's queries."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select

from regiohub.api import Connection, Ctx, computed, connection, field, filters, many, one, query, where
from regiohub_health_directory.errors import LinkClosed, LinkNotValid
from regiohub_health_directory.models import (
    Duplicate,
    HealthSuggestionKind,
    HealthSuggestionState,
    Location,
    Organization,
    Service,
    Suggestion,
    VerificationRequest,
    WheelchairAccess,
)
from regiohub_health_directory.permissions import MANAGE, REVIEW
from regiohub_health_directory.service.comparing import review_of
from regiohub_health_directory.service.emergency import EMERGENCY_NUMBERS
from regiohub_health_directory.service.finding import find_services, in_database, in_order
from regiohub_health_directory.service.freshness import HealthFreshness, freshness_counts
from regiohub_health_directory.service.gaps import find_gaps
from regiohub_health_directory.service.merging import replacement_of
from regiohub_health_directory.service.verification import open_letter
from regiohub_health_directory.taxonomy import load_taxonomy

from .duplicates import HealthDuplicateFilter, HealthDuplicateType
from .hours import HealthHoursBlockInput, checked_hours, hours_of_blocks
from .places import HealthLocationNode
from .search import HealthServiceFilter, search_of
from .services import HealthOrganizationType, HealthServiceType
from .suggestions import HealthSuggestionReviewType, HealthSuggestionType, review_value
from .values import (
    EmergencyNumberType,
    HealthFreshnessSummaryType,
    HealthGapsType,
    HealthTermType,
    OpeningHoursCheckType,
    gaps_value,
    term_value,
)
from .verification import (
    HealthVerificationFilter,
    HealthVerificationNode,
    HealthVerificationQuestionType,
    question_value,
)


def _name_contains(part: str) -> ColumnElement[bool]:
    return Organization.name.icontains(part, autoescape=True)


@filters(Organization)
class HealthOrganizationFilter:
    """Which organisations."""

    name: str | None = where("Part of the name.", _name_contains)


@filters(Location)
class HealthLocationFilter:
    """Which locations."""

    wheelchair: WheelchairAccess | None = where("Whether a wheelchair gets in.", Location.wheelchair)
    postal_code: str | None = where("Postal code.", Location.postal_code)


@filters(Suggestion)
class HealthSuggestionFilter:
    """Which suggestions."""

    state: HealthSuggestionState | None = where("Where it stands.", Suggestion.state)
    kind: HealthSuggestionKind | None = where("What it is about.", Suggestion.kind)


def _services(ctx: Ctx, filter: HealthServiceFilter | None = None) -> Select[Service] | None:
    return in_database(ctx, search_of(filter, ctx))


def _in_order(ctx: Ctx, filter: HealthServiceFilter | None = None) -> Any:
    return in_order(search_of(filter, ctx))


async def _searched(ctx: Ctx, filter: HealthServiceFilter | None = None) -> Connection[HealthServiceType]:
    return connection([hit.id for hit in await find_services(ctx, search_of(filter, ctx))])


def _emergency_numbers(_row: Any, ctx: Ctx) -> list[EmergencyNumberType]:
    return [
        EmergencyNumberType(
            number=entry.number, title=entry.title.get(ctx.locale), purpose=entry.purpose.get(ctx.locale)
        )
        for entry in EMERGENCY_NUMBERS
    ]


@query
class HealthDirectoryQuery:
    """Offers for health: practices, therapies, care, advice, groups and neighbourly help."""

    service: HealthServiceType | None = one("One service by its id.", cacheable=True)
    organizations: Connection[HealthOrganizationType] = many(
        "Who offers something.", order_by=(Organization.name,), filter=HealthOrganizationFilter, cacheable=True
    )
    organization: HealthOrganizationType | None = one("One organisation by its id.", cacheable=True)
    locations: Connection[HealthLocationNode] = many(
        "Where offers are.", order_by=(Location.name,), filter=HealthLocationFilter, cacheable=True
    )
    suggestions: Connection[HealthSuggestionType] = many(
        "What residents suggested, newest first; for the town's reviewers.",
        order_by=(Suggestion.created_at.desc(),),
        filter=HealthSuggestionFilter,
        permission=REVIEW,
    )
    duplicates: Connection[HealthDuplicateType] = many(
        "Pairs of entries that may be one offer, likeliest first; for the town's staff.",
        order_by=(Duplicate.score.desc(),),
        filter=HealthDuplicateFilter,
        permission=MANAGE,
    )
    verifications: Connection[HealthVerificationNode] = many(
        "Letters to providers, newest first; for the town's staff.",
        order_by=(VerificationRequest.created_at.desc(),),
        filter=HealthVerificationFilter,
        permission=MANAGE,
    )
    services: Connection[HealthServiceType] = many(
        "Services that fit, best first: by words, else by distance, else by name.",
        of=_services,
        order_by=_in_order,
        otherwise=_searched,
        cacheable=True,
    )
    emergency_numbers: list[EmergencyNumberType] = computed(
        "Numbers that stand above every list.", python=_emergency_numbers, cacheable=True
    )

    @field(
        "A suggestion beside the entry it is about, field by field; for the town's reviewers.",
        permission=REVIEW,
        args={"id": "The suggestion."},
    )
    @staticmethod
    async def suggestion_review(ctx: Ctx, id: UUID) -> HealthSuggestionReviewType:
        return review_value(await review_of(ctx, id), ctx)

    @field("The entry that a merged one points to; null for any other.", args={"id": "The merged entry."})
    @staticmethod
    async def service_replacement(ctx: Ctx, id: UUID) -> UUID | None:
        return await replacement_of(ctx, id)

    @field(
        "What a one-time link asks; null for a link that is not valid any more.",
        args={"secret": "The last part of the link."},
    )
    @staticmethod
    async def verification_question(ctx: Ctx, secret: str) -> HealthVerificationQuestionType | None:
        try:
            return question_value(await open_letter(ctx, secret))
        except (LinkNotValid, LinkClosed):
            return None

    @field(
        "Where no offer of a kind is within a distance; for the town's staff.",
        permission=MANAGE,
        args={"category": "Code of the taxonomy; what is below it counts too.", "metres": "500 to 100,000."},
    )
    @staticmethod
    async def gaps(ctx: Ctx, category: str, metres: int) -> HealthGapsType:
        return gaps_value(await find_gaps(ctx, category, metres), ctx)

    @field("How many public entries show which light; for the town's staff.", permission=MANAGE)
    @staticmethod
    async def freshness_summary(ctx: Ctx) -> HealthFreshnessSummaryType:
        counts = await freshness_counts(ctx)
        return HealthFreshnessSummaryType(
            fresh=counts[HealthFreshness.FRESH],
            due=counts[HealthFreshness.DUE],
            stale=counts[HealthFreshness.STALE],
        )

    @field("Terms of the taxonomy, parents before children.", args={"parent": "Code of the term above."})
    @staticmethod
    async def taxonomy_terms(ctx: Ctx, parent: str | None = None) -> Connection[HealthTermType]:
        terms = load_taxonomy().terms.values()
        return connection([term_value(term, ctx) for term in terms if parent is None or term.parent == parent])

    @field("Checks opening hours as they are typed.", args={"text": "Opening hours as OSM text."})
    @staticmethod
    def check_opening_hours(ctx: Ctx, text: str) -> OpeningHoursCheckType:
        return checked_hours(ctx, text)

    @field(
        "Opening hours from the lines of a form; lines of the same day are added up.",
        args={"blocks": "The lines.", "closed_on_holidays": "Whether it is closed on public holidays."},
    )
    @staticmethod
    def opening_hours_from_blocks(
        ctx: Ctx, blocks: list[HealthHoursBlockInput], closed_on_holidays: bool = True
    ) -> OpeningHoursCheckType:
        return checked_hours(ctx, hours_of_blocks(blocks, closed_on_holidays))
