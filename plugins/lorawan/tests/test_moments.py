"""Moments that the database writes as text."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.testing import World
from regiohub_lorawan.models.moments import EpochMillis, from_millis, to_millis
from regiohub_lorawan.service.months import ensure_months
from regiohub_lorawan.store.observations import Point, put

FIRST = datetime(1000, 1, 1, tzinfo=UTC)
LAST = datetime(8999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
EDGES = (
    FIRST,
    datetime(1582, 10, 15, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 999000, tzinfo=UTC),
    datetime(2026, 11, 22, 4, 36, tzinfo=UTC),
    LAST,
)
MANY = st.lists(st.integers(to_millis(FIRST), to_millis(LAST)), min_size=100, max_size=100)


def _drawn() -> list[list[int]]:
    """The edges, and some hundred moments of all those centuries."""
    found = [[to_millis(moment) for moment in EDGES]]

    @settings(max_examples=12, database=None, derandomize=True)
    @given(MANY)
    def draw(numbers: list[int]) -> None:
        found.append(numbers)

    draw()
    return found


async def test_text_of_a_moment_is_that_of_python_on_both_databases(world: World) -> None:
    """Whole milliseconds from the year 1000 to 8999."""
    kind = EpochMillis()
    async with world.scope("potsdam").read() as ctx:
        postgresql = ctx.session.dialect == "postgresql"
        for numbers in _drawn():
            texts = [kind.rfc3339(sa.literal(number, sa.BigInteger()), postgresql) for number in numbers]
            row = (await ctx.session.execute(sa.select(*(text.label(f"t{at}") for at, text in enumerate(texts))))).one()
            wanted = [from_millis(number).isoformat(timespec="milliseconds") for number in numbers]
            assert list(row) == [text.replace("+00:00", "Z") for text in wanted]
        nothing = kind.rfc3339(sa.cast(sa.null(), sa.BigInteger()), postgresql)
        assert await ctx.session.scalar(sa.select(nothing)) is None


@pytest.mark.postgresql
async def test_page_of_a_series_is_read_from_the_index_alone(world_postgresql: World) -> None:
    scope = world_postgresql.scope("potsdam")
    moment = world_postgresql.clock.now()
    points = [Point(series, to_millis(moment) + n, 1.5) for n in range(100) for series in range(20)]
    await ensure_months(scope, points)
    async with scope.write() as ctx:
        await put(ctx.session, points)
        # What the planner chooses for a table of this size, it chooses for larger ones all the more.
        explained = await ctx.session.sql(
            "EXPLAIN SELECT ts, value, quality FROM lorawan_observation WHERE tenant_id = :tenant_id AND series = 7"
            f" AND ts >= {to_millis(moment)} ORDER BY ts LIMIT 50"
        )
        plan = "\n".join(row[0] for row in explained.all())
    assert "Index Only Scan" in plan, plan
