"""Whether purging takes a plugin's rows of one town, all of them, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.db.base import Base
from regiohub.errors import DomainError
from regiohub.plugins.manifest import Plugin
from regiohub.privacy.purge import core_rows, own_folders, purge
from regiohub.testing.contract.case import Case
from regiohub.testing.world import World

from .people import HERE, Tables

_ABOUT = {"core_audit", "core_handled"}
"""Tables of the core in which purging leaves a mark of its own."""


async def purge_faults(case: Case) -> list[str]:
    """Purge the plugin in one town and compare every table of every town."""
    plugin = case.plugin
    if plugin.level == "platform" or not plugin.models:
        return []
    async with case.filled(2) as world:
        await world.disable(HERE, case.id)
        before = await _contents(world)
        try:
            await purge(world.platform, world.tenant(HERE), case.id, export=case.folder / "purged.zip")
        except DomainError as error:
            return [f"the purge fails: {error.message.en}"]
        except DBAPIError as error:
            return [f"the database refuses the purge: {error.orig}"]
        after = await _contents(world)
        left = [path.name for path in own_folders(world.scope(HERE).data_dir, case.id)]
        faults = [f"files are left in the town's folder: {', '.join(left)}"] if left else []
        return [*faults, *_differences(plugin, before, after), *await _unknown(world, plugin)]


async def _contents(world: World) -> dict[tuple[str, str], list[tuple[str, ...]]]:
    """Rows of all tables of towns that this installation has, by town and table."""
    there = ("core_", *(f"{id_}_" for id_ in world.platform.plugins.healthy))
    found: dict[tuple[str, str], list[tuple[str, ...]]] = {}
    for town in world.platform.tenants.all():
        async with world.scope(town.slug).read() as ctx:
            for mapper in Base.registry.mappers:
                table: Any = mapper.local_table
                if table.info.get("tenant") and table.name.startswith(there):
                    attributes = [getattr(mapper.class_, mapper.get_property_by_column(c).key) for c in table.columns]
                    rows = await ctx.session.execute(sa.select(*attributes))
                    found[town.slug, table.name] = sorted(tuple(map(repr, row)) for row in rows)
    return found


def _differences(
    plugin: Plugin,
    before: dict[tuple[str, str], list[tuple[str, ...]]],
    after: dict[tuple[str, str], list[tuple[str, ...]]],
) -> Iterator[str]:
    own = set(Tables(plugin).models)
    about = {model.__tablename__ for model, _ in core_rows(plugin.id)} | _ABOUT
    for (slug, table), rows in sorted(before.items()):
        now = after[slug, table]
        if slug == HERE and table in own:
            if now:
                yield f"table {table}: {len(now)} rows of the town are left"
        elif now != rows and not (slug == HERE and table in about):
            yield f"table {table}: rows of {slug} have changed"


async def _unknown(world: World, plugin: Plugin) -> list[str]:
    """Tables of the plugin in the database that its manifest does not list: nobody would ever purge them."""
    engine = world.platform.database.migrating()
    try:
        async with engine.connect() as connection:
            there = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    finally:
        await engine.dispose()
    known = {str(model.__tablename__) for model in plugin.models} | {f"{plugin.id}_alembic_version"}
    # Named after a table: its partitions and indexes for places.
    helpers = tuple(f"{name}_" for name in known)
    own = {name for name in there if name.startswith(f"{plugin.id}_")}
    strange = sorted(name for name in own - known if not name.startswith(helpers))
    return [f"table {name} is in the database and not in models" for name in strange]
