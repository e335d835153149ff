"""64 sessions with 200 mixed transactions each, through 10 connections: 0 leaks; a torn wall shows at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import ORMExecuteState

from regiohub.db import guards, postgresql, statements
from regiohub.db.scope import Scope
from regiohub.testing import World

from .herd import Herd

SESSIONS, EACH = 64, 200


@pytest.mark.timeout(300)
async def test_64_sessions_of_23_towns_through_10_connections_see_nothing_of_each_other(
    towns: World, record_property: Callable[[str, object], None]
) -> None:
    herd = Herd(towns.platform)
    await herd.prepare()
    await herd.run(SESSIONS, EACH)
    told = f"{towns.dialect}: {herd.transactions} transactions, {len(herd.leaks)} leaks; {dict(herd.fates)}"
    record_property("isolation", told)
    assert herd.leaks == []
    assert herd.surprises == []
    assert herd.transactions == SESSIONS * EACH
    assert min(herd.seen.values()) > herd.transactions / 50, "each kind of transaction has its share"
    assert herd.fates["cancelled"] > 200
    assert herd.fates["Planned"] > 200
    assert herd.fates["ended well"] > herd.transactions / 2


@pytest.mark.postgresql
async def test_a_setting_of_the_session_instead_of_the_transaction_leaks(
    towns_postgresql: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def announce(connection: Connection, scope: Scope) -> None:
        text = "SELECT set_config('app.tenant', :tenant, false), set_config('app.read_tenants', :readable, false)"
        readable = ",".join(map(str, scope.readable))
        connection.execute(sa.text(text), {"tenant": str(scope.tenant or ""), "readable": readable})

    def tear() -> None:
        monkeypatch.setattr(postgresql, "announce", announce)
        monkeypatch.setattr(guards, "_CHANGES_TOWN", re.compile(r"(?!)"))

    assert any(leak.startswith("nobody") for leak in await _leaks(towns_postgresql, tear))


async def test_a_town_that_stays_on_its_connection_leaks(towns_sqlite: World) -> None:
    pool: Any = towns_sqlite.platform.database.writing.sync_engine.pool
    assert "nobody: a connection still writes for the town before" in await _leaks(
        towns_sqlite, pool.dispatch.checkin.clear
    )


async def test_sessions_without_the_towns_predicate_leak(towns_sqlite: World, monkeypatch: pytest.MonkeyPatch) -> None:
    listened = (guards.GuardedSession, "do_orm_execute", guards._confine)  # pyright: ignore[reportPrivateUsage]
    # Seen, and let through as it is.
    instead = (guards.GuardedSession, "do_orm_execute", _wave_through)

    def tear() -> None:
        event.remove(*listened)
        event.listen(*instead)
        # The nets below would still refuse the text.
        monkeypatch.setattr(guards, "fault_of", _no_fault)
        monkeypatch.setattr(statements, "fault_of", _no_fault)
        guards._verdict.cache_clear()  # pyright: ignore[reportPrivateUsage]

    try:
        leaks = await _leaks(towns_sqlite, tear)
    finally:
        event.remove(*instead)
        event.listen(*listened)
        monkeypatch.undo()
        guards._verdict.cache_clear()  # pyright: ignore[reportPrivateUsage]
    assert any(leak.startswith("read:") for leak in leaks)


def _no_fault(_statement: str, _tables: int) -> None:
    return None


def _wave_through(state: ORMExecuteState) -> None:
    state.update_execution_options(**{guards.SEEN: True})


async def _leaks(world: World, tear: Callable[[], None]) -> list[str]:
    """What a small herd sees once a wall is torn."""
    herd = Herd(world.platform)
    await herd.prepare()
    tear()
    await herd.run(16, 15)
    return herd.leaks
