"""Pairs of entries that may be one offer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, bound, column, computed, filters, mutation, to_one, where
from regiohub_health_directory.models import Duplicate, HealthDuplicateState
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import duplicates, merging

from .services import HealthServiceType


def manageable(ctx: Ctx) -> Any:
    """Pairs are for staff only."""
    return None if ctx.can(MANAGE) else Duplicate.id.is_(None)


@bound(Duplicate, rows=manageable)
class HealthDuplicateType:
    """Two entries that look alike."""

    id: UUID = column("Identifier of the pair.")
    score: float = column("How alike they are, from 0 to 1.")
    reasons: list[str] = computed(
        "What speaks for it, weightiest first: name, phone, address, position, provider.",
        python=lambda row, _: row.reasons,
        reads=(Duplicate.reasons,),
    )
    state: HealthDuplicateState = column("Only a guess, or decided to be two offers.")
    decided_at: datetime | None = column("When that was decided.")
    first: HealthServiceType | None = to_one("One entry.", Duplicate.first)
    second: HealthServiceType | None = to_one("The other entry.", Duplicate.second)


@filters(Duplicate)
class HealthDuplicateFilter:
    """Which pairs."""

    state: HealthDuplicateState | None = where("What is known about the pair.", Duplicate.state)


@mutation("Searches all entries for pairs that look alike.", permission=MANAGE, returns="candidates")
async def find_health_duplicates(ctx: Ctx) -> int:
    return await duplicates.search_duplicates(ctx)


@mutation(
    "Makes one entry of two: what the kept one lacks is filled in, the other points to it from now on.",
    permission=MANAGE,
    returns="service",
    args={
        "keep_id": "The entry that stays.",
        "gone_id": "The entry that goes; its row is kept, hidden from the public.",
        "take": "Fields whose value comes from the entry that goes.",
    },
)
async def merge_health_services(
    ctx: Ctx, keep_id: UUID, gone_id: UUID, take: list[str] | None = None
) -> "HealthServiceType":
    return _row(await merging.merge_services(ctx, keep_id, gone_id, take or ()))


@mutation("Remembers that a pair is two offers.", permission=MANAGE, returns="duplicate")
async def mark_health_services_different(ctx: Ctx, id: UUID) -> "HealthDuplicateType":
    return _row(await duplicates.mark_different(ctx, id))


@mutation("Takes back that a pair is two offers.", permission=MANAGE, returns="duplicate")
async def reconsider_health_duplicate(ctx: Ctx, id: UUID) -> "HealthDuplicateType":
    return _row(await duplicates.reconsider(ctx, id))


def _row(row: Any) -> Any:
    """Resolvers of bound types hand back rows of the model."""
    return row


MUTATIONS = (
    find_health_duplicates,
    merge_health_services,
    mark_health_services_different,
    reconsider_health_duplicate,
)
