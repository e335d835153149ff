"""From a town's file into the database: what a person changed locally stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from regiohub.auth.principal import SYSTEM, Principal
from regiohub.db.base import uuid7
from regiohub.db.session import TenantSession
from regiohub.errors import Conflict
from regiohub.platform import Platform
from regiohub.sharing import sync_consents
from regiohub.tenancy.config import Town
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.indicators.models import Indicator, Objective
from regiohub.tenancy.models import Activation, Measure, Origin, PluginSetting, ProgrammeRow, TenantRow
from regiohub.tenancy.plugin_settings.fields import HIDDEN, fields_of
from regiohub.tenancy.registry import touch
from regiohub.tenancy.transfers import hidden_towns, new_number
from regiohub.texts import t

_TENANT_FIELDS = (
    "name", "short_name", "ags", "state", "population", "area_km2", "locale", "timezone", "phase", "phase_until",
    "motto", "office", "client",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """What reading a town's file changed."""

    slug: str
    created: bool
    changed: bool


async def apply_town(platform: Platform, town: Town, *, principal: Principal = SYSTEM) -> Applied:
    """Create or update a town, its measures, switches, settings and consents from its file. Repeatable and audited."""
    async with platform.database.platform(write=True) as session:
        row = (await session.scalars(sa.select(TenantRow).where(TenantRow.slug == town.file.slug))).one_or_none()
        if row is not None and row.id in set(await session.scalars(hidden_towns())):
            raise Conflict(
                t(
                    f"{town.file.slug} kommt gerade mit einem Archiv oder geht: bitte das zuerst beenden.",
                    f"{town.file.slug} is coming with an archive, or leaving: complete that first.",
                ),
                field="slug",
            )
        created = row is None
        row = row or TenantRow(slug=town.file.slug, id=await new_number(session))
        facts = _fill_tenant(row, town)
        session.add(row)
        if town.programme:
            await _apply_programme(session, town)
        if created or facts:
            await session.flush()
            await touch(session, row.id)
        await session.commit()
        tenant_id = row.id
    await platform.tenants.refresh()
    tenant = platform.tenants.by_id(tenant_id)
    assert tenant is not None
    async with platform.scope(tenant, principal=principal).write() as ctx:
        if created:
            await ctx.audit("tenant.added", kind="tenant", id=town.slug, after={"name": town.file.name})
        elif facts:
            after = {name: getattr(row, name) for name in facts}
            await ctx.audit("tenant.changed", kind="tenant", id=town.slug, before=facts, after=after)
        measures = await _apply_measures(ctx, town)
        await _apply_activations(ctx, town, measures)
        await _apply_settings(ctx, town)
        await sync_consents(ctx, town.file.sharing)
        await touch(ctx.session)
        # Every change above is audited, so an entry means a change.
        changed = ctx.audited > 0
    await platform.tenants.refresh()
    return Applied(town.file.slug, created, changed and not created)


def _fill_tenant(row: TenantRow, town: Town) -> dict[str, Any]:
    """Set the town's facts; returns what those that changed were before."""
    file = town.file
    values: dict[str, Any] = {name: getattr(file, name) for name in _TENANT_FIELDS}
    values |= {
        "lon": file.centre[0], "lat": file.centre[1],
        "programme_id": town.programme.id if town.programme else None,
        "programme": town.programme.title if town.programme else file.programme,
        "innovation_fields": list(file.innovation_fields),
        "branding": file.branding.model_dump(),
        "hosts": list(town.hosts), "cors_origins": list(file.cors_origins),
    }  # fmt: skip
    # Assigning an equal JSON value would count as a change.
    before = {name: getattr(row, name, None) for name in sorted(values)}
    changed = {name: old for name, old in before.items() if old != values[name]}
    for name in changed:
        setattr(row, name, values[name])
    return changed


async def _apply_programme(session: TenantSession, town: Town) -> None:
    assert town.programme is not None
    row = await session.get(ProgrammeRow, town.programme.id) or ProgrammeRow(id=town.programme.id)
    row.title, row.title_en = town.programme.title, town.programme.title_en
    row.summary, row.summary_en = town.programme.summary, town.programme.summary_en
    session.add(row)


