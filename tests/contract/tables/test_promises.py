"""Promises about tables: kept by a sound plugin, and each shown to notice a bad one."""

from __future__ import annotations

import re

import pytest

from regiohub.testing.contract import Breach, Promise
from regiohub.testing.contract.promises.tables import PROMISES
from regiohub.testing.installations import Engine

from .conftest import Wells

BY_ID = {promise.id: promise for promise in PROMISES}
ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
on_both = pytest.mark.parametrize("engine", ENGINES)


@on_both
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
async def test_a_sound_plugin_keeps_the_promise(promise: Promise, engine: Engine, wells: Wells) -> None:
    await promise.hold(wells(engine=engine))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_each_promise_says_what_to_do(promise: Promise) -> None:
    assert len(promise.remedy) > 60


async def broken(promise: str, wells: Wells, *changes: tuple[str, str], engine: Engine = "sqlite") -> tuple[str, ...]:
    """What is said of the sample with another migration."""
    with pytest.raises(Breach) as breach:
        await BY_ID[promise].hold(wells(*changes, engine=engine))
    assert BY_ID[promise].remedy in str(breach.value)
    assert promise in str(breach.value)
    return breach.value.faults


KEPT_TABLE = ('    ops.drop_tenant_table("wells_visit")\n', "")
END = '    ops.guard("wells_visit")\n'


@on_both
async def test_a_table_that_stays_after_the_downgrade_is_named(wells: Wells, engine: Engine) -> None:
    # Its reference keeps the other table too on PostgreSQL; there the step itself fails.
    faults = await broken("migrations-up-down-up", wells, KEPT_TABLE, engine=engine)
    expected = (
        "downgrade() leaves the table wells_visit behind"
        if engine == "sqlite"
        else "downgrade() fails in 0001_initial.py, line "
    )
    assert any(fault.startswith(expected) for fault in faults), faults


@pytest.mark.postgresql
async def test_a_function_that_stays_after_the_downgrade_is_named(wells: Wells) -> None:
    making = 'ops.execute("CREATE FUNCTION wells_depth() RETURNS integer LANGUAGE sql AS $$ SELECT 1 $$")\n'
    faults = await broken("migrations-up-down-up", wells, (END, f"{END}    {making}"), engine="postgresql")
    assert "downgrade() leaves the function wells_depth() behind" in faults


async def test_tables_of_others_are_out_of_reach(wells: Wells) -> None:
    making = 'ops.execute("CREATE INDEX ix_hurry ON core_outbox (tenant_id, name)")\n'
    faults = await broken("migrations-up-down-up", wells, (END, f"{END}    {making}"))
    assert "downgrade() leaves the index ix_hurry of core_outbox behind" in faults
    dropping = 'ops.execute("DROP INDEX ix_core_outbox_due")\n'
    faults = await broken("migrations-up-down-up", wells, (END, f"{END}    {dropping}"))
    assert "upgrade() drops the index ix_core_outbox_due of core_outbox, which is not the plugin's" in faults


async def test_a_table_without_the_prefix_is_named(wells: Wells) -> None:
    making = 'ops.execute("CREATE TABLE pumps (id integer)")\n'
    faults = await broken("migrations-up-down-up", wells, (END, f"{END}    {making}"))
    assert "upgrade() creates the table pumps, whose name does not begin with wells_" in faults


@on_both
async def test_a_downgrade_that_fails_on_rows_only_is_found(wells: Wells, engine: Engine) -> None:
    refusing = (
        "    from alembic import op\n\n"
        '    if op.get_bind().exec_driver_sql("SELECT 1 FROM wells_visit").first():\n'
        '        raise ValueError("there are visits")\n'
    )
    faults = await broken("migrations-up-down-up", wells, (KEPT_TABLE[0], refusing + KEPT_TABLE[0]), engine=engine)
    (fault,) = faults
    assert re.fullmatch(
        r"with rows downgrade\(\) fails in 0001_initial\.py, line \d+: ValueError: there are visits", fault
    )


