"""Granting and withdrawing consents, and asking whose data a reader may read now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from regiohub.audit import pseudonym
from regiohub.auth.permissions import TENANT_SHARING
from regiohub.errors import InvalidInput, NotFound
from regiohub.tenancy.models import Origin
from regiohub.texts import t

from .models import Consent
from .sync import grant_row, revoke_row

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx
    from regiohub.tenancy.info import TenantInfo

REGION = "region"
"""The reader that stands for the regional data platform."""


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A consent to grant. Days are days of the town; ``valid_until`` is the last one, None means until withdrawn."""

    dataset: str
    reader: str
    purpose: str
    legal_basis: str
    valid_from: date
    valid_until: date | None = None


async def grant(ctx: Ctx, wanted: NewConsent) -> Consent:
    """Give a dataset to a reader; it holds from the commit on (and within its days).

    :raises Forbidden: the caller may not share the town's data (or ``Unauthenticated``).
    :raises InvalidInput: unknown dataset or reader, empty purpose or basis, or it ends before it begins.
    """
    ctx.require(TENANT_SHARING)
    _check(ctx, wanted)
    row = Consent(
        dataset=wanted.dataset,
        reader=wanted.reader,
        purpose=wanted.purpose.strip(),
        legal_basis=wanted.legal_basis.strip(),
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        origin=Origin.LOCAL,
        granted_by=pseudonym(ctx.platform.settings.key, ctx.principal) or ctx.principal.kind.value,
        granted_at=ctx.now(),
        revoked_at=None,
    )
    await grant_row(ctx, row)
    return row


async def revoke(ctx: Ctx, consent_id: UUID) -> Consent:
    """Withdraw a consent: the next reading transaction no longer sees the town's data.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises NotFound: no such consent in force.
    """
    ctx.require(TENANT_SHARING)
    row = await ctx.session.find(Consent, consent_id)
    if row is None or row.revoked_at is not None:
        raise NotFound(t("Diese Freigabe gibt es nicht (mehr).", "There is no such consent (any more)."), field="id")
    # A file that still names it must not bring it back.
    row.origin = Origin.LOCAL
    await revoke_row(ctx, row)
    return row


async def list_consents(ctx: Ctx, *, revoked: bool = False) -> Sequence[Consent]:
    """The town's consents, by dataset and reader; withdrawn ones only if asked for."""
    statement = sa.select(Consent).order_by(Consent.dataset, Consent.reader, Consent.valid_from, Consent.id)
    if not revoked:
        statement = statement.where(Consent.revoked_at.is_(None))
    return (await ctx.session.scalars(statement)).all()


async def consented_tenants(
    platform: Platform, dataset: str, reader: str = REGION, *, at: datetime | None = None
) -> list[TenantInfo]:
    """Towns whose dataset the reader may read at a moment (default: now), asked anew each time.

    A town whose plugin is off shares nothing of it. One statement, whatever the number of towns.
    """
    moment = at or platform.clock.now()
    plugin = dataset.partition(".")[0]
    candidates = {tenant.id: tenant for tenant in platform.tenants.all() if plugin in tenant.enabled}
    statement = sa.select(Consent.tenant_id, Consent.valid_from, Consent.valid_until).where(
        Consent.dataset == dataset,
        Consent.reader == reader,
        sa.or_(Consent.revoked_at.is_(None), Consent.revoked_at > moment),
    )
    async with platform.database.read_across(list(candidates), reason=f"consents: {dataset} for {reader}") as session:
        rows = (await session.execute(statement)).all()
    granted = {
        tenant_id
        for tenant_id, first, last in rows
        if _holds(first, last, moment.astimezone(candidates[tenant_id].timezone).date())
    }
    return [tenant for tenant_id, tenant in candidates.items() if tenant_id in granted and tenant.slug != reader]


def _holds(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def _check(ctx: Ctx, wanted: NewConsent) -> None:
    datasets = {part.value.id for part in ctx.plugins.collect("register_datasets")}
    if wanted.dataset not in datasets:
        raise InvalidInput(
            t(f"Den Datensatz {wanted.dataset} gibt es hier nicht.", f"There is no dataset {wanted.dataset} here."),
            field="dataset",
            known=sorted(datasets),
        )
    towns = {tenant.slug for tenant in ctx.platform.tenants.all()} - {ctx.tenant.slug}
    if wanted.reader != REGION and wanted.reader not in towns:
        raise InvalidInput(
            t(f"{wanted.reader} ist weder die Region noch eine andere Kommune.", f"{wanted.reader} is no other town."),
            field="reader",
        )
    for field in ("purpose", "legal_basis"):
        if not getattr(wanted, field).strip():
            raise InvalidInput(t("Bitte ausfüllen.", "Please fill this in."), field=field)
    if wanted.valid_until is not None and wanted.valid_until < wanted.valid_from:
        raise InvalidInput(
            t("Die Freigabe endet, bevor sie beginnt.", "The consent ends before it begins."), field="valid_until"
        )
