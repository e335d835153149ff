"""Finding pairs of entries that may be one offer, and remembering what was decided about them."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from regiohub.api import Ctx, NotFound, Work, advance_work, begin_work, finish_work, t, uuid7
from regiohub_health_directory.models import (
    Duplicate,
    HealthDuplicateState,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceTerm,
)
from regiohub_health_directory.permissions import MANAGE

from .conditions import PLACES_OF
from .matching import CANDIDATE, Likeness, Traits, address_key, likeness, name_key, phone_key

TASK = "health_directory.find_duplicates"
MOST_IN_BLOCK = 60
"""A phone or address that more entries share (a switchboard, a health centre) says nothing about any pair."""
MOST_CANDIDATES = 2000


async def find_duplicates(ctx: Ctx) -> int:
    """Compare all entries and bring the candidates up to date; decisions stay. Returns the number of candidates.

    Five statements read everything there is to compare, whatever the number of entries.
    """
    entries = await _traits(ctx)
    found = _pairs(entries.values())
    rows = await ctx.session.scalars(select(Duplicate))
    present = {(row.first_id, row.second_id): row for row in rows}
    gone = [
        row.id for pair, row in present.items()
        if row.state is HealthDuplicateState.CANDIDATE and pair not in found
    ]  # fmt: skip
    for start in range(0, len(gone), 500):
        await ctx.session.execute(delete(Duplicate).where(Duplicate.id.in_(gone[start : start + 500])))
    for pair, like in found.items():
        row = present.get(pair)
        if row is None:
            ctx.session.add(_candidate(pair, like))
        elif row.state is HealthDuplicateState.CANDIDATE and row.score != like.score:
            row.score, row.reasons = like.score, list(like.reasons)
    decided = {pair for pair, row in present.items() if row.state is HealthDuplicateState.DIFFERENT}
    return len(found.keys() - decided)


async def search_duplicates(ctx: Ctx) -> int:
    """The same on demand. Needs the permission to manage."""
    ctx.require(MANAGE)
    return await find_duplicates(ctx)


async def request_search(ctx: Ctx) -> Work:
    """Have the entries compared by the worker, as soon as it gets to it. Needs the permission to manage."""
    ctx.require(MANAGE)
    work = await begin_work(ctx, TASK, t("Einträge vergleichen", "Comparing entries"), total=1)
    await ctx.enqueue(TASK, {"work": str(work.id)})
    return work


async def find_requested(ctx: Ctx, work_id: UUID) -> None:
    """Compare, and say what came of it."""
    count = await find_duplicates(ctx)
    await advance_work(ctx, work_id, done=1)
    said = t("{count} Paare ähneln sich auffällig.", "{count} pairs are strikingly alike.")
    await finish_work(ctx, work_id, said.format(count=count))


async def mark_different(ctx: Ctx, duplicate_id: UUID) -> Duplicate:
    """Remember that these are two offers: the pair is not proposed again. Needs the permission to manage."""
    row = await get_duplicate(ctx, duplicate_id)
    row.state, row.decided_at = HealthDuplicateState.DIFFERENT, ctx.now()
    await ctx.audit(
        "health_directory.not_a_duplicate",
        kind="service",
        id=str(row.first_id),
        after={"other": str(row.second_id)},
    )
    return row


async def reconsider(ctx: Ctx, duplicate_id: UUID) -> Duplicate:
    """Take such a decision back: the pair is a candidate again."""
    row = await get_duplicate(ctx, duplicate_id)
    row.state, row.decided_at = HealthDuplicateState.CANDIDATE, None
    await ctx.audit("health_directory.reconsider_duplicate", kind="service", id=str(row.first_id))
    return row


async def get_duplicate(ctx: Ctx, duplicate_id: UUID) -> Duplicate:
    """The pair; raises `NotFound`. Needs the permission to manage."""
    ctx.require(MANAGE)
    row = await ctx.session.find(Duplicate, duplicate_id)
    if row is None:
        raise NotFound(field="id")
    return row


def _candidate(pair: tuple[UUID, UUID], like: Likeness) -> Duplicate:
    return Duplicate(
        id=uuid7(),
        first_id=pair[0],
        second_id=pair[1],
        score=like.score,
        reasons=list(like.reasons),
        state=HealthDuplicateState.CANDIDATE,
        decided_at=None,
    )


def _pairs(entries: Iterable[Traits]) -> Mapping[tuple[UUID, UUID], Likeness]:
    """The likeliest pairs, smaller id first; only entries that share a key are compared."""
    blocks: dict[str, list[Traits]] = {}
    for entry in entries:
        for key in set(entry.keys):
            blocks.setdefault(key, []).append(entry)
    seen: set[tuple[UUID, UUID]] = set()
    found: dict[tuple[UUID, UUID], Likeness] = {}
    for block in blocks.values():
        if len(block) > MOST_IN_BLOCK:
            continue
        for one, other in combinations(block, 2):
            pair = (one.id, other.id) if one.id < other.id else (other.id, one.id)
            if pair in seen:
                continue
            seen.add(pair)
            like = likeness(one, other)
            if like.score >= CANDIDATE:
                found[pair] = like
    best = sorted(found, key=lambda pair: (-found[pair].score, pair))[:MOST_CANDIDATES]
    return {pair: found[pair] for pair in best}


async def _traits(ctx: Ctx) -> dict[UUID, Traits]:
    session = ctx.session
    listed = Service.merged_into_id.is_(None)
    providers = {row.id: row.name for row in await session.execute(select(Organization.id, Organization.name))}
    entries = {
        row.id: Traits(row.id, name_key(row.name), name_key(providers[row.organization_id]), row.organization_id)
        for row in await session.execute(select(Service.id, Service.name, Service.organization_id).where(listed))
    }
    for row in await session.execute(select(Phone.service_id, Phone.number).where(Phone.service_id.is_not(None))):
        if row.service_id in entries and (key := phone_key(row.number)):
            entries[row.service_id].phones.add(key)
    for service_id, codes in _grouped(await session.execute(select(ServiceTerm.service_id, ServiceTerm.code))).items():
        if service_id in entries:
            entries[service_id].codes = frozenset(codes)
    places = select(ServiceAtLocation.service_id, Location.address, Location.postal_code, Location.place).join(
        Location, PLACES_OF
    )
    for row in await session.execute(places):
        entry = entries.get(row.service_id)
        if entry is None:
            continue
        if key := address_key(row.address, row.postal_code):
            entry.addresses.add(key)
        if row.place:
            lon, lat = row.place["coordinates"][:2]
            entry.points.append((lon, lat))
    return entries


def _grouped(rows: Iterable[Sequence[Any]]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return found