async def test_a_downgrade_that_deletes_rows_of_others_is_found(wells: Wells) -> None:
    deleting = '    ops.execute("DELETE FROM core_activation")\n'
    faults = await broken("migrations-up-down-up", wells, (KEPT_TABLE[0], deleting + KEPT_TABLE[0]))
    assert any("changes core_activation, which is not the plugin's" in fault for fault in faults)


@on_both
async def test_drift_between_tables_and_models_is_told(wells: Wells, engine: Engine) -> None:
    faults = await broken(
        "migrations-match-models", wells, ('    ops.create_index("wells_visit", "at")\n', ""), engine=engine
    )
    assert faults == ("the model has the index ix_wells_visit_tenant_id_at of wells_visit; no migration makes it",)
    faults = await broken(
        "migrations-match-models", wells, ('"slug", sa.Text(), nullable=False', '"slug", sa.Text()'), engine=engine
    )
    assert faults == ("wells_well.slug is optional in the database and required in the model",)
    faults = await broken(
        "migrations-match-models", wells, ('        sa.CheckConstraint("depth > 0", name="depth"),\n', ""),
        engine=engine,
    )  # fmt: skip
    assert faults == ("the model has the check ck_wells_well_depth of wells_well; no migration makes it",)
    extra = ("        *ops.timestamps(),\n", '        sa.Column("colour", sa.Text()),\n        *ops.timestamps(),\n')
    faults = await broken("migrations-match-models", wells, extra, engine=engine)
    assert faults == ("the database has the column wells_well.colour; the model does not",)


@pytest.mark.postgresql
async def test_a_place_that_can_be_searched_on_one_database_only_is_found(wells: Wells) -> None:
    half = ('    ops.spatial_index("wells_well", "place")\n',
            '    if ops.is_postgresql():\n        ops.spatial_index("wells_well", "place")\n')  # fmt: skip
    faults = await broken("migrations-match-models", wells, half, engine="postgresql")
    assert faults == ("wells_well.place has a spatial index on PostgreSQL only",)


@on_both
async def test_keys_that_do_not_begin_with_the_town_are_named(wells: Wells, engine: Engine) -> None:
    making = 'ops.execute("CREATE UNIQUE INDEX ix_wells_quick ON wells_visit (at, tenant_id)")\n'
    faults = await broken("keys-tenant-first", wells, (END, f"{END}    {making}"), engine=engine)
    assert faults == ("the unique constraint ix_wells_quick of wells_visit begins with at, not with tenant_id",)
    making = 'ops.execute("CREATE TABLE wells_pump (id integer PRIMARY KEY)")\n'
    faults = await broken("keys-tenant-first", wells, (END, f"{END}    {making}"), engine=engine)
    assert faults == ("wells_pump has no tenant_id: its rows belong to no town",)


@on_both
async def test_a_table_without_guard_is_found_by_looking_and_by_trying(wells: Wells, engine: Engine) -> None:
    faults = await broken("guards-forced", wells, (END, _open(engine)), engine=engine)
    seen = "row level security is not forced on wells_visit"
    assert ("wells_visit has no guard against a foreign insert" if engine == "sqlite" else seen) in faults
    assert "a statement of one town deletes rows of another in wells_visit" in faults
    assert "a statement of one town can move its rows to another in wells_visit" in faults
    assert "a statement of one town can insert a row for another into wells_visit" in faults
    if engine == "postgresql":
        assert "a connection without town reads rows of wells_visit" in faults


def _open(engine: Engine) -> str:
    if engine == "sqlite":
        return ""
    return '    ops.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON wells_visit TO regiohub_app")\n'


@pytest.mark.postgresql
async def test_a_policy_that_lets_more_through_and_a_view_beside_the_wall_are_found(wells: Wells) -> None:
    making = (
        'ops.execute("CREATE POLICY wide ON wells_visit FOR SELECT TO regiohub_app USING (true)")\n'
        '    ops.execute("CREATE VIEW wells_all AS SELECT * FROM wells_visit")\n'
    )
    faults = await broken("guards-forced", wells, (END, f"{END}    {making}"), engine="postgresql")
    assert "a statement of one town reads rows of another in wells_visit" in faults
    assert any(fault.startswith("the view wells_all reads past the policies") for fault in faults)
