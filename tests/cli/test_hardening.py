"""`regiohub db harden` as an operator sees it."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from regiohub.db.hardening import PROFILE
from regiohub.testing.databases import PostgresTemplate
from regiohub.testing.services import PostgresServer

from .conftest import Shell


@pytest.fixture
def connected(
    empty: Shell, postgres_template: PostgresTemplate, postgres_server: PostgresServer, tmp_path: Path
) -> Generator[Shell]:
    """A migrated PostgreSQL database and its superuser."""
    with postgres_template.copy(tmp_path) as address:
        empty.environment |= {
            "REGIOHUB_DATABASE_URL": address.url,
            "REGIOHUB_DATABASE_OWNER_URL": address.owner_url,
            # As for bootstrap, the driver's name may be missing, and the database is any of the server.
            "REGIOHUB_DATABASE_SUPERUSER_URL": postgres_server.url().replace("+asyncpg", ""),
        }
        yield empty


def test_it_explains_the_risk_of_each_function_before_it_marks_any(connected: Shell) -> None:
    said = connected.run("db", "harden", "--dry-run")
    assert said.code == 0, said.err
    assert "never tells a value" in said.out
    for operator in PROFILE:
        assert operator.risk in said.out
    assert "ALTER FUNCTION public.geometry_overlaps(geom1 geometry, geom2 geometry) LEAKPROOF" in said.out
    assert "would be changed" in said.out
    done = connected.run("db", "harden", "--json")
    assert {row["function"]: row["done"] for row in done.json} == {
        "geometry_overlaps(geometry, geometry)": True,
        "range_overlaps(anyrange, anyrange)": True,
        "ts_match_vq(tsvector, tsquery)": False,
    }
    assert "is marked already" in connected.run("db", "harden").out
    undone = connected.run("db", "harden", "--undo")
    assert undone.out.count("NOT LEAKPROOF") == 2


def test_without_a_superusers_login_it_says_what_is_missing(connected: Shell) -> None:
    missing = connected.run("db", "harden", REGIOHUB_DATABASE_SUPERUSER_URL="")
    assert (missing.code, "REGIOHUB_DATABASE_SUPERUSER_URL" in missing.err) == (3, True)
    owner = connected.environment["REGIOHUB_DATABASE_OWNER_URL"]
    refused = connected.run("db", "harden", "--superuser-url", owner)
    assert (refused.code, "Only a superuser" in refused.err) == (4, True), refused.err


def test_the_embedded_database_has_nothing_to_harden(empty: Shell) -> None:
    answer = empty.run("db", "harden")
    assert answer.code == 3
    assert "no row level security" in answer.err
