"""What switching a plugin means for a town, in words: for the question before it is done."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from regiohub.plugins.parts import ConsolePart, GraphQLPart, RoutePart
from regiohub.sharing.models import Consent
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Activation, Measure
from regiohub.tenancy.portfolio import held_by_plugins
from regiohub.texts import Text, t

_NAMED = 6


async def switched_off(ctx: Ctx, plugin: str, measure: str | None = None) -> list[Text]:
    """What vanishes in the town when a plugin goes off (for one measure, or everywhere), and what stays."""
    stays = await _still_on_for(ctx, plugin, measure)
    if stays:
        names = ", ".join(stays)
        return [
            t(
                f"Das Plugin arbeitet weiter, denn es ist auch eingeschaltet für: {names}.",
                f"The plugin goes on working, because it is also switched on for: {names}.",
            )
        ]
    found = [*_interface(ctx, plugin), *_pages(ctx, plugin), *_work(ctx, plugin)]
    found += await _shared(ctx, plugin)
    found += await _kept(ctx, plugin)
    return found


def switched_on(ctx: Ctx, plugin: str) -> list[Text]:
    """What appears in the town when a plugin goes on."""
    appearing = [*_interface(ctx, plugin), *_pages(ctx, plugin), *_work(ctx, plugin)]
    return appearing or [t("Das Plugin wird eingeschaltet.", "The plugin is switched on.")]


async def _still_on_for(ctx: Ctx, plugin: str, measure: str | None) -> list[str]:
    if measure is None:
        return []
    rows = await ctx.session.execute(
        sa.select(Activation.measure_id, Measure.title)
        .join(
            Measure,
            sa.and_(Measure.tenant_id == Activation.tenant_id, Measure.id == Activation.measure_id),
            isouter=True,
        )
        .where(Activation.plugin == plugin, Activation.on, sa.or_(Measure.key.is_(None), Measure.key != measure))
    )
    return [title or ctx.tenant.short_name for _, title in rows]


def _interface(ctx: Ctx, plugin: str) -> list[Text]:
    from regiohub.graphql.authoring.fields import camel

    found: list[Text] = []
    for contribution in ctx.platform.plugins.call("register_graphql", frozenset({plugin})):
        part: GraphQLPart = contribution.value
        field = camel(plugin)
        if part.query is not None:
            found.append(
                t(f"GraphQL: das Feld {field} mit allem darin", f"GraphQL: the field {field} and all below it")
            )
        if part.mutations:
            found.append(t(f"GraphQL: {len(part.mutations)} Mutationen", f"GraphQL: {len(part.mutations)} mutations"))
        if part.subscriptions:
            found.append(
                t(
                    f"GraphQL: {len(part.subscriptions)} Abonnements",
                    f"GraphQL: {len(part.subscriptions)} subscriptions",
                )
            )
    return found


def _pages(ctx: Ctx, plugin: str) -> list[Text]:
    found: list[Text] = []
    plugins, only, slug = ctx.platform.plugins, frozenset({plugin}), ctx.tenant.slug
    for contribution in plugins.collect("register_routes", only):
        route: RoutePart = contribution.value
        address = f"/{slug}/{(route.prefix or plugin).strip('/')}/"
        found.append(t(f"Adressen unter {address}", f"Addresses below {address}"))
    entries = [entry.title.de for c in plugins.collect("register_navigation", only) for entry in (c.value,)]
    if entries:
        found.append(t(f"Seiten für alle: {', '.join(entries)}", f"Public pages: {', '.join(entries)}"))
    for contribution in plugins.collect("register_console", only):
        part: ConsolePart = contribution.value
        de = ", ".join(entry.title.de for entry in part.navigation)
        en = ", ".join(entry.title.en for entry in part.navigation)
        found.append(t(f"Seiten der Konsole: {de}", f"Pages of the console: {en}"))
    return found


def _work(ctx: Ctx, plugin: str) -> list[Text]:
    only, plugins = frozenset({plugin}), ctx.platform.plugins
    jobs = [contribution.value.name for contribution in plugins.collect("register_jobs", only)]
    running = [contribution.value.name for contribution in plugins.collect("register_background", only)]
    found: list[Text] = []
    if jobs:
        found.append(t(f"Regelmäßige Arbeiten: {_names(jobs)}", f"Scheduled jobs: {_names(jobs)}"))
    if running:
        found.append(t(f"Laufende Verbindungen: {_names(running)}", f"Running connections: {_names(running)}"))
    return found


async def _shared(ctx: Ctx, plugin: str) -> list[Text]:
    consents = await ctx.session.scalars(
        sa.select(Consent).where(
            Consent.dataset.startswith(f"{plugin}.", autoescape=True), Consent.revoked_at.is_(None)
        )
    )
    return [
        t(f"Geteilte Daten: {c.dataset} für {c.reader}", f"Shared data: {c.dataset} for {c.reader}") for c in consents
    ]


async def _kept(ctx: Ctx, plugin: str) -> list[Text]:
    links = (await held_by_plugins(ctx)).get(plugin, ())
    held_de = ", ".join(f"{link.count} {link.title.de}" for link in links if link.count)
    held_en = ", ".join(f"{link.count} {link.title.en}" for link in links if link.count)
    if not held_de:
        return [t("Gespeicherte Daten bleiben erhalten.", "Stored data is kept.")]
    return [t(f"Erhalten bleiben die Daten: {held_de}.", f"The data is kept: {held_en}.")]


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} …"
