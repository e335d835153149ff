"""The parser that looks for missing predicates, and the wall of the plans: both refuse what leaks."""

from __future__ import annotations

import pytest
from confinement import loose

from regiohub.graphql.plans.scope import unconfined

CONFINED = (
    "SELECT t1.name FROM shop_thing AS t1 WHERE t1.tenant_id = $1::INTEGER",
    "SELECT t1.name FROM shop_thing AS t1 LEFT OUTER JOIN shop_owner AS t2 ON t2.id = t1.owner_id"
    " AND t2.tenant_id = $1::INTEGER WHERE /*announced*/ true AND t1.tenant_id = $1::INTEGER",
    "SELECT (SELECT count(*) FROM shop_loan AS t2 WHERE t2.tenant_id = $1 AND t2.thing_id = t1.id)"
    " FROM shop_thing AS t1 WHERE t1.tenant_id = $1",
    "SELECT t1.name FROM shop_thing AS t1 WHERE t1.tenant_id = ANY (CAST($1 AS INTEGER[]))",
    "SELECT t1.name FROM shop_thing AS t1 WHERE t1.tenant_id IN (SELECT a.value FROM json_each($1) AS a)",
)
LOOSE = (
    "SELECT t1.name FROM shop_thing AS t1",
    "SELECT t1.name FROM shop_thing AS t1 WHERE t1.id = $1",
    "SELECT t1.name FROM shop_thing AS t1 LEFT OUTER JOIN shop_owner AS t2 ON t2.id = t1.owner_id"
    " WHERE t1.tenant_id = $1",
    "SELECT (SELECT count(*) FROM shop_loan AS t2 WHERE t2.thing_id = t1.id)"
    " FROM shop_thing AS t1 WHERE t1.tenant_id = $1",
    "SELECT (SELECT count(*) FROM shop_loan) FROM shop_thing AS t1 WHERE t1.tenant_id = $1",
)
SLY = (
    # The same name in two SELECTs: the predicate of one says nothing about the other.
    "SELECT (SELECT count(*) FROM shop_loan AS t1) FROM shop_thing AS t1 WHERE t1.tenant_id = $1",
    "SELECT (SELECT count(*) FROM shop_loan), (SELECT count(*) FROM shop_loan WHERE shop_loan.tenant_id = $1)",
    "SELECT t1.name FROM shop_thing AS t1 WHERE t1.tenant_id = $1 OR t1.hidden",
    "SELECT t1.name FROM shop_thing AS t1 WHERE NOT (t1.tenant_id = $1)",
    "SELECT (select count(*) from shop_loan) FROM shop_thing AS t1 WHERE t1.tenant_id = $1",
    "SELECT (SELECT count(*) FROM public.shop_loan) FROM shop_thing AS t1 WHERE t1.tenant_id = $1",
)


@pytest.mark.parametrize("text", CONFINED)
def test_a_confined_statement_is_found_confined_by_both(text: str) -> None:
    assert loose(text, "postgresql") == []
    assert unconfined(text) == []


@pytest.mark.parametrize("text", LOOSE)
def test_a_table_without_the_tenants_predicate_is_found_by_both(text: str) -> None:
    assert loose(text, "postgresql") != []
    assert unconfined(text) != []


@pytest.mark.parametrize("text", SLY)
def test_a_predicate_at_the_wrong_place_does_not_count_for_the_parser(text: str) -> None:
    assert loose(text, "postgresql") != []
