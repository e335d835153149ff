"""Changing a town's appearance: validated, audited, in force for every process with the commit."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from pydantic import ValidationError

from regiohub.auth.permissions import TENANT_SETTINGS
from regiohub.errors import NotFound
from regiohub.files import write_whole
from regiohub.tenancy.faults import refusal
from regiohub.tenancy.models import Origin, PluginSetting
from regiohub.texts import t

from .logo import TYPES, kind_of_logo
from .model import KEY, Appearance

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx
    from regiohub.tenancy.info import TenantInfo

LOGO_FILE: Final = "logo_file"


async def change_appearance(ctx: Ctx, values: Mapping[str, Any]) -> list[str]:
    """Set what `values` names; null follows the town's file again. Returns what changed.

    :raises Forbidden: the caller may not (or ``Unauthenticated``).
    :raises InvalidInput: an unknown value, one of a wrong form, or a colour that white text cannot be read on.
    """
    ctx.require(TENANT_SETTINGS)
    row, kept = await _kept(ctx)
    own = {name: value for name, value in kept.items() if name in Appearance.model_fields}
    given = {name: value if value != "" else None for name, value in values.items()}
    try:
        wanted = Appearance.model_validate({**own, **given}).checked()
    except ValidationError as error:
        raise refusal(error) from None
    changed = {name: getattr(wanted, name) for name in given if getattr(wanted, name) != own.get(name)}
    await _keep(ctx, row, kept, changed)
    return sorted(changed)


async def reset_appearance(ctx: Ctx, names: Collection[str]) -> list[str]:
    """Let these values follow the town's file again. Raises as `change_appearance`."""
    return await change_appearance(ctx, dict.fromkeys(names))


async def set_logo(ctx: Ctx, data: bytes) -> str:
    """Keep a logo and use it from now on; returns its kind, ``png`` or ``svg``.

    :raises Forbidden: the caller may not (or ``Unauthenticated``). :raises InvalidInput: not a harmless small image.
    """
    ctx.require(TENANT_SETTINGS)
    kind = kind_of_logo(data)
    name = f"logo-{hashlib.sha256(data).hexdigest()[:16]}.{kind}"
    # Under a name of its own: what is being served stays whole, and a transaction that fails changes nothing.
    write_whole(ctx.data_dir / "branding" / name, data)
    row, kept = await _kept(ctx)
    if kept.get(LOGO_FILE) != name:
        await _keep(ctx, row, kept, {LOGO_FILE: name})
    return kind


async def remove_logo(ctx: Ctx) -> None:
    """Go back to the logo of the town's file, if it has one. Raises ``Forbidden``, ``NotFound``."""
    ctx.require(TENANT_SETTINGS)
    row, kept = await _kept(ctx)
    if LOGO_FILE not in kept:
        raise NotFound(t("Hier ist kein Logo hochgeladen.", "No logo has been uploaded here."), field="logo")
    await _keep(ctx, row, kept, {LOGO_FILE: None})


def logo_path(platform: Platform, town: TenantInfo) -> tuple[Path, str] | None:
    """The file of the town's logo and its media type: the uploaded one, else the one beside its file; None without."""
    uploaded, named = town.branding.get(LOGO_FILE), town.branding.get("logo")
    if uploaded:
        # A name and no path: settings may have come with an archive from elsewhere.
        path = platform.tenant_dir(town) / "branding" / Path(str(uploaded)).name
    elif named:
        path = platform.settings.tenants_dir / town.slug / str(named)
    else:
        return None
    kind = TYPES.get(path.suffix.lower().lstrip("."))
    return (path, kind) if kind and path.is_file() else None


async def _kept(ctx: Ctx) -> tuple[PluginSetting | None, dict[str, Any]]:
    await ctx.session.lock("settings", KEY)
    mine = sa.select(PluginSetting).where(PluginSetting.plugin == KEY, PluginSetting.origin == Origin.LOCAL)
    row = await ctx.session.scalar(mine)
    return row, dict(row.values) if row else {}


async def _keep(ctx: Ctx, row: PluginSetting | None, kept: dict[str, Any], changed: Mapping[str, Any]) -> None:
    if not changed:
        return
    before = {name: kept.get(name, ctx.tenant.branding.get(name)) for name in changed}
    values = {name: value for name, value in {**kept, **changed}.items() if value is not None}
    if row is None:
        ctx.session.add(PluginSetting(plugin=KEY, origin=Origin.LOCAL, values=values))
    elif values:
        row.values = values
    else:
        await ctx.session.delete(row)
    await ctx.session.flush()
    await ctx.audit("tenant.branding_changed", kind="tenant", id=ctx.tenant.slug, before=before, after=dict(changed))
    await ctx.town_changed()
