"""The fields that every town's schema has, and those of the region's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import structlog

from regiohub.graphql.authoring.connection import Connection
from regiohub.graphql.authoring.fields import batched, column, computed, field
from regiohub.graphql.authoring.filters import filters, where
from regiohub.graphql.authoring.lists import many
from regiohub.graphql.authoring.types import bound, query, value
from regiohub.tenancy.models import Activation, Measure

from .audit import AuditEntryType, audit_log
from .town import Tenant

log = structlog.get_logger()


def _words(name: str) -> Any:
    """The English words where the caller wants them and the town has them, otherwise the German ones."""

    def pick(row: Any, ctx: Any) -> str | None:
        return (getattr(row, f"{name}_en") if ctx.locale == "en" else None) or getattr(row, name)

    return pick


@value
class ThingLink:
    """What a plugin holds, in general terms: how many of what, and where to see them."""

    plugin: str = column("Plugin that holds it.")
    kind: str = column("What it is, as a stable word: procedure.")
    title: str = column("What it is, in the caller's language.")
    count: int = column("How many of them there are.")
    url: str = column("Address within the town's pages.")


@bound(Measure)
class MeasureType:
    """A measure (Maßnahme) of a town's strategy."""

    id: UUID = column("Identifier.")
    key: str = column("Short name, stable within the town.")
    title: str = computed("Title in the caller's language, else in German.", python=_words("title"))
    summary: str | None = computed(
        "What it is about, in the caller's language, else in German.", python=_words("summary")
    )
    bundle_key: str | None = column("Short name of the group of measures that it belongs to.")
    bundle: str | None = computed("Group of measures that it belongs to.", python=_words("bundle_title"))
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

    @batched("Plugins that are switched on for this measure.")
    @staticmethod
    async def plugins(rows: Sequence[Measure], ctx: Any) -> list[list[str]]:
        """One statement for all measures."""
        return [sorted(names) for names in await _plugins_of(rows, ctx)]

    @batched("What the measure's plugins hold.")
    @staticmethod
    async def links(rows: Sequence[Measure], ctx: Any) -> list[list[ThingLink]]:
        """Each plugin is asked once, however many measures it serves."""
        names = await _plugins_of(rows, ctx)
        held = await _links(ctx, set().union(*names)) if hasattr(ctx, "plugins") else {}
        return [[link for plugin in sorted(mine) for link in held.get(plugin, [])] for mine in names]


def _titled(text: str) -> Any:
    return Measure.title.icontains(text, autoescape=True)


@filters(Measure)
class MeasureFilter:
    """Which measures are wanted."""

    programme: str | None = where("Only those of this programme.", Measure.programme_id)
    text: str | None = where("Part of the German title.", _titled)


@value
class PluginType:
    """A plugin that works for this town."""

    id: str = column("Short name: its field in queries, the prefix of its permissions.")
    title: str = column("Name in the caller's language.")
    description: str = column("What it does, in the caller's language.")
    version: str = column("Version.")


@query
class TownQuery:
    """Fields of every town."""

    measures: Connection[MeasureType] = many(
        "Measures of the town's strategy.", filter=MeasureFilter, order_by=(Measure.position, Measure.key)
    )
    audit: Connection[AuditEntryType] | None = audit_log()

    @field("The town.")
    async def tenant(self, ctx: Any) -> Tenant:
        """The town of the request."""
        return ctx.tenant

    @field("Plugins that are switched on and work.", items=10)
    async def plugins(self, ctx: Any) -> list[PluginType]:
        """From memory: no statement."""
        healthy = ctx.platform.plugins.healthy
        return [_plugin(healthy[id_], ctx.locale) for id_ in healthy if id_ in ctx.tenant.enabled]


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

    @field("All towns, by name.", items=20)
    async def tenants(self, ctx: Any) -> list[Tenant]:
        """From memory: no statement."""
        return list(ctx.platform.tenants.all())

    @field("All measures, grouped by the programme that towns share, or by town.", items=20)
    async def programmes(self, ctx: Any) -> list[ProgrammeMeasures]:
        """One statement for all towns."""
        order = (Measure.programme_id, Measure.tenant_id, Measure.position, Measure.key)
        groups: dict[Any, list[Measure]] = {}
        for row in await ctx.session.scalars(sa.select(Measure).order_by(*order)):
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


async def _plugins_of(rows: Sequence[Measure], ctx: Any) -> list[set[str]]:
    ids = [row.id for row in rows]
    statement = sa.select(Activation.measure_id, Activation.tenant_id, Activation.plugin).where(
        Activation.measure_id.in_(ids), Activation.on
    )
    found: dict[Any, set[str]] = {}
    for measure, tenant, plugin in (await ctx.session.execute(statement)).all():
        if plugin in ctx.platform.tenants.by_id(tenant).enabled:
            found.setdefault((tenant, measure), set()).add(plugin)
    return [found.get((row.tenant_id, row.id), set()) for row in rows]


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
