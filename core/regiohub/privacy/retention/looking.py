"""What is kept how long in a town, how much of it is past its time, and when the next of it will be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.auth.permissions import TENANT_PRIVACY
from regiohub.events.models import JobState
from regiohub.privacy.missing import unusable
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Text

from .core import MAILS, MAILS_KEPT
from .keepers import Keeper, keepers_in
from .mails import mails_of
from .periods import due_on, limit_of
from .rules import Rule, time_of

JOB = "core.retention"
ACTION = "tenant.retention_applied"


@dataclass(frozen=True, slots=True)
class Line:
    """One category, or a part of it with a time of its own.

    `days` is None where no fixed time is set; `kept` says in words how long then. `due_deleted` and `due_emptied`:
    rows whose time has passed. `next_on`: the town's day on which the next ones will have, as it looks now.
    """

    plugin: str
    plugin_title: Text
    switched_on: bool
    category: str
    title: Text
    personal: bool
    days: int | None = None
    kept: Text | None = None
    changeable: bool = False
    due_deleted: int = 0
    due_emptied: int = 0
    next_on: date | None = None

    @property
    def due(self) -> int:
        """How many rows are past their time."""
        return self.due_deleted + self.due_emptied


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """All categories of a town. `last_run`: when the job last came to its end; `last_deleted`: when it last had work.

    `error` is the fault of a run that failed, for operators. `remarks`: what could not be looked at.
    """

    town: TenantInfo
    made_at: datetime
    lines: Sequence[Line]
    last_run: datetime | None
    last_deleted: datetime | None
    error: str | None
    remarks: Sequence[Text]

    @property
    def due(self) -> int:
        """How many rows of all categories are past their time."""
        return sum(line.due for line in self.lines)


async def retention_report(ctx: Ctx) -> RetentionReport:
    """What is kept how long, and what is due now. The number of statements does not depend on the number of rows.

    :raises Forbidden: the caller may not (or ``Unauthenticated``).
    """
    ctx.require(TENANT_PRIVACY)
    lines = [line for keeper in keepers_in(ctx) for line in await lines_of(ctx, keeper)]
    job = await ctx.session.scalar(sa.select(JobState).where(JobState.name == JOB))
    latest = sa.select(sa.func.max(AuditEntry.at)).where(AuditEntry.action == ACTION)
    return RetentionReport(
        ctx.tenant, ctx.now(), lines,
        last_run=job.finished_at if job and not job.error else None,
        last_deleted=await ctx.session.scalar(latest),
        error=job.error if job else None, remarks=await unusable(ctx),
    )  # fmt: skip


async def lines_of(ctx: Ctx, keeper: Keeper) -> list[Line]:
    """The lines of one keeper, in the order of its categories."""
    found: list[Line] = []
    for category in keeper.categories:
        kept = time_of(category, keeper.chosen)
        about: dict[str, Any] = {
            "plugin": keeper.id, "plugin_title": keeper.title, "switched_on": keeper.switched_on,
            "category": category.id, "personal": category.personal,
        }  # fmt: skip
        groups: dict[tuple[Text, int | None], list[Rule]] = {}
        if kept is not None or category.kept is not None or not category.expiries:
            groups[category.title, kept.days if kept else None] = []
        for rule in keeper.rules:
            if rule.category is category:
                groups.setdefault((rule.title, rule.kept.days), []).append(rule)
        for (title, days), rules in groups.items():
            facts = await _facts(ctx, keeper, rules)
            words = category.kept if days is None else None
            found.append(Line(**about, title=title, days=days, kept=words, **facts))
    return [_with_mails(ctx, line) for line in found] if any(line.category == MAILS for line in found) else found


async def _facts(ctx: Ctx, keeper: Keeper, rules: Sequence[Rule]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "due_deleted": 0, "due_emptied": 0, "next_on": None, "changeable": any(rule.changeable for rule in rules),
    }  # fmt: skip
    for rule in rules:
        number = await due_rows(ctx, keeper, rule)
        facts["due_emptied" if rule.emptied else "due_deleted"] += number
        coming = keeper.rules.coming(rule)
        begin: datetime | date | None = None if coming is None else await ctx.session.scalar(coming)
        if begin is not None:
            day = due_on(begin, ctx.tenant.timezone, rule.kept)
            facts["next_on"] = min(day, facts["next_on"] or day)
    return facts


async def due_rows(ctx: Ctx, keeper: Keeper, rule: Rule) -> int:
    """How many rows a rule would take now."""
    counted = sa.select(sa.func.count()).select_from(rule.model).where(keeper.rules.due(rule))
    return await ctx.session.scalar(counted) or 0


def _with_mails(ctx: Ctx, line: Line) -> Line:
    from dataclasses import replace

    if line.category != MAILS:
        return line
    limit = limit_of(ctx.now(), ctx.tenant.timezone, MAILS_KEPT).moment
    moments = [moment for _, moment in mails_of(ctx)]
    later = [due_on(moment, ctx.tenant.timezone, MAILS_KEPT) for moment in moments if moment >= limit]
    return replace(line, due_deleted=sum(moment < limit for moment in moments), next_on=min(later, default=None))
