"""An oracle that never finds anything would prove nothing: plans made wrong on purpose are found."""

from __future__ import annotations

import re

import pytest
from lying import Change, Lying

from regiohub.testing.oracle import Oracle
from regiohub.testing.world import World

pytestmark = pytest.mark.parametrize(
    "filled_address",
    ["filled_sqlite", pytest.param("filled_postgresql", marks=pytest.mark.postgresql)],
    indirect=True,
)
DOCUMENT = (
    "{ booking { resources(first: 5) { nodes { id name place { name } bookings(first: 3) { nodes { quantity } } } "
    "totalCount } } }"
)


def _without_tenant(text: str) -> str:
    """Every predicate of the town is there and means nothing."""
    return re.sub(r"(\w+\.tenant_id = (\?|\$\d+(::\w+)?))", r"(\1 OR true)", text)


FAULTS: dict[str, Change] = {
    "another column": lambda text: text.replace(".name AS", ".slug AS"),
    "another order": lambda text: text.replace("name ASC", "name DESC"),
    "another page size": lambda text: re.sub(r"LIMIT 5\b", "LIMIT 4", text),
    "another order of keys": lambda text: (
        text.replace("'nodes'", "'_'").replace("'totalCount'", "'nodes'").replace("'_'", "'totalCount'")
    ),
    "another count": lambda text: text.replace("count(*)", "1 + count(*)"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_plan_that_reads_something_else_is_found(
    filled: World, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    oracle = Oracle(filled)
    compared = await oracle.assert_same("potsdam", DOCUMENT)
    assert compared.planned is not None
    assert not compared.fell_back
    liar = Lying(filled.platform.database.direct, FAULTS[fault])
    monkeypatch.setattr(filled.platform.database, "_direct", liar)
    with pytest.raises(AssertionError, match=r"otherwise than the ordinary executor at data\.booking") as raised:
        await oracle.assert_same("potsdam", DOCUMENT)
    assert liar.changed
    told = str(raised.value)
    assert DOCUMENT in told
    assert "field booking.resources: json" in told
    assert "SELECT" in told


async def test_a_forgotten_tenant_predicate_is_found_or_stopped_by_the_database(
    filled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    oracle = Oracle(filled)
    liar = Lying(filled.platform.database.direct, _without_tenant)
    monkeypatch.setattr(filled.platform.database, "_direct", liar)
    compared = await oracle.compare("potsdam", DOCUMENT)
    assert liar.changed
    assert not compared.fell_back
    if filled.dialect == "postgresql":
        # Row level security is the second wall: the rows of the other town are not there.
        assert compared.difference is None
    else:
        assert compared.difference is not None
        assert compared.difference.where.startswith("data.booking.resources")


async def test_a_plan_that_fails_is_told_from_one_that_answers(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    liar = Lying(filled.platform.database.direct, lambda text: text.replace("SELECT", "SELEKT", 1))
    monkeypatch.setattr(filled.platform.database, "_direct", liar)
    compared = await Oracle(filled).compare("potsdam", DOCUMENT)
    assert (compared.difference, compared.fell_back) == (None, True)


async def test_mutations_are_not_compared(filled: World) -> None:
    with pytest.raises(ValueError, match="only queries"):
        await Oracle(filled).compare("potsdam", "mutation { createProcedure(input: {}) { __typename } }")
