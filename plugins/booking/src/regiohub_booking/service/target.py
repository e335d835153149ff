"""A resource with everything the rules need to know about it, loaded by a fixed number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, NotFound, t
from regiohub_booking.models import Lot, Resource, ResourceKind, SpecialDay
from regiohub_booking.rules import units
from regiohub_booking.rules.holiday import holiday_name
from regiohub_booking.rules.hours import OpeningPlan, SpecialDays
from regiohub_booking.rules.opening_text import read_week, read_windows
from regiohub_booking.rules.policy import BookingMode, Policy

DEPTH = 4


@dataclass(frozen=True)
class Target:
    """What a booking is about.

    ``leaves`` are the undivided resources it takes: itself, or all its parts; ``tree`` has the ids of it and of
    everything below it.
    """

    resource: Resource
    leaves: tuple[Resource, ...]
    tree: frozenset[UUID]
    lots: tuple[units.Lot, ...]
    plan: OpeningPlan
    policy: Policy

    @property
    def is_whole(self) -> bool:
        """True for a resource with parts: it is taken as one, with all units of all its leaves."""
        return self.leaves != (self.resource,)

    @property
    def capacity(self) -> int:
        """How many units or seats can be asked for."""
        return 1 if self.is_whole else self.resource.units

    @property
    def leaf_ids(self) -> list[UUID]:
        """Ids of the leaves."""
        return [leaf.id for leaf in self.leaves]


def policy_of(resource: Resource) -> Policy:
    """The limits of a resource as the rules read them."""
    by_day = resource.mode is BookingMode.DAYS
    shortest = resource.min_days if by_day else resource.min_minutes
    longest = resource.max_days if by_day else resource.max_minutes
    unit = timedelta(days=1) if by_day else timedelta(minutes=1)
    return Policy(
        mode=resource.mode,
        raster=resource.raster_minutes,
        shortest=None if shortest is None else shortest * unit,
        longest=None if longest is None else longest * unit,
        notice=timedelta(hours=resource.notice_hours),
        horizon_days=resource.horizon_days,
        buffer_before=timedelta(minutes=resource.buffer_before_minutes),
        buffer_after=timedelta(minutes=resource.buffer_after_minutes),
    )


def plan_of(ctx: Ctx, resource: Resource, special: Sequence[SpecialDay]) -> OpeningPlan:
    """The opening hours of a resource, with the holidays of the region the town lies in."""
    return OpeningPlan(
        week=read_week(resource.opening),
        special=tuple(
            SpecialDays(
                first=row.first_day,
                last=row.last_day,
                windows=read_windows(row.windows),
                reason=t(row.reason, row.reason_en or row.reason) if row.reason else None,
            )
            for row in special
        ),
        holiday_rule=resource.holiday_rule,
        holiday_names=partial(holiday_name, country=ctx.tenant.country, subdivision=ctx.tenant.subdivision),
    )


def may_have_parts(resource: Resource) -> bool:
    """Only rooms are divided; see the check of ``whole_id``."""
    return resource.mode is BookingMode.TIME and resource.units == 1


async def load_targets(ctx: Ctx, resources: Sequence[Resource]) -> dict[UUID, Target]:
    """The targets of already loaded resources; the number of statements does not grow with their number."""
    below = await _descendants(ctx, [resource.id for resource in resources if may_have_parts(resource)])
    ids = [resource.id for resource in resources]
    pools = [resource.id for resource in resources if resource.units > 1 or resource.kind is ResourceKind.ITEM]
    special = (await ctx.session.scalars(select(SpecialDay).where(SpecialDay.resource_id.in_(ids)))).all()
    stock = select(Lot).where(Lot.resource_id.in_(pools)).order_by(Lot.first_unit)
    lots = (await ctx.session.scalars(stock)).all() if pools else []
    return {
        resource.id: Target(
            resource=resource,
            leaves=tuple(sorted(_leaves(resource, below), key=lambda leaf: leaf.id)),
            tree=frozenset(_tree(resource, below)),
            lots=tuple(
                units.Lot(lot.first_unit, lot.units, lot.place_id) for lot in lots if lot.resource_id == resource.id
            ),
            plan=plan_of(ctx, resource, [row for row in special if row.resource_id == resource.id]),
            policy=policy_of(resource),
        )
        for resource in resources
    }


async def load_target(ctx: Ctx, resource_id: UUID, *, inactive: bool = False) -> Target:
    """One target. Raises NotFound for an unknown resource, and for one that is withdrawn unless ``inactive``."""
    resource = await ctx.session.find(Resource, resource_id)
    if resource is None or not (resource.active or inactive):
        raise NotFound(t("Dieses Angebot gibt es nicht.", "There is no such resource."), field="resourceId")
    return (await load_targets(ctx, [resource]))[resource.id]


async def _descendants(ctx: Ctx, ids: Sequence[UUID]) -> dict[UUID, list[Resource]]:
    children: dict[UUID, list[Resource]] = {}
    level = list(ids)
    for _ in range(DEPTH):
        rows = (await ctx.session.scalars(select(Resource).where(Resource.whole_id.in_(level)))).all() if level else []
        for row in rows:
            siblings = children.setdefault(row.whole_id, []) if row.whole_id else []
            if all(known.id != row.id for known in siblings):
                siblings.append(row)
        level = [row.id for row in rows]
    return children


def _leaves(resource: Resource, children: dict[UUID, list[Resource]]) -> list[Resource]:
    parts = children.get(resource.id)
    return [leaf for part in parts for leaf in _leaves(part, children)] if parts else [resource]


def _tree(resource: Resource, children: dict[UUID, list[Resource]]) -> list[UUID]:
    return [resource.id, *(node for part in children.get(resource.id, []) for node in _tree(part, children))]
