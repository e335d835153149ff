"""The parser that looks for missing predicates, and the wall of the plans: both refuse what leaks."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from confinement import loose
from sqlalchemy.dialects import sqlite

from regiohub.audit import AuditEntry
from regiohub.graphql.plans.errors import Unplannable
from regiohub.graphql.plans.scope import Entity, Reach, unconfined
from regiohub.graphql.plans.statement import Statement
from regiohub.tenancy.models import Measure

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


@pytest.mark.parametrize("text", [text for text in SLY if "OR" not in text and "NOT" not in text])
def test_the_wall_of_the_plans_counts_a_predicate_for_each_table(text: str) -> None:
    if "AS t1) FROM" not in text:  # two tables under one name: refused before, where plans give out names
        assert unconfined(text) != []


@pytest.mark.parametrize(
    "expression",
    [
        sa.literal_column("(select count(*) from shop_loan)"),
        sa.select(sa.table("shop_loan", sa.column("id"), schema="main").c.id).scalar_subquery(),
        sa.select(sa.func.count()).select_from(sa.text("shop_loan")).scalar_subquery(),
        sa.select(sa.func.count()).select_from(AuditEntry.__table__.alias("t7")).scalar_subquery(),
        sa.select(sa.func.count()).select_from(Measure.__table__).scalar_subquery(),
    ],
    ids=["text that reads", "a table that no model has", "a FROM in text", "a name of the platform's", "its own model"],
)
def test_a_declaration_that_could_read_past_the_walls_is_not_compiled(expression: Any) -> None:
    entity = Entity(Measure, 1, Reach(postgresql=False, region=False))
    with pytest.raises(Unplannable):
        entity.adapt(expression)


def test_a_sub_select_that_forgets_the_tenant_gets_its_predicate() -> None:
    entity = Entity(Measure, 1, Reach(postgresql=False, region=False))
    adapted = entity.adapt(sa.select(sa.func.count(AuditEntry.id)).scalar_subquery())
    statement = Statement(sa.select(entity.column("key"), adapted).where(*entity.confined), sqlite.dialect())
    assert statement.text.count("tenant_id = ?") == 2
