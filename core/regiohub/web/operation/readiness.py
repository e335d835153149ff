"""Whether this process can do its work: database, migrations, plugins."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from regiohub.db.migrate import status
from regiohub.files import LITTLE_BYTES, room_left
from regiohub.platform import Platform

_SECONDS = 5.0
_REPORTED = frozenset({"plugins", "disk"})
"""Parts without which reading and most of the writing go on."""


@dataclass(frozen=True, slots=True)
class Check:
    """One part: in order or not, and why not."""

    name: str
    ok: bool
    reasons: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the answer."""
        return {"name": self.name, "ok": self.ok, "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Readiness:
    """All parts together. A plugin in quarantine or a full disk is reported, but the rest of the platform goes on."""

    checks: tuple[Check, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether requests may be sent here."""
        return all(check.ok for check in self.checks if check.name not in _REPORTED)


async def readiness(platform: Platform) -> Readiness:
    """Asks the parts, none for longer than five seconds."""
    database = await _database(platform)
    migrations = await _migrations(platform) if database.ok else Check("migrations", False, ("no database",))
    return Readiness((database, migrations, _plugins(platform), _disk(platform)))


async def _database(platform: Platform) -> Check:
    try:
        async with asyncio.timeout(_SECONDS), platform.database.reading.connect() as connection:
            await connection.execute(sa.text("SELECT 1"))
    except Exception as error:
        # The message of a driver may carry address and user: the kind of fault is enough here.
        return Check("database", False, (type(error).__name__,))
    return Check("database", True)


async def _migrations(platform: Platform) -> Check:
    try:
        async with asyncio.timeout(_SECONDS):
            states = await status(platform.database, platform.migrations)
    except Exception as error:
        return Check("migrations", False, (type(error).__name__,))
    pending = tuple(f"{state.owner}: {state.current or 'none'} -> {state.head}" for state in states if state.pending)
    return Check("migrations", not pending, pending)


def _plugins(platform: Platform) -> Check:
    faults = tuple(f"{record.id}: {record.fault}" for record in platform.plugins.records if record.fault)
    return Check("plugins", not faults, faults)


def _disk(platform: Platform) -> Check:
    free = room_left(platform.settings.data_dir)
    reasons = () if free >= LITTLE_BYTES else (f"{free // 1024**2} MiB left for the data folder",)
    return Check("disk", not reasons, reasons)
