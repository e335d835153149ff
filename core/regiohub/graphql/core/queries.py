"""The fields that every town's schema has, and those of the region's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from regiohub.auth.permissions import (
    SIGNED_IN,
    TENANT_AUDIT,
    TENANT_CLIENTS,
    TENANT_MEASURES,
    TENANT_MEMBERS,
    TENANT_PRIVACY,
    TENANT_ROLES,
    TENANT_SETTINGS,
)
from regiohub.graphql.authoring.connection import Connection
from regiohub.graphql.authoring.fields import batched, column, computed, field
from regiohub.graphql.authoring.filters import filters, where
from regiohub.graphql.authoring.lists import many, to_many
from regiohub.graphql.authoring.scalars import JSON
from regiohub.graphql.authoring.types import bound, query, value
from regiohub.privacy import own_data
from regiohub.tenancy.indicators.models import Indicator, Objective
from regiohub.tenancy.models import Measure

from . import access, privacy
from . import retention as times
from .audit import AuditEntryType, audit_log
from .audit_seals import AuditCheck, AuditSeals, check_of, seals_of
from .branding import BrandingType, branding_of
from .indicators import IndicatorFilter, IndicatorType, ObjectiveType
from .settings import PluginSettingValue, setting_values
from .sharing import ConsentType, consents
from .town import Tenant
from .wording import in_callers_language

log = structlog.get_logger()


def _plugins_of(row: Any, ctx: Any) -> list[str]:
    """From memory, where the switches of all towns stand."""
    return ctx.platform.tenants.by_id(row.tenant_id).working_for(row.id)


@value
class ThingLink:
    """What a plugin holds, in general terms: how many of what, and where to see them."""

    plugin: str = column("Plugin that holds it.")
    kind: str = column("What it is, as a stable word: procedure.")
    title: str = column("What it is, in the caller's language.")
    count: int = column("How many of them there are.")
    url: str = column("Address within the town's pages.")


def _in_portfolio(ctx: Any) -> Any:
    """Retired measures are for those who keep them."""
    return None if ctx.can(TENANT_MEASURES) else Measure.retired_at.is_(None)


@bound(Measure, rows=_in_portfolio, cacheable=True)
class MeasureType:
    """A measure (Maßnahme) of a town's strategy."""

    id: UUID = column("Identifier.")
    key: str = column("Short name, stable within the town.")
    title: str = in_callers_language("Title in the caller's language, else in German.", Measure, "title")
    summary: str | None = in_callers_language(
        "What it is about, in the caller's language, else in German.", Measure, "summary"
    )
    bundle_key: str | None = column("Short name of the group of measures that it belongs to.")
    bundle: str | None = in_callers_language("Group of measures that it belongs to.", Measure, "bundle_title")
    lead: str | None = column("Office in charge.")
    partners: list[str] = column("Who takes part.")
    fields: list[str] = column("Fields of action.")
    from_year: int | None = column("First year.")
    to_year: int | None = column("Last year.")
    phase: str | None = column("Phase of the programme that it belongs to.")
    status: str | None = column("planned, running, paused, finished or cancelled; null where the town states none.")
    later: list[str] = column("Plugins that are planned for it and do not exist yet.")
    programme_id: str | None = column(
        "Programme that several towns carry together: measures of one programme share it."
    )

    retired_at: datetime | None = column("When it was taken out of the portfolio; null for all that residents see.")
    objectives: Connection[ObjectiveType] = to_many(
        "What it wants to reach.", Measure.objectives, order_by=(Objective.position, Objective.id)
    )
    indicators: Connection[IndicatorType] = to_many(
        "What it is judged by, key results included.",
        Measure.indicators,
        order_by=(Indicator.position, Indicator.id),
        filter=IndicatorFilter,
    )

    plugins: list[str] = computed(
        "Plugins that are switched on for this measure.",
        python=_plugins_of,
        reads=(Measure.tenant_id, Measure.id),
        cacheable=True,
    )

    # A resolver: each plugin counts what it holds in its own way.
    @batched("What the measure's plugins hold.")
    @staticmethod
    async def links(rows: Sequence[Measure], ctx: Any) -> list[list[ThingLink]]:
        """Each plugin is asked once, however many measures it serves."""
        names = [_plugins_of(row, ctx) for row in rows]
        held = await _links(ctx, set[str]().union(*names)) if hasattr(ctx, "plugins") else {}
        return [[link for plugin in mine for link in held.get(plugin, [])] for mine in names]


