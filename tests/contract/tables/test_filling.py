"""Tables that are not filled are noticed before a promise holds for want of rows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from regiohub.tenancy.context import TenantScope
from regiohub.testing.contract import Breach, Promise
from regiohub.testing.contract.counting import ROWS_FILLED
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.contract.promises.tables.guards import GUARDS_FORCED

from .conftest import Wells

FILL = fill_tables("wells")


async def only_potsdam(scope: TenantScope, rows: int) -> None:
    """Forgets every other town."""
    if scope.tenant.slug == "potsdam":
        await FILL(scope, rows)


async def only_one(scope: TenantScope, _rows: int) -> None:
    """Forgets how many were wanted."""
    await FILL(scope, 1)


@pytest.mark.parametrize("promise", [ROWS_FILLED, GUARDS_FORCED], ids=lambda promise: promise.id)
async def test_a_town_without_rows_is_named(promise: Promise, wells: Wells) -> None:
    with pytest.raises(Breach) as breach:
        await promise.hold(replace(wells(), fill=only_potsdam))
    assert breach.value.promise is ROWS_FILLED
    assert breach.value.faults[0].endswith("has 0 rows in bad-belzig after filling, 2 were wanted")


async def test_too_few_rows_are_named(wells: Wells) -> None:
    with pytest.raises(Breach) as breach:
        await ROWS_FILLED.hold(replace(wells(), fill=only_one))
    assert breach.value.faults[0].endswith("has 1 rows in potsdam after filling, 2 were wanted")


async def test_whoever_cannot_fill_a_table_may_say_so(wells: Wells) -> None:
    async with replace(wells(), fill=only_one, counted=False).filled():
        pass
