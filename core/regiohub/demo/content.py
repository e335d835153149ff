"""Loading demo content: each plugin's for each town that has it on, and only when something about it is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from regiohub.plugins.parts import Demo

from .goals import DEMO
from .goals import FILE as GOALS
from .models import DemoState

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

_CORE = "core"


@dataclass(frozen=True, slots=True)
class DemoPart:
    """One plugin's (or the core's) demo content for one town, and whether the town has it already."""

    tenant: TenantInfo
    plugin: str
    demo: Demo
    fingerprint: str
    loaded: bool


async def demo_parts(platform: Platform, slugs: Sequence[str] = ()) -> list[DemoPart]:
    """All demo content, in the order of towns and of the plugins' dependencies; ``slugs`` narrows it to some towns."""
    tenants = [tenant for tenant in platform.tenants.all() if not slugs or tenant.slug in slugs]
    offered = [(_CORE, DEMO), *((offer.plugin, offer.value) for offer in platform.plugins.call("register_demo", None))]
    async with platform.database.read_across([t.id for t in tenants], reason="demo content") as session:
        known = {(row.tenant_id, row.plugin): row.fingerprint for row in await session.scalars(sa.select(DemoState))}
    parts: list[DemoPart] = []
    for tenant in tenants:
        folder = platform.settings.tenants_dir / tenant.slug
        content = _content(folder)
        for plugin, demo in offered:
            # The core has content only for towns with a file of their own for it.
            wanted = (folder / GOALS).is_file() if plugin == _CORE else plugin in tenant.enabled
            if not wanted:
                continue
            release = version("regiohub") if plugin == _CORE else platform.plugins.healthy[plugin].version
            fingerprint = sha256(f"{plugin} {release} {content}".encode()).hexdigest()
            loaded = known.get((tenant.id, plugin)) == fingerprint
            parts.append(DemoPart(tenant, plugin, demo, fingerprint, loaded))
    return parts


async def load_part(platform: Platform, part: DemoPart) -> None:
    """Load one plugin's content into a town, and remember that it is there."""
    scope = platform.scope(part.tenant)
    await part.demo.load(scope, platform.settings.tenants_dir / part.tenant.slug)
    async with scope.write() as ctx:
        row = {"plugin": part.plugin, "fingerprint": part.fingerprint, "loaded_at": ctx.now()}
        await ctx.session.upsert(DemoState, [row], key=("plugin",), update=("fingerprint", "loaded_at"))


def _content(folder: Path) -> str:
    """Digest of a town's seed files; tenant.toml holds no demo content and is left out."""
    digest = sha256()
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != "tenant.toml":
            digest.update(f"{file.relative_to(folder).as_posix()}\0".encode() + sha256(file.read_bytes()).digest())
    return digest.hexdigest()