def _titled(text: str) -> Any:
    return Measure.title.icontains(text, autoescape=True)


def _retired(wanted: bool) -> Any:
    return Measure.retired_at.is_not(None) if wanted else Measure.retired_at.is_(None)


@filters(Measure)
class MeasureFilter:
    """Which measures are wanted."""

    programme: str | None = where("Only those of this programme.", Measure.programme_id)
    text: str | None = where("Part of the German title.", _titled)
    key: str | None = where("Only the measure with this key.", Measure.key)
    status: str | None = where("Only those with this status.", Measure.status)
    bundle: str | None = where("Only those of the bundle with this key.", Measure.bundle_key)
    retired: bool | None = where("Only retired ones, or only those of the portfolio.", _retired)


@value
class PluginType:
    """A plugin that works for this town."""

    id: str = column("Short name: its field in queries, the prefix of its permissions.")
    title: str = column("Name in the caller's language.")
    description: str = column("What it does, in the caller's language.")
    version: str = column("Version.")


def _enabled_plugins(_query: Any, ctx: Any) -> list[PluginType]:
    healthy = ctx.platform.plugins.healthy
    return [_plugin(healthy[id_], ctx.locale) for id_ in healthy if id_ in ctx.tenant.enabled]


@query
class TownQuery:
    """Fields of every town."""

    measures: Connection[MeasureType] = many(
        "Measures of the town's strategy.",
        filter=MeasureFilter,
        order_by=(Measure.position, Measure.key),
        cacheable=True,
    )
    audit: Connection[AuditEntryType] | None = audit_log()
    consents: Connection[ConsentType] = consents()

    tenant: Tenant = computed("The town.", python=lambda _query, ctx: ctx.tenant, cacheable=True)
    branding: BrandingType = computed("How the town's pages look.", python=lambda _query, ctx: branding_of(ctx))
    plugins: list[PluginType] = computed(
        "Plugins that are switched on and work.", python=_enabled_plugins, cacheable=True
    )

    @field(
        "Settings of a plugin in this town, with where each value comes from.",
        permission=TENANT_SETTINGS,
        args={"plugin": "Short name of the plugin."},
        items=20,
    )
    async def plugin_settings(self, ctx: Any, plugin: str) -> list[PluginSettingValue]:
        """Read from the database, so that it shows what has just been changed."""
        return await setting_values(ctx, plugin)

    @field("How far the audit log is sealed, and its signed head.", permission=TENANT_AUDIT)
    async def audit_seals(self, ctx: Any) -> AuditSeals:
        """A few look-ups."""
        return await seals_of(ctx)

    @field(
        "Checks every entry of the audit log against its seals. A log of millions of entries takes longer than an "
        "operation may: the console and the command line have the time.",
        permission=TENANT_AUDIT,
        args={"head": "A head that was kept earlier (`auditSeals { head }`), to be compared as well."},
        items=20,
    )
    async def audit_check(self, ctx: Any, head: JSON | None) -> AuditCheck:
        """In the operation's snapshot."""
        return await check_of(ctx, head)

    @field("People who work for the town, by name.", permission=TENANT_MEMBERS, items=50)
    async def staff(self, ctx: Any) -> list[access.StaffMember]:
        """From the login server."""
        return await access.people(ctx)

    @field("Roles that people can have in the town.", permission=TENANT_ROLES, items=15)
    async def roles(self, ctx: Any) -> list[access.StaffRole]:
        """From memory."""
        return access.roles(ctx)

    @field("Groups to which the town has given roles of its own choice.", permission=TENANT_ROLES, items=10)
    async def group_roles(self, ctx: Any) -> list[access.GroupRoles]:
        """From memory."""
        return access.group_roles(ctx)

    @field("Access for programs.", permission=TENANT_CLIENTS, items=10)
    async def programs(self, ctx: Any) -> list[access.ProgramAccess]:
        """From the login server; secrets are never in it."""
        return await access.programs(ctx)

    @field(
        "Why a person may do something in the town, or what is missing.",
        permission=TENANT_MEMBERS,
        args={"member": "Identifier of the person.", "action": "The right: booking.approve."},
    )
    async def explain_access(self, ctx: Any, member: str, action: str) -> access.AccessExplanation:
        """By the same rule as every request."""
        return await access.reasons(ctx, member, action)

    @field("What is kept how long in the town, and how much of it has passed its time.", permission=TENANT_PRIVACY)
    async def retention(self, ctx: Any) -> times.Retention:
        """Counts only: nobody is named."""
        return await times.retention(ctx)

    @field("All that the town holds on you under your account.", permission=SIGNED_IN)
    async def my_data(self, ctx: Any) -> privacy.SubjectDataExport:
        """By the account alone: an address in a token proves nobody's identity."""
        return privacy.export_value(ctx, await own_data(ctx))


