"""The health directory keeps the contract of plugins."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, TenantScope
from regiohub.testing import make
from regiohub.testing.contract import contract
from regiohub_health_directory import models
from regiohub_health_directory.service.search.index import reindex
from regiohub_health_directory.service.search.words import sort_key


async def fill(scope: TenantScope, rows: int) -> None:
    """Practices with one service each and everything that belongs to it, in the index of words too."""
    async with scope.write() as ctx:
        ids = [await _service(ctx, f"{ctx.tenant.slug}-{number}") for number in range(rows)]
        if len(ids) > 1:
            pairs = {tuple(sorted((one, ids[at - 1]))) for at, one in enumerate(ids)}
            # Of two services there is one pair only.
            pairs |= {tuple(sorted((ids[0], await _service(ctx, f"{ctx.tenant.slug}-mehr"))))} if rows == 2 else set()
            for first, second in sorted(pairs):
                candidate = models.HealthDuplicateState.CANDIDATE
                await make(
                    ctx,
                    models.Duplicate,
                    first_id=first,
                    second_id=second,
                    state=candidate,
                    score=0.9,
                    reasons=["name"],
                )
        await reindex(ctx.session, list((await ctx.session.scalars(select(models.Service.id))).all()))


async def _service(ctx: Ctx, name: str) -> UUID:
    owner = await make(
        ctx, models.Organization, name=f"Praxis {name}", email=f"praxis-{name}@example.org", website=None
    )
    service = await make(
        ctx, models.Service, organization_id=owner.id, name=f"Sprechstunde {name}",
        sort_name=sort_key(f"Sprechstunde {name}"), status=models.HealthServiceStatus.ACTIVE, revision=1,
        opening_hours="Mo-Fr 08:00-12:00", verified_on=ctx.now().date(), accepting=models.AcceptingPatients.YES,
        accepting_on=ctx.now().date(),
    )  # fmt: skip
    place = await make(
        ctx, models.Location, organization_id=owner.id, name=f"Haus {name}", address=f"Weg {name}",
        location_type=models.HealthLocationType.PHYSICAL, postal_code="14467",
        place={"type": "Point", "coordinates": list(ctx.tenant.centre)}, accessibility=[],
    )  # fmt: skip
    of = {"service_id": service.id}
    await make(ctx, models.ServiceAtLocation, **of, location_id=place.id)
    await make(ctx, models.ServiceTerm, **of, code="ALLG")
    await make(ctx, models.ServiceLanguage, **of, code="de")
    await make(ctx, models.Phone, **of, number="+49 331 23125", kind="voice")
    await make(ctx, models.Contact, **of, title=f"Empfang {name}", email=f"empfang-{name}@example.org")
    await make(ctx, models.CostOption, **of, option=f"Kasse {name}")
    await make(
        ctx, models.Suggestion, **of, kind=models.HealthSuggestionKind.CORRECTION,
        state=models.HealthSuggestionState.OPEN, proposal={"name": f"Praxis {name}"}, message=f"Neu in {name}",
        contact=f"anna-{name}@example.org",
    )  # fmt: skip
    await make(
        ctx, models.VerificationRequest, organization_id=owner.id, email=owner.email, language="de",
        state=models.HealthVerificationState.OPEN, service_ids=[str(service.id)],
        expires_at=ctx.now() + timedelta(days=20), confirmed=0, corrected=0,
    )  # fmt: skip
    return service.id


TestContract = contract("health_directory", fill=fill, seeds=Path(__file__).parents[3] / "tenants")
