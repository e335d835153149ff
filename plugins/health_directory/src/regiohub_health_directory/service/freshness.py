"""How far an entry can be trusted: answers that expire, and the date of the last check."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select

from regiohub.api import Ctx
from regiohub_health_directory.models import PUBLIC_STATUSES, AcceptingPatients, Service
from regiohub_health_directory.settings import HealthSettings


class HealthFreshness(StrEnum):
    """A traffic light for the last check; never checked counts as stale."""

    FRESH = "fresh"
    DUE = "due"
    STALE = "stale"


def today(ctx: Ctx) -> date:
    """The day on the town's own calendar."""
    return ctx.now().astimezone(ctx.tenant.timezone).date()


def accepting_since(ctx: Ctx) -> date:
    """The oldest day from which an answer on new patients still counts."""
    return today(ctx) - timedelta(days=ctx.settings(HealthSettings).accepting_expires_days)


def current_accepting(service: Service, ctx: Ctx) -> AcceptingPatients:
    """The answer on new patients as it holds today: one that is too old, or has no day, is unknown."""
    if service.accepting_on is None or service.accepting_on < accepting_since(ctx):
        return AcceptingPatients.UNKNOWN
    return service.accepting


def accepting_now(ctx: Ctx) -> Any:
    """The same over a service's row, in SQL."""
    unknown = literal(AcceptingPatients.UNKNOWN, Service.accepting.type)
    return case((Service.accepting_on >= accepting_since(ctx), Service.accepting), else_=unknown)


def freshness(service: Service, ctx: Ctx) -> HealthFreshness:
    """The light for the day of the last check."""
    settings = ctx.settings(HealthSettings)
    if service.verified_on is None:
        return HealthFreshness.STALE
    age = (today(ctx) - service.verified_on).days
    if age <= settings.verified_fresh_days:
        return HealthFreshness.FRESH
    return HealthFreshness.DUE if age < settings.verified_stale_days else HealthFreshness.STALE


def freshness_now(ctx: Ctx) -> Any:
    """The same over a service's row, in SQL."""
    settings, day = ctx.settings(HealthSettings), today(ctx)
    return case(
        (Service.verified_on >= day - timedelta(days=settings.verified_fresh_days), HealthFreshness.FRESH.value),
        (Service.verified_on > day - timedelta(days=settings.verified_stale_days), HealthFreshness.DUE.value),
        else_=HealthFreshness.STALE.value,
    )


def is_fresh(ctx: Ctx, *lights: HealthFreshness) -> ColumnElement[bool]:
    """Whether a service shows one of these lights, as a condition that an index on the day can answer."""
    settings, day = ctx.settings(HealthSettings), today(ctx)
    fresh = day - timedelta(days=settings.verified_fresh_days)
    stale = day - timedelta(days=settings.verified_stale_days)
    # In the order of `freshness_now`, so that limits set the wrong way round mean the same everywhere.
    conditions: dict[HealthFreshness, ColumnElement[bool]] = {
        HealthFreshness.FRESH: Service.verified_on >= fresh,
        HealthFreshness.DUE: (Service.verified_on > stale) & (Service.verified_on < fresh),
        HealthFreshness.STALE: or_(
            Service.verified_on.is_(None), (Service.verified_on <= stale) & (Service.verified_on < fresh)
        ),
    }
    return or_(*(conditions[light] for light in lights))


async def freshness_counts(ctx: Ctx) -> dict[HealthFreshness, int]:
    """How many of the offers that the public sees show which light; every light is in it."""
    light = freshness_now(ctx)
    rows = await ctx.session.execute(
        select(light, func.count()).where(Service.status.in_(PUBLIC_STATUSES)).group_by(light)
    )
    found = {HealthFreshness(name): count for name, count in rows}
    return {name: found.get(name, 0) for name in HealthFreshness}
