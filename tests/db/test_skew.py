"""A machine whose clock is not the database server's is told: workers' claims are compared by the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from regiohub.clock import Clock, FrozenClock
from regiohub.db.skew import MOST_SKEW, ServersClock, skew, skew_text
from regiohub.testing.world import World


class _Ahead(Clock):
    def __init__(self, by: timedelta) -> None:
        self.by = by

    def now(self) -> datetime:
        """The system's time, and some."""
        return super().now() + self.by


@pytest.mark.postgresql
@pytest.mark.parametrize("by", [timedelta(minutes=-2), timedelta(), timedelta(hours=1)])
async def test_how_far_a_machine_is_from_the_server_is_measured(world_postgresql: World, by: timedelta) -> None:
    assert abs(await skew(world_postgresql.platform.database, _Ahead(by)) - by) < MOST_SKEW


@pytest.mark.postgresql
async def test_workers_go_by_the_servers_clock_wherever_their_machines_stand(world_postgresql: World) -> None:
    early, late = (ServersClock(_Ahead(timedelta(minutes=minutes))) for minutes in (-10, 10))
    assert late.now() - early.now() > timedelta(minutes=19)
    for clock in (early, late):
        await clock.compare(world_postgresql.platform.database)
    assert abs(late.now() - early.now()) < MOST_SKEW
    assert abs(late.now() - Clock().now()) < MOST_SKEW


@pytest.mark.postgresql
async def test_a_clock_that_stands_still_is_left_where_it_is(world_postgresql: World) -> None:
    stopped = FrozenClock(datetime(2026, 5, 1, tzinfo=UTC))
    clock = ServersClock(stopped)
    assert await clock.compare(world_postgresql.platform.database) == timedelta()
    assert clock.now() == stopped.now()


async def test_the_embedded_database_has_no_other_clock(world_sqlite: World) -> None:
    assert await skew(world_sqlite.platform.database, _Ahead(timedelta(hours=1))) == timedelta()


def test_only_what_endangers_claims_is_told() -> None:
    assert skew_text(MOST_SKEW) is None
    assert skew_text(-MOST_SKEW) is None
    assert skew_text(timedelta(seconds=42)) == "this machine's clock is 42 s ahead of the database server's"
    assert skew_text(timedelta(seconds=-42)) == "this machine's clock is 42 s behind the database server's"
