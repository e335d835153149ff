"""Example work for staff: suggestions that wait, letters to providers, pairs that look alike.

Nothing is mailed, and a town in which anything of that kind is there already gets none of it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from regiohub.api import Ctx, uuid7

from .models import (
    HealthSuggestionKind,
    HealthSuggestionOrigin,
    HealthSuggestionState,
    HealthVerificationState,
    Organization,
    Service,
    Suggestion,
    VerificationRequest,
)
from .service.comparing import TITLES
from .service.duplicates import find_duplicates
from .settings import HealthSettings

PREFIX = "demo:"


async def load_work(ctx: Ctx, content: Mapping[str, Any]) -> None:
    """Add the example work of a town's file."""
    if not await _any(ctx, Suggestion):
        services = await _ids(ctx, Service)
        ctx.session.add_all(_suggestion(ctx, row, services) for row in content.get("suggestion", ()))
    if not await _any(ctx, VerificationRequest):
        owners = await _ids(ctx, Organization)
        for row in content.get("letter", ()):
            ctx.session.add(await _letter(ctx, row, owners))
    await ctx.session.flush()
    await find_duplicates(ctx)


async def _any(ctx: Ctx, model: type[Suggestion] | type[VerificationRequest]) -> bool:
    return bool(await ctx.session.scalar(select(func.count()).select_from(model)))


async def _ids(ctx: Ctx, model: type[Service] | type[Organization]) -> dict[str, Any]:
    rows = await ctx.session.execute(select(model.source_key, model.id).where(model.source_key.startswith(PREFIX)))
    return {str(key).removeprefix(PREFIX): identifier for key, identifier in rows}


def _suggestion(ctx: Ctx, row: Mapping[str, Any], services: Mapping[str, Any]) -> Suggestion:
    at = ctx.now() - timedelta(days=row["days_ago"])
    return Suggestion(
        id=uuid7(),
        kind=HealthSuggestionKind.CORRECTION if "service" in row else HealthSuggestionKind.NEW_OFFER,
        state=HealthSuggestionState.OPEN,
        service_id=services.get(row.get("service", "")),
        proposal={name: row[name] for name in TITLES if name in row},
        message=row.get("message"),
        contact=row.get("contact"),
        decided_at=None,
        decision_note=None,
        origin=HealthSuggestionOrigin(row.get("origin", "resident")),
        language="de",
        accepted_fields=None,
        created_at=at,
    )


async def _letter(ctx: Ctx, row: Mapping[str, Any], owners: Mapping[str, Any]) -> VerificationRequest:
    at = (ctx.now() - timedelta(days=row["days_ago"])).replace(microsecond=0)
    state = HealthVerificationState(row["state"])
    owner = await ctx.session.find(Organization, owners[row["provider"]])
    ids = await ctx.session.scalars(select(Service.id).where(Service.organization_id == owners[row["provider"]]))
    return VerificationRequest(
        id=uuid7(),
        organization_id=owners[row["provider"]],
        email=owner.email if owner else None,
        language="de",
        state=state,
        service_ids=[str(identifier) for identifier in ids],
        expires_at=at + timedelta(days=ctx.settings(HealthSettings).verification_link_days),
        reminded_at=None,
        answered_at=at + timedelta(hours=5) if state is HealthVerificationState.ANSWERED else None,
        confirmed=row.get("confirmed", 0),
        corrected=row.get("corrected", 0),
        created_at=at,
    )
