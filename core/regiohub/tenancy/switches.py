"""Switching plugins on and off in a town: live, audited, and for which measure."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from regiohub.auth.permissions import TENANT_PLUGINS
from regiohub.auth.principal import SYSTEM, Principal
from regiohub.db.base import uuid7
from regiohub.errors import Conflict, InvalidInput, NotFound
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.models import Activation, Measure, Origin
from regiohub.tenancy.registry import touch
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
    """Switch a plugin on or off.

    `measure`: key of the measure it serves; without one, on means for the town directly, off means everywhere in it.
    Returns the town as it is afterwards. Data is kept when a plugin goes off.

    :raises NotFound: unknown plugin, or one that is not on (for that measure). :raises InvalidInput: unknown measure.
    :raises Conflict: a plugin in quarantine, or one that others here need.
    """
    if on:
        _check_usable(platform, tenant, plugin)
    else:
        _check_not_needed(platform, tenant, plugin)

    async def work(ctx: Ctx) -> None:
        measure_id = await _measure_id(ctx, measure) if measure else None
        if not await _write(ctx, plugin, measure_id, on=on, everywhere=not on and measure is None):
            raise NotFound(
                t(
                    f"Das Plugin {plugin} ist für die Maßnahme {measure} nicht eingeschaltet.",
                    f"The plugin {plugin} is not switched on for the measure {measure}.",
                ),
                field="measure",
            )
        await touch(ctx.session)
        await ctx.audit(
            f"tenant.plugin_{'enabled' if on else 'disabled'}", kind="plugin", id=plugin,
            before={"enabled": plugin in tenant.switched}, after={"enabled": on, "measure": measure},
        )  # fmt: skip

    scope = platform.scope(tenant, principal=principal)
    async with scope.read() as ctx:
        ctx.require(TENANT_PLUGINS)
    await scope.run(work)
    await platform.tenants.refresh()
    after = platform.tenants.by_id(tenant.id) or tenant
    if (plugin in after.enabled) != (plugin in tenant.enabled):
        hook = "on_tenant_enabled" if plugin in after.enabled else "on_tenant_disabled"
        platform.plugins.call(hook, frozenset({plugin}), tenant=after)
    platform.live.wake()
    return after


def _check_usable(platform: Platform, tenant: TenantInfo, plugin: str) -> None:
    record = next((record for record in platform.plugins.records if record.id == plugin), None)
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
    missing = sorted(set(record.plugin.requires) - tenant.enabled)
    if missing:
        names = ", ".join(missing)
        raise Conflict(t(f"{plugin} braucht zuerst: {names}.", f"{plugin} needs these first: {names}."), field="plugin")


def _check_not_needed(platform: Platform, tenant: TenantInfo, plugin: str) -> None:
    if plugin not in tenant.switched:
        raise NotFound(
            t(f"Das Plugin {plugin} ist hier nicht eingeschaltet.", f"The plugin {plugin} is not switched on here."),
            field="plugin",
        )
    dependants = [
        id_ for id_, other in platform.plugins.healthy.items() if id_ in tenant.enabled and plugin in other.requires
    ]
    if dependants:
        names = ", ".join(dependants)
        raise Conflict(
            t(f"{names} braucht {plugin}.", f"{names} needs {plugin}; switch that off first."), field="plugin"
        )


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