async def _apply_measures(ctx: Ctx, town: Town) -> dict[str, UUID]:
    session = ctx.session
    present = {row.key: row for row in await session.scalars(sa.select(Measure))}
    touched: dict[str, list[str]] = {"added": [], "changed": [], "removed": []}
    for position, measure in enumerate(town.measures):
        entry = measure.entry
        row = present.pop(entry.id, None)
        if row is not None and row.origin is Origin.LOCAL:
            continue
        if row is None:
            touched["added"].append(entry.id)
            row = Measure(id=uuid7(), key=entry.id, origin=Origin.FILE)
        elif row.retired_at is not None:
            touched["added"].append(entry.id)
            row.retired_at = None
        values: dict[str, Any] = {
            "position": position, "title": entry.title, "title_en": entry.title_en, "summary": entry.summary,
            "summary_en": entry.summary_en, "lead": entry.lead, "partners": list(entry.partners),
            "fields": list(entry.fields), "from_year": entry.from_year, "to_year": entry.to_year,
            "phase": entry.phase, "status": entry.status, "later": list(entry.later),
            "bundle_key": measure.bundle_id, "bundle_title": measure.bundle_title,
            "bundle_title_en": measure.bundle_title_en, "programme_id": measure.programme_id,
        }  # fmt: skip
        for name, value in values.items():
            if getattr(row, name, None) != value:
                setattr(row, name, value)
        if session.is_modified(row) and entry.id not in touched["added"]:
            touched["changed"].append(entry.id)
        session.add(row)
    judged = set(await session.scalars(sa.select(Indicator.measure_id).union(sa.select(Objective.measure_id))))
    for row in present.values():
        if row.origin is not Origin.FILE or row.retired_at is not None:
            continue
        touched["removed"].append(row.key)
        if row.id in judged:
            # Figures that people have entered do not go with a line of a file: the measure only leaves the portfolio.
            row.retired_at = ctx.now()
            await session.execute(sa.delete(Activation).where(Activation.measure_id == row.id))
        else:
            await session.delete(row)
    await session.flush()
    if any(touched.values()):
        await ctx.audit("tenant.measures_changed", kind="tenant", id=town.slug, after=touched, note="tenant.toml")
    in_portfolio = sa.select(Measure).where(Measure.retired_at.is_(None))
    return {row.key: row.id for row in await session.scalars(in_portfolio)}


async def _apply_activations(ctx: Ctx, town: Town, measures: dict[str, UUID]) -> None:
    wanted: dict[tuple[str, UUID | None], str | None] = {
        (plugin, measures[key]): key
        for plugin, keys in town.plugin_measures().items()
        for key in keys
        if key in measures
    }
    wanted |= {(plugin, None): None for plugin in town.file.enable}
    for row in await ctx.session.scalars(sa.select(Activation)):
        if (row.plugin, row.measure_id) in wanted:
            del wanted[row.plugin, row.measure_id]
        elif row.origin is Origin.FILE:
            await ctx.session.delete(row)
            await _audit_switch(ctx, row.plugin, on=False, measure=None)
    for (plugin, measure_id), key in sorted(wanted.items(), key=str):
        ctx.session.add(
            Activation(
                id=uuid7(), plugin=plugin, measure_id=measure_id, on=True, origin=Origin.FILE, changed_at=ctx.now()
            )
        )
        await _audit_switch(ctx, plugin, on=True, measure=key)
    await ctx.session.flush()


async def _audit_switch(ctx: Ctx, plugin: str, *, on: bool, measure: str | None) -> None:
    action = "tenant.plugin_enabled" if on else "tenant.plugin_disabled"
    await ctx.audit(action, kind="plugin", id=plugin, after={"enabled": on, "measure": measure}, note="tenant.toml")


def _without_secrets(ctx: Ctx, plugin: str, values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Values for the log, which many read and nobody can clean. Only what its plugin calls no secret is told."""
    found = ctx.platform.plugins.healthy.get(plugin)
    plain = {field.name for field in fields_of(found.settings) if not field.secret} if found else set[str]()
    return None if values is None else {name: old if name in plain else HIDDEN for name, old in values.items()}


async def _apply_settings(ctx: Ctx, town: Town) -> None:
    rows = await ctx.session.scalars(sa.select(PluginSetting).where(PluginSetting.origin == Origin.FILE))
    present = {row.plugin: row for row in rows}
    for plugin in sorted(present.keys() | town.file.plugins.keys()):
        row, values = present.get(plugin), town.file.plugins.get(plugin)
        before = row.values if row else None
        if before == values:
            continue
        if values is None:
            await ctx.session.delete(row)
        elif row is None:
            ctx.session.add(PluginSetting(id=uuid7(), plugin=plugin, origin=Origin.FILE, values=values))
        else:
            row.values = values
        await ctx.audit(
            "tenant.settings_changed", kind="plugin", id=plugin, before=_without_secrets(ctx, plugin, before),
            after=_without_secrets(ctx, plugin, values), note="tenant.toml",
        )  # fmt: skip
    await ctx.session.flush()
