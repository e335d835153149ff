"""A town's blocked times outlive the step that gave them closures: up and down again, with their reasons."""

from __future__ import annotations

import uuid
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.migrate import downgrade, upgrade
from regiohub.platform import Platform
from regiohub.testing.databases import Address, settings_for

MOMENT = "2026-06-10T08:00:00.000000Z"
LATER = "2026-06-10T12:00:00.000000Z"


@pytest.fixture
async def platform(database: Address, tmp_path: Path) -> AsyncGenerator[Platform]:
    opened = Platform(settings_for(database, tmp_path / "data"))
    yield opened
    await opened.stop()


async def run(platform: Platform, work: Any) -> Any:
    engine = platform.database.migrating()
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


async def test_blocked_times_keep_their_time_and_reason(platform: Platform) -> None:
    (booking,) = (item for item in platform.migrations if item.owner == "booking")
    ids = {name: str(uuid.uuid4()) for name in ("place", "resource", "block", "slot")}
    await downgrade(platform.database, booking, "0001")

    def fill(connection: Connection) -> None:
        town = connection.execute(sa.text("SELECT min(id) FROM tenant")).scalar()
        values = {**ids, "town": town, "a": MOMENT, "b": LATER}
        empty, no = ("'[]'", "false") if connection.dialect.name == "postgresql" else ("'[]'", "0")
        for statement in (
            f"INSERT INTO booking_place (tenant_id, id, slug, name, address, example)"
            f" VALUES (:town, :place, 'haus', 'Haus', '', {no})",
            f"INSERT INTO booking_resource (tenant_id, id, slug, kind, mode, name, description, place_id, units,"
            f" equipment, opening, holiday_rule, raster_minutes, notice_hours, buffer_before_minutes,"
            f" buffer_after_minutes, requires_approval, cancel_hours, lock_doors, active, example, created_at,"
            f" updated_at) VALUES (:town, :resource, 'saal', 'room', 'time', 'Saal', '', :place, 1, {empty}, '{{}}',"
            f" 'open', 15, 0, 0, 0, {no}, 24, {empty}, {no}, {no}, :a, :a)",
            "INSERT INTO booking_block (tenant_id, id, resource_id, starts_at, ends_at, reason, created_at, updated_at)"
            " VALUES (:town, :block, :resource, :a, :b, 'Heizung', :a, :a)",
            "INSERT INTO booking_slot (tenant_id, id, resource_id, block_id, unit, starts_at, ends_at, occupies)"
            " VALUES (:town, :slot, :resource, :block, 1, :a, :b, NOT " + no + ")",
        ):
            for name, value in values.items():
                literal = str(value) if isinstance(value, int) else f"'{value}'"
                statement = statement.replace(f":{name},", f"{literal},").replace(f":{name})", f"{literal})")
            connection.exec_driver_sql(statement)

    def closures(connection: Connection) -> list[tuple[Any, ...]]:
        rows = connection.exec_driver_sql(
            "SELECT c.reason, c.kind, b.first_unit, b.last_unit, c.resource_id = b.resource_id, s.occupies"
            " FROM booking_closure c JOIN booking_block b ON b.closure_id = c.id"
            " JOIN booking_slot s ON s.block_id = b.id"
        )
        return [tuple(row) for row in rows]

    def reasons(connection: Connection) -> list[str]:
        return [row[0] for row in connection.exec_driver_sql("SELECT reason FROM booking_block")]

    await run(platform, fill)
    await upgrade(platform.database, [booking])
    assert await run(platform, closures) == [("Heizung", "maintenance", 1, 1, True, True)]
    await downgrade(platform.database, booking, "0001")
    assert await run(platform, reasons) == ["Heizung"]
    await upgrade(platform.database, [booking])
    assert len(await run(platform, closures)) == 1
