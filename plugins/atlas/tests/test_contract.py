"""The atlas keeps the contract of plugins."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from regiohub.api import Ctx, Subject, TenantScope
from regiohub.testing import make
from regiohub.testing.contract import contract
from regiohub_atlas import models


async def fill(scope: TenantScope, rows: int) -> None:
    """Published procedures, each with one of everything that belongs to it."""
    async with scope.write() as ctx:
        for number in range(rows):
            await _procedure(ctx, f"{ctx.tenant.slug}-{number}")


async def _procedure(ctx: Ctx, name: str) -> None:
    day = ctx.now().date()
    made = await make(
        ctx, models.Procedure, slug=name, title=f"Verfahren {name}", published_at=ctx.now(), city_wide=False,
        starts_on=day, start_precision=models.TermPrecision.DAY, end_precision=models.TermPrecision.OPEN,
        first_day=day, place={"type": "Point", "coordinates": list(ctx.tenant.centre)}, place_approximate=False,
        take_part=["online"], search_text=f"verfahren {name}", source="example", external_id=name,
    )  # fmt: skip
    of = {"procedure_id": made.id}
    await make(ctx, models.Phase, **of, kind=models.PhaseKind.PARTICIPATION, starts_on=day)
    always = {"first_day": day - timedelta(days=900), "last_day": day + timedelta(days=900)}
    await make(ctx, models.StatusDays, **of, **always, status=models.ProcedureStatus.RUNNING)
    topic = await make(ctx, models.Topic, key=f"thema-{name}", title=f"Thema {name}")
    await make(ctx, models.ProcedureTopic, **of, topic_id=topic.id)
    await make(ctx, models.Actor, **of, name=f"Amt {name}")
    await make(ctx, models.Document, **of, title=f"Plan {name}", url=f"https://example.org/{name}.pdf")
    await make(ctx, models.Link, **of, title=f"Seite {name}", url=f"https://example.org/{name}")
    at = ctx.now() + timedelta(days=3)
    await make(
        ctx, models.ProcedureEvent, **of, key=f"termin-{name}", title=f"Termin {name}", day=at.date(), starts_at=at,
        ends_at=at + timedelta(hours=2), status=models.DateStatus.CONFIRMED,
    )  # fmt: skip
    await make(
        ctx, models.ProcedureText, **of, variety=models.TextVariety.TRANSLATION, language="en",
        state=models.TextState.PUBLISHED, outdated=False, title=f"Procedure {name}", draft_title=f"Procedure {name}",
        published_at=ctx.now(),
    )  # fmt: skip


async def contact(scope: TenantScope, subject: Subject) -> None:
    """The person as contact of a procedure that has none."""
    async with scope.write() as ctx:
        free = select(models.Procedure).where(models.Procedure.contact.is_(None)).order_by(models.Procedure.id)
        procedure = (await ctx.session.scalars(free.limit(1))).one()
        procedure.contact = f"Bauamt, {next(iter(subject.emails))}, Tel. 1234"


ARGUMENTS = {
    "importProcedures": {"content": {"source": "example", "procedures": []}},
    "attachProcedureFile": {"input": {"name": "plan.pdf", "content": "JVBERi0xLjQK"}},
}

TestContract = contract(
    "atlas", fill=fill, seeds=Path(__file__).parents[3] / "tenants", arguments=ARGUMENTS, person=contact
)