@value
class ProgrammeMeasures:
    """Measures of one programme, or of one town that has a strategy of its own."""

    programme_id: str | None = column("Programme that the towns share; null for a town's own measures.")
    programme: str | None = column("Its title.")
    towns: list[Tenant] = column("Towns that take part.")
    measures: list[MeasureType] = column("Their measures, by town and place in the strategy.")


@query
class RegionQuery:
    """Fields of the region."""

    measures: Connection[MeasureType] = many(
        "Measures of all towns.", filter=MeasureFilter, order_by=(Measure.programme_id, Measure.position, Measure.key)
    )

    tenants: list[Tenant] = computed(
        "All towns, by name.", python=lambda _query, ctx: list(ctx.platform.tenants.all()), cacheable=True
    )

    @field("All measures, grouped by the programme that towns share, or by town.", items=20)
    async def programmes(self, ctx: Any) -> list[ProgrammeMeasures]:
        """One statement for all towns."""
        order = (Measure.programme_id, Measure.tenant_id, Measure.position, Measure.key)
        groups: dict[Any, list[Measure]] = {}
        for row in await ctx.session.scalars(sa.select(Measure).where(Measure.retired_at.is_(None)).order_by(*order)):
            groups.setdefault(row.programme_id or row.tenant_id, []).append(row)
        return [_programme(rows, ctx.towns) for rows in groups.values()]


def _programme(rows: list[Any], towns: Any) -> Any:
    involved = [towns[id_] for id_ in dict.fromkeys(row.tenant_id for row in rows)]
    shared = rows[0].programme_id
    return ProgrammeMeasures(  # pyright: ignore[reportCallIssue]
        programme_id=shared, programme=involved[0].programme, towns=involved, measures=rows
    )


def _plugin(plugin: Any, locale: str) -> PluginType:
    return PluginType(  # pyright: ignore[reportCallIssue]
        id=plugin.id, title=plugin.title.get(locale), description=plugin.description.get(locale), version=plugin.version
    )


async def _links(ctx: Any, plugins: set[str]) -> dict[str, list[ThingLink]]:
    held: dict[str, list[ThingLink]] = {}
    for contribution in ctx.plugins.call("register_links"):
        if contribution.plugin not in plugins:
            continue
        try:
            # A savepoint: on PostgreSQL a failed statement would spoil the rest of the operation's transaction.
            async with ctx.session.begin_nested():
                links = await contribution.value(ctx)
        except Exception:
            # One plugin's fault must not take the others' links away.
            log.exception("links failed", plugin=contribution.plugin)
            continue
        held[contribution.plugin] = [
            ThingLink(  # pyright: ignore[reportCallIssue]
                plugin=contribution.plugin,
                kind=link.kind,
                title=link.title.get(ctx.locale),
                count=link.count,
                url=link.url,
            )
            for link in links
        ]
    return held
