"""Writing invented towns: thousands in one transaction of the tables' owner, as a migration would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.versions import EVERYTHING, EVERYWHERE, raise_named
from regiohub.tenancy.models import Activation, Measure, Origin, PlatformState, PluginSetting, ProgrammeRow, TenantRow

from .towns import InventedTown, id_of, invented, programme_of

if TYPE_CHECKING:
    from regiohub.platform import Platform

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Written:
    """What was added. `towns`: ids by number, of those that were there already as well."""

    added: int
    towns: Mapping[int, int]


async def write_towns(platform: Platform, count: int) -> Written:
    """Have the towns numbered 0 to ``count - 1`` there; those that are there already stay as they are.

    Speaks to the database as the owner of the tables. The log gets no entries: nobody has done anything in these towns.
    """
    towns = [invented(number, platform.plugins.healthy) for number in range(count)]
    now = platform.clock.now()
    engine = platform.database.migrating()
    try:
        async with engine.begin() as connection:
            written = await connection.run_sync(lambda c: _write(c, towns, now))
    finally:
        await engine.dispose()
    await platform.tenants.refresh()
    return written


def insert_rows(connection: Connection, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows in the chunks that both drivers take quickly; all have the same columns."""
    statement = sa.insert(table)
    for start in range(0, len(rows), CHUNK):
        connection.execute(statement, list(rows[start : start + CHUNK]))


def _write(connection: Connection, towns: Sequence[InventedTown], now: datetime) -> Written:
    tenants, programmes = TenantRow.__table__, ProgrammeRow.__table__
    there = {row.slug: row.id for row in connection.execute(sa.select(tenants.c.slug, tenants.c.id))}
    new = [town for town in towns if town.facts["slug"] not in there]
    stamps = {"created_at": now, "updated_at": now}
    known = set(connection.scalars(sa.select(programmes.c.id)))
    titles = dict(found for town in new if (found := programme_of(town.number)) and found[0] not in known)
    english = {"title_en": None, "summary": None, "summary_en": None}
    insert_rows(connection, programmes, [{"id": id_, "title": title, **english} for id_, title in titles.items()])
    insert_rows(connection, tenants, [{**town.facts, **stamps} for town in new])
    there = {row.slug: row.id for row in connection.execute(sa.select(tenants.c.slug, tenants.c.id))}
    ids = {town.number: there[town.facts["slug"]] for town in towns}
    insert_rows(connection, Measure.__table__, [row for town in new for row in _measures(town, ids[town.number], now)])
    insert_rows(
        connection, Activation.__table__, [row for town in new for row in _switches(town, ids[town.number], now)]
    )
    insert_rows(connection, PluginSetting.__table__, [row for town in new for row in _settings(town, ids[town.number])])
    if new:
        connection.execute(sa.update(PlatformState).values(version=PlatformState.version + 1))
        raise_named(connection, EVERYWHERE, [EVERYTHING])
    return Written(len(new), ids)


def _measures(town: InventedTown, tenant_id: int, now: datetime) -> list[dict[str, Any]]:
    same = {
        "origin": Origin.LOCAL, "bundle_key": None, "bundle_title": None, "bundle_title_en": None, "lead": None,
        "partners": [], "from_year": 2025, "to_year": 2029, "phase": None, "status": None, "later": [],
        "retired_at": None, "created_at": now, "updated_at": now, "tenant_id": tenant_id,
    }  # fmt: skip
    return [{**same, **measure} for measure in town.measures]


def _switches(town: InventedTown, tenant_id: int, now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": tenant_id, "id": id_of(f"switch {plugin}", town.number), "plugin": plugin,
            "measure_id": None if measure is None else town.measures[measure]["id"], "on": True,
            "origin": Origin.LOCAL, "changed_at": now,
        }
        for plugin, measure in town.plugins.items()
    ]  # fmt: skip


def _settings(town: InventedTown, tenant_id: int) -> list[dict[str, Any]]:
    return [
        {
            "tenant_id": tenant_id, "id": id_of(f"settings {plugin}", town.number), "plugin": plugin,
            "origin": Origin.LOCAL, "values": dict(values),
        }
        for plugin, values in town.settings.items()
    ]  # fmt: skip
