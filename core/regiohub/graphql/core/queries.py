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
from regiohub.tenancy.models import Measure

from .audit import AuditEntryType, audit_log
from .town import Tenant

log = structlog.get_logger()


def _words(description: str, name: str) -> Any:
    """A field: the English words where the caller wants them and the town has them, otherwise the German ones."""
    german, english = getattr(Measure, name), getattr(Measure, f"{name}_en")

    def in_sql(ctx: Any) -> Any:
        return sa.func.coalesce(sa.func.nullif(english, ""), german) if ctx.locale == "en" else german

    def pick(row: Any, ctx: Any) -> str | None:
        return (getattr(row, f"{name}_en") if ctx.locale == "en" else None) or getattr(row, name)

    return computed(description, sql=in_sql, python=pick, reads=(german, english))


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


@bound(Measure, cacheable=True)
class MeasureType:
    """A measure (Maßnahme) of a town's strategy."""

    id: UUID = column("Identifier.")
    key: str = column("Short name, stable within the town.")
    title: str = _words("Title in the caller's language, else in German.", "title")
    summary: str | None = _words("What it is about, in the caller's language, else in German.", "summary")
    bundle_key: str | None = column("Short name of the group of measures that it belongs to.")
    bundle: str | None = _words("Group of measures that it belongs to.", "bundle_title")
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

    tenant: Tenant = computed("The town.", python=lambda _query, ctx: ctx.tenant, cacheable=True)
    plugins: list[PluginType] = computed(
        "Plugins that are switched on and work.", python=_enabled_plugins, cacheable=True
    )


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
