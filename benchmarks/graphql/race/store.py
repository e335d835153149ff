"""The databases of one run: migrated as in production, filled, and reached with the serving role."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from regiohub.platform import Platform
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare, settings_for
from regiohub.testing.services.postgresql import postgresql

from .seed.facts import Size
from .seed.fill import fill_postgresql, fill_sqlite
from .towns import MARKS


@dataclass(frozen=True, slots=True)
class Store:
    """A filled database. `server`: process id of PostgreSQL's postmaster, 0 for SQLite; `towns`: ids by slug."""

    dialect: str
    address: Address
    data_dir: Path
    server: int
    towns: dict[str, int]


@contextmanager
def store(dialect: str, size: Size, folder: Path) -> Generator[Store]:
    """A filled database of this dialect, gone afterwards; with the full size it takes about 12 seconds."""
    data_dir = folder / dialect
    data_dir.mkdir(parents=True)
    if dialect == "sqlite":
        address = SqliteTemplate(data_dir).address
        towns = asyncio.run(_prepared(address, data_dir))
        fill_sqlite(data_dir / "template.sqlite3", towns, size)
        yield Store(dialect, address, data_dir, 0, towns)
        return
    with postgresql() as server:
        template = PostgresTemplate(server)
        asyncio.run(template.create())
        towns = asyncio.run(_prepared(template.address, data_dir))
        superuser = server.url(PostgresTemplate.NAME).replace("+asyncpg", "")
        asyncio.run(fill_postgresql(superuser, towns, size))
        pid = int((server.host / "data" / "postmaster.pid").read_text().split()[0])
        yield Store(dialect, template.address, data_dir, pid, towns)


async def _prepared(address: Address, data_dir: Path) -> dict[str, int]:
    await prepare(address, data_dir)
    platform = Platform(settings_for(address, data_dir))
    try:
        await platform.start()
        return {town.slug: town.id for town in platform.tenants.all() if town.slug in MARKS}
    finally:
        await platform.stop()
