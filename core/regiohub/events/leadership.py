"""One worker among many runs the background tasks: whoever holds the lock."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from regiohub.files import try_lock

if TYPE_CHECKING:
    from regiohub.platform import Platform

_KEY = 0x776F726B  # "work"


class Leadership(Protocol):
    """A lock that vanishes with the process that holds it."""

    async def held(self) -> bool:
        """Whether this process holds the lock now; tries to get it if not."""
        ...

    async def release(self) -> None:
        """Give the lock up."""
        ...


class PostgresLeadership:
    """An advisory lock on a connection of its own: the server frees it when the connection ends, however it ends."""

    def __init__(self, address: str, key: int = _KEY) -> None:
        self._address, self._key = address, key
        self._engine: AsyncEngine | None = None
        self._connection: AsyncConnection | None = None
        self._leads = False

    async def held(self) -> bool:
        """Whether this process leads; a lost connection means that it does not."""
        try:
            if self._connection is None:
                self._engine = create_async_engine(self._address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
                self._connection = await self._engine.connect()
            # While the lock is held this only proves that the connection lives: the lock would stack up otherwise.
            question = sa.select(
                sa.true() if self._leads else sa.func.pg_try_advisory_lock(sa.cast(self._key, sa.BigInteger))
            )
            self._leads = bool(await self._connection.scalar(question))
        except (SQLAlchemyError, OSError):
            await self.release()
        return self._leads

    async def release(self) -> None:
        """Close the connection, and with it the lock."""
        self._leads = False
        connection, self._connection = self._connection, None
        engine, self._engine = self._engine, None
        with contextlib.suppress(SQLAlchemyError, OSError):
            if connection is not None:
                await connection.close()
        if engine is not None:
            await engine.dispose()


class FileLeadership:
    """A lock on a file beside the embedded database; the system frees it when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    async def held(self) -> bool:
        """Whether this process leads."""
        if self._descriptor is None:
            self._descriptor = _locked(self._path)
        return self._descriptor is not None

    async def release(self) -> None:
        """Close the file, and with it the lock."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def leadership_for(platform: Platform) -> Leadership:
    """The kind of lock that the platform's database allows."""
    if platform.database.dialect == "postgresql":
        return PostgresLeadership(platform.database.url)
    return FileLeadership(platform.settings.data_dir / "worker.lock")


def _locked(path: Path) -> int | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    if try_lock(descriptor):
        return descriptor
    os.close(descriptor)
    return None
