"""A machine whose clock is not the database server's is told: workers' claims are compared by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from regiohub.clock import Clock
from regiohub.db.skew import MOST_SKEW, skew, skew_text
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


async def test_the_embedded_database_has_no_other_clock(world_sqlite: World) -> None:
    assert await skew(world_sqlite.platform.database, _Ahead(timedelta(hours=1))) == timedelta()


def test_only_what_endangers_claims_is_told() -> None:
    assert skew_text(MOST_SKEW) is None
    assert skew_text(-MOST_SKEW) is None
    assert skew_text(timedelta(seconds=42)) == "this machine's clock is 42 s ahead of the database server's"
    assert skew_text(timedelta(seconds=-42)) == "this machine's clock is 42 s behind the database server's"
