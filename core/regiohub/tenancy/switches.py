"""Switching plugins on and off in a town: live, audited, and for which measure."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from regiohub.auth.permissions import REGION_ACTIVATION, TENANT_PLUGINS
from regiohub.auth.principal import SYSTEM, Principal
from regiohub.db.base import uuid7
from regiohub.errors import Conflict, InvalidInput, NotFound
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.models import Activation, Measure, Origin
from regiohub.texts import t


async def switch(
    platform: Platform,
    tenant: TenantInfo,
    plugin: str,
    *,
    on: bool,
    measure: str | None = None,
    principal: Principal = SYSTEM,
) -> TenantInfo:
    """Switch a plugin on or off in a unit of work of its own: see `switch_plugin`. Returns the town as it is then."""
    scope = platform.scope(tenant, principal=principal)
    await scope.run(lambda ctx: switch_plugin(ctx, plugin, on=on, measure=measure))
    return scope.tenant


async def switch_plugin(ctx: Ctx, plugin: str, *, on: bool, measure: str | None = None) -> None:
    """Switch a plugin on or off with this unit of work; it takes effect after the commit, in every process.

    `measure`: key of the measure it serves; without one, on means for the town directly, off means everywhere in it.
    Data is kept when a plugin goes off.

    :raises Forbidden: the caller administers neither the town's plugins nor the region's (or ``Unauthenticated``).
    :raises NotFound: unknown plugin, or one that is not on (for that measure). :raises InvalidInput: unknown measure.
    :raises Conflict: a plugin in quarantine, or one that others here need.
    """
    if not ctx.can(REGION_ACTIVATION):
        ctx.require(TENANT_PLUGINS)
    measure_id = await _measure_id(ctx, measure) if measure else None
    if on:
        _check_usable(ctx, plugin)
    else:
        await _check_not_needed(ctx, plugin, measure_id)
    if not await _write(ctx, plugin, measure_id, on=on, everywhere=not on and measure is None):
        raise NotFound(
            t(
                f"Das Plugin {plugin} ist für die Maßnahme {measure} nicht eingeschaltet.",
                f"The plugin {plugin} is not switched on for the measure {measure}.",
            ),
            field="measure",
        )
    await ctx.audit(
        f"tenant.plugin_{'enabled' if on else 'disabled'}", kind="plugin", id=plugin,
        before={"enabled": plugin in ctx.tenant.switched}, after={"enabled": on, "measure": measure},
    )  # fmt: skip
    await ctx.town_changed()


def _check_usable(ctx: Ctx, plugin: str) -> None:
    record = next((record for record in ctx.platform.plugins.records if record.id == plugin), None)
    if record is None:
        raise NotFound(
            t(f"Das Plugin {plugin} ist nicht installiert.", f"The plugin {plugin} is not installed."), field="plugin"
        )
    if not record.allowed:
        raise Conflict(
            t(
                f"Das Plugin {plugin} ist nicht zugelassen.",
                f"The plugin {plugin} is not allowed (REGIOHUB_PLUGINS_ALLOWED).",
            ),
            field="plugin",
        )
    if not record.healthy or record.plugin is None:
        raise Conflict(
            t(
                f"Das Plugin {plugin} ist in Quarantäne: {record.fault}",
                f"The plugin {plugin} is in quarantine: {record.fault}",
            ),
            field="plugin",
        )
    missing = sorted(set(record.plugin.requires) - ctx.tenant.enabled)
    if missing:
        names = ", ".join(missing)
        raise Conflict(t(f"{plugin} braucht zuerst: {names}.", f"{plugin} needs these first: {names}."), field="plugin")


async def _check_not_needed(ctx: Ctx, plugin: str, measure_id: UUID | None) -> None:
    tenant = ctx.tenant
    if plugin not in tenant.switched:
        raise NotFound(
            t(f"Das Plugin {plugin} ist hier nicht eingeschaltet.", f"The plugin {plugin} is not switched on here."),
            field="plugin",
        )
    if measure_id is not None and await _on_elsewhere(ctx, plugin, measure_id):
        return
    dependants = [
        id_ for id_, other in ctx.platform.plugins.healthy.items() if id_ in tenant.enabled and plugin in other.requires
    ]
    if dependants:
        names = ", ".join(dependants)
        raise Conflict(
            t(
                f"{names} braucht {plugin}; bitte das zuerst ausschalten.",
                f"{names} needs {plugin}; switch that off first.",
            ),
            field="plugin",
        )


async def _on_elsewhere(ctx: Ctx, plugin: str, measure_id: UUID) -> bool:
    """Whether the plugin stays on without this measure: for another one, or for the town directly."""
    on = sa.select(Activation.measure_id).where(Activation.plugin == plugin, Activation.on)
    return any(other != measure_id for other in await ctx.session.scalars(on))


async def _measure_id(ctx: Ctx, key: str) -> UUID:
    found = await ctx.session.scalar(sa.select(Measure.id).where(Measure.key == key))
    if found is None:
        raise InvalidInput(
            t(f"Die Maßnahme {key} gibt es hier nicht.", f"There is no measure {key} here."), field="measure"
        )
    return found


async def _write(ctx: Ctx, plugin: str, measure_id: UUID | None, *, on: bool, everywhere: bool) -> bool:
    """Whether there was anything to write: what is not on for a measure cannot go off for it."""
    rows = list(await ctx.session.scalars(sa.select(Activation).where(Activation.plugin == plugin)))
    touched = rows if everywhere else [row for row in rows if row.measure_id == measure_id]
    if not on and not everywhere and not any(row.on for row in touched):
        return False
    for row in touched:
        row.on, row.origin, row.changed_at = on, Origin.LOCAL, ctx.now()
    if on and not touched:
        ctx.session.add(
            Activation(
                id=uuid7(), plugin=plugin, measure_id=measure_id, on=True, origin=Origin.LOCAL, changed_at=ctx.now()
            )
        )
    await ctx.session.flush()
    return True
