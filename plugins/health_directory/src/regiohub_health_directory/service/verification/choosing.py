"""Whom to ask: providers with entries that nobody has confirmed for long, and an address to write to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import or_, select

from regiohub.api import Ctx
from regiohub_health_directory.models import (
    HealthVerificationState,
    Organization,
    Service,
    VerificationRequest,
)
from regiohub_health_directory.service.conditions import visible_to_public
from regiohub_health_directory.service.freshness import HealthFreshness, is_fresh
from regiohub_health_directory.settings import HealthSettings

MOST_ENTRIES = 30
"""More entries than this are no question for one letter; the oldest checks come first."""


@dataclass
class Provider:
    """A provider, where to write, and the entries to ask about."""

    id: UUID
    name: str
    email: str | None
    service_ids: list[UUID] = field(default_factory=list[UUID])
    stale: bool = False
    """Whether one of these entries shows red."""


async def providers_to_ask(ctx: Ctx, lights: Sequence[HealthFreshness]) -> list[Provider]:
    """Providers with public entries of these lights that were not written to lately, by two statements.

    Those without an address are in the list as well, with `email` empty, so that the town sees whom it has to phone.
    """
    since = ctx.now() - timedelta(days=ctx.settings(HealthSettings).verification_pause_days)
    lately = select(VerificationRequest.organization_id).where(
        or_(
            (VerificationRequest.state == HealthVerificationState.OPEN) & (VerificationRequest.expires_at > ctx.now()),
            VerificationRequest.created_at > since,
        )
    )
    asked = set(await ctx.session.scalars(lately))
    return [p for p in await _providers(ctx, [is_fresh(ctx, *lights)]) if p.id not in asked]


async def provider(ctx: Ctx, organization_id: UUID) -> Provider | None:
    """One provider with all its public entries; `None` for one without any."""
    found = await _providers(ctx, [Service.organization_id == organization_id])
    return found[0] if found else None


async def _providers(ctx: Ctx, conditions: Sequence[object]) -> list[Provider]:
    rows = await ctx.session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.email,
            Service.id,
            Service.email,
            is_fresh(ctx, HealthFreshness.STALE),
        )
        .join(Service, (Service.tenant_id == Organization.tenant_id) & (Service.organization_id == Organization.id))
        .where(visible_to_public(), *conditions)  # type: ignore[arg-type]
        .order_by(Organization.name, Organization.id, Service.verified_on, Service.id)
    )
    found: dict[UUID, Provider] = {}
    for organization_id, name, own, service_id, other, stale in rows:
        entry = found.setdefault(organization_id, Provider(organization_id, name, _address(own)))
        entry.email = entry.email or _address(other)
        entry.stale |= bool(stale)
        if len(entry.service_ids) < MOST_ENTRIES:
            entry.service_ids.append(service_id)
    return list(found.values())


def _address(text: str | None) -> str | None:
    """What looks like an address; whether it is one is checked when a letter is written, not for each of thousands."""
    return text if text and "@" in text else None
