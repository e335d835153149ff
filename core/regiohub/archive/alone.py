"""Whoever brings a town or removes it is alone with it: two at once would take each other for one broken off."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from zlib import crc32

from regiohub.errors import Conflict
from regiohub.events.leadership import FileLeadership, PostgresLeadership
from regiohub.texts import t

if TYPE_CHECKING:
    from regiohub.platform import Platform

_ROOM = 0x746F776E << 32  # "town"


@asynccontextmanager
async def alone(platform: Platform, slug: str) -> AsyncGenerator[None]:
    """Hold a lock that vanishes with the process; on the embedded database one for all towns.

    :raises Conflict: another process, or another task of this one, holds it.
    """
    if platform.database.dialect == "postgresql":
        lock = PostgresLeadership(platform.database.url, _ROOM | crc32(slug.encode()))
    else:
        lock = FileLeadership(platform.settings.data_dir / "transfer.lock")
    try:
        if not await lock.held():
            raise Conflict(
                t(
                    "Gerade wird schon eine Kommune übernommen oder entfernt. Bitte warten, bis das beendet ist.",
                    "A town is being imported or removed already. Wait until that has come to its end.",
                ),
                field="slug",
            )
        yield
    finally:
        await lock.release()
