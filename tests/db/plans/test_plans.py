"""No statement of the product reads a big table from one end to the other: by the plans that PostgreSQL really made."""

from __future__ import annotations

from pathlib import Path

import pytest
from operations.collect import Found, collect

from regiohub.testing.depth import is_full
from regiohub.testing.world import open_world

from .conftest import Filled
from .lint import MOST_ROWS, Lint, volatile_functions
from .reading import planned
from .walk import Walk

ALLOWED: dict[str, str] = {}
"""Tables that may be read whole, with the reason. An entry that nothing needs any more is a fault, too."""
_SEARCHES = ("near", "within", "bbox", "search", "filter")

pytestmark = pytest.mark.postgresql


def shipped() -> list[Found]:
    """Operations of documentation and code; of the tests' those that search, or at full depth all."""
    found = collect()
    return [one for one in found if is_full() or one.kind != "tests" or any(word in one.text for word in _SEARCHES)]


@pytest.mark.timeout(400)
async def test_no_statement_of_the_product_reads_a_big_table_as_a_whole(filled: Filled, tmp_path: Path) -> None:
    lint = Lint(filled.server, filled.name)
    with planned(filled.server, filled.name) as plans:
        async with open_world(filled.address, tmp_path) as world:
            walk = Walk(world, variants=is_full())
            await walk.ask(shipped())
            await walk.open_all()
            await walk.work()
    broken = {shape: status for shape, status in walk.addresses.items() if status >= 500}
    assert not broken
    assert walk.operations > 20
    assert sum(status == 200 for status in walk.addresses.values()) > 60
    faults = lint.faults(plans.found)
    assert [fault for fault in faults if fault.table not in ALLOWED] == []
    assert {fault.table for fault in faults} == ALLOWED.keys()
    seen = {node.get("Relation Name") for plan in plans.found for node in plan.nodes()}
    assert len(seen & lint.big) > 45, "plans of most of the tables have been judged"


def test_the_tables_are_big_and_no_town_has_most_of_one(filled: Filled) -> None:
    sizes = Lint(filled.server, filled.name).sizes
    small = {name for name, count in sizes.items() if count <= MOST_ROWS}
    assert len(sizes.keys() - small) > 55, small
    share = "SELECT max(n) FROM (SELECT count(*) AS n FROM {} GROUP BY tenant_id) AS towns"
    for table in ("core_outbox", "booking_booking", "lorawan_message", "health_directory_service", "atlas_procedure"):
        assert sizes[table] > MOST_ROWS
        most = int(filled.server.execute(share.format(table), database=filled.name))
        assert most < sizes[table] / 10


def test_a_dropped_index_is_found(filled: Filled) -> None:
    lint = Lint(filled.server, filled.name)
    query = "SELECT count(*) FROM booking_slot WHERE tenant_id = 1 AND starts_at > now()"
    asked = f"SET LOCAL ROLE regiohub_app; SET LOCAL app.tenant = '1'; {query}"
    indexes = "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'booking_slot'::regclass AND NOT indisprimary"
    dropped = "; ".join(
        f"ALTER TABLE booking_slot DROP CONSTRAINT IF EXISTS {name} CASCADE; DROP INDEX IF EXISTS {name}"
        for name in (
            *filled.server.execute(indexes, database=filled.name).splitlines(),
            filled.server.execute(indexes.replace("NOT ", ""), database=filled.name),
        )
    )
    with planned(filled.server, filled.name) as plans:
        filled.server.execute(f"BEGIN; {asked}; ROLLBACK", database=filled.name)
    assert plans.found
    assert lint.faults(plans.found) == []
    with planned(filled.server, filled.name) as plans:
        filled.server.execute(f"BEGIN; {dropped}; {asked}; ROLLBACK", database=filled.name)
    assert [fault.table for fault in lint.faults(plans.found)] == ["booking_slot"]


def test_no_policy_calls_a_volatile_function(filled: Filled) -> None:
    assert volatile_functions(filled.server, filled.name) == []
    policy = "CREATE POLICY slow ON booking_slot USING (tenant_id < random() * 9)"
    filled.server.execute(policy, database=filled.name)
    try:
        assert volatile_functions(filled.server, filled.name) == ["booking_slot.slow: random"]
    finally:
        filled.server.execute("DROP POLICY slow ON booking_slot", database=filled.name)
