"""Every table of the core and of the plugins, as migrated, is walled in; each way to leave it open is noticed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.base import Base
from regiohub.db.database import Database
from regiohub.db.migrations import ops
from regiohub.testing import World
from regiohub.testing.contract.promises.tables.inventory import inspected

from .catalogue import WITHOUT_TOWN, faults, tables_of_towns
from .conftest import as_owner


async def test_every_table_is_walled_in_with_keys_that_begin_with_the_town(
    world: World, record_property: Callable[[str, object], None]
) -> None:
    tables = await inspected(world.platform.database, tables_of_towns)
    assert await inspected(world.platform.database, faults) == []
    known = {table.name for table in Base.metadata.tables.values() if table.info.get("tenant")}
    of_the_product = {"core", *world.platform.plugins.healthy}
    missing = {name for name in known if any(name.startswith(f"{owner}_") for owner in of_the_product)} - set(tables)
    assert missing == set(), "tables that models declare and the catalogue did not show"
    assert len(tables) >= 70
    record_property("isolation", f"{world.dialect}: {len(tables)} tables of towns, 0 open")


@pytest.mark.postgresql
async def test_the_list_of_tables_without_town_names_none_that_is_gone(world_postgresql: World) -> None:
    def names(connection: Connection) -> set[str]:
        return set(sa.inspect(connection).get_table_names())

    there = await inspected(world_postgresql.platform.database, names)
    assert set(WITHOUT_TOWN) <= there
    assert all(len(reason) > 15 for reason in WITHOUT_TOWN.values())


TRIED = ("open_", "core_work", "lorawan_observation")
"""Tables in which faults are made."""
SOUND = "CREATE TABLE open_note (tenant_id integer NOT NULL REFERENCES tenant (id), id integer NOT NULL, word text"
KEYED = f"{SOUND}, PRIMARY KEY (tenant_id, id))"

BOTH: Mapping[str, tuple[tuple[str, ...], str]] = {
    "no town": (
        ("CREATE TABLE open_note (id integer PRIMARY KEY)",), "open_note has no tenant_id and is not on the list",
    ),
    "empty town": (
        ("CREATE TABLE open_note (tenant_id integer, id integer, word text)",), "open_note.tenant_id may be empty",
    ),
    "primary key": (
        (f"{SOUND}, PRIMARY KEY (id, tenant_id))",), "the primary key of open_note begins with id, not with tenant_id",
    ),
    "unique": (
        (f"{SOUND}, PRIMARY KEY (tenant_id, id), UNIQUE (word))",), "of open_note begins with word, not with tenant_id",
    ),
    "index": ((KEYED, "CREATE INDEX ix_open ON open_note (word)"), "the index ix_open of open_note begins with word"),
    "foreign key": (
        (KEYED, "CREATE UNIQUE INDEX ux_open ON open_note (id)",
         "CREATE TABLE open_child (tenant_id integer NOT NULL, id integer NOT NULL, note integer REFERENCES open_note"
         " (id), PRIMARY KEY (tenant_id, id))"),
        "the reference open_child.note to open_note may cross towns",
    ),
}  # fmt: skip
SQLITE: Mapping[str, tuple[tuple[str, ...], str]] = {
    f"no guard against a foreign {verb}": (
        (f"DROP TRIGGER guard_core_work_{verb}",), f"core_work has no guard against a foreign {verb}",
    )
    for verb in ("insert", "update", "delete")
} | {
    "a guard that lets through": (
        ("DROP TRIGGER guard_core_work_insert",
         "CREATE TRIGGER guard_core_work_insert BEFORE INSERT ON core_work WHEN 0 BEGIN SELECT 1; END"),
        "the guard of core_work against a foreign insert is not the one that guard() makes",
    ),
}  # fmt: skip
POSTGRESQL: Mapping[str, tuple[tuple[str, ...], str]] = {
    "exclusion": (
        (f"{SOUND}, PRIMARY KEY (tenant_id, id), EXCLUDE USING gist (id WITH =, tenant_id WITH =))",),
        "of open_note begins with id, not with tenant_id",
    ),
    "not enabled": (("ALTER TABLE core_work DISABLE ROW LEVEL SECURITY",), "is not forced on core_work"),
    "not forced": (("ALTER TABLE core_work NO FORCE ROW LEVEL SECURITY",), "is not forced on core_work"),
    "policy gone": (("DROP POLICY tenant_rows ON core_work",), "core_work lacks a policy that shows a town its rows"),
    "floor gone": (("DROP POLICY floor_update ON core_work",), "core_work lacks the policy floor_update"),
    "floor of wood": (
        ("DROP POLICY floor_insert ON core_work",
         "CREATE POLICY floor_insert ON core_work AS RESTRICTIVE FOR INSERT TO regiohub_app WITH CHECK (true)"),
        "the policy floor_insert of core_work does not keep to the town",
    ),
    "shows all": (
        ("CREATE POLICY wide ON core_work FOR SELECT TO regiohub_app USING (true)",),
        "the policy wide of core_work shows more than the town's rows",
    ),
    "shows all to everybody": (
        ("CREATE POLICY wide ON core_work FOR SELECT USING (tenant_id > 0)",),
        "the policy wide of core_work shows more than the town's rows",
    ),
    "no check": (
        ("CREATE POLICY wide ON core_work FOR INSERT TO regiohub_app WITH CHECK (true)",),
        "the policy wide of core_work lets more be written than the town's rows",
    ),
    "or": (
        ("CREATE POLICY wide ON core_work FOR SELECT TO regiohub_app USING (state = 'open' OR tenant_id ="
         " NULLIF(current_setting('app.tenant', true), '')::integer)",),
        "the policy wide of core_work shows more than the town's rows",
    ),
    "truncate": (("GRANT TRUNCATE ON core_work TO regiohub_app",), "has the right TRUNCATE on core_work"),
    "delete of towns": (
        ("GRANT DELETE ON tenant TO regiohub_app",), "a row deleted in tenant takes rows of towns along",
    ),
    "view": (("CREATE VIEW open_view AS SELECT * FROM core_work",), "the view open_view reads past the policies"),
    "function": (
        ("CREATE FUNCTION open_all() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
         " AS 'SELECT count(*) FROM core_work'",),
        "the function open_all runs with its owner's rights and is not on the list",
    ),
    "partition": (
        ("CREATE TABLE lorawan_observation_open PARTITION OF lorawan_observation FOR VALUES FROM (1) TO (2)",
         "GRANT SELECT ON lorawan_observation_open TO regiohub_app"),
        "the partition lorawan_observation_open can be reached past the policies",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", [*BOTH])
async def test_a_fault_of_keys_is_found(world: World, fault: str) -> None:
    await _found(world.platform.database, *BOTH[fault])


@pytest.mark.parametrize("fault", [*SQLITE])
async def test_a_missing_trigger_is_found(world_sqlite: World, fault: str) -> None:
    await _found(world_sqlite.platform.database, *SQLITE[fault])


@pytest.mark.postgresql
@pytest.mark.parametrize("fault", [*POSTGRESQL])
async def test_an_opening_of_row_level_security_is_found(world_postgresql: World, fault: str) -> None:
    await _found(world_postgresql.platform.database, *POSTGRESQL[fault])


async def _found(database: Database, statements: tuple[str, ...], expected: str) -> None:
    def make() -> None:
        for text in statements:
            ops.execute(text)

    await as_owner(database, make)
    told = await inspected(database, partial(faults, beginning=TRIED))
    assert any(expected in fault for fault in told), told
