"""Connections over TLS: asked for in the address, checked against the authority, on every way to PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa

from regiohub.db.bootstrap import bootstrap
from regiohub.db.database import Database
from regiohub.db.scope import Scope
from regiohub.testing.services import PostgresServer, postgresql
from regiohub.testing.services.certificates import create_server_certificate
from regiohub.testing.services.processes import free_port

pytestmark = pytest.mark.postgresql
_ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


@dataclass
class Encrypted:
    """A server that answers on TCP, with a certificate for `localhost`."""

    server: PostgresServer
    port: int

    def address(self, user: str, database: str, mode: str = "verify-full", host: str = "localhost") -> str:
        """An address with the driver's argument `ssl`."""
        return f"postgresql+asyncpg://{user}@{host}:{self.port}/{database}?ssl={mode}"


@pytest.fixture
def encrypted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[Encrypted]:
    port = free_port()
    # The name of a server's socket has its port in it.
    monkeypatch.setenv("PGPORT", str(port))
    with postgresql(listen_addresses="127.0.0.1", port=str(port)) as server:
        files = create_server_certificate(tmp_path)
        for file in (files.certificate, files.key):
            shutil.copy(file, server.host)
            shutil.chown(server.host / file.name, (server.host / "data").owner())
            (server.host / file.name).chmod(0o600)
        for name, value in (
            ("ssl_cert_file", server.host / files.certificate.name), ("ssl_key_file", server.host / files.key.name),
            ("ssl", "on"),
        ):  # fmt: skip
            server.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        server.execute("SELECT pg_reload_conf()")
        monkeypatch.setenv("PGSSLROOTCERT", str(files.authority))
        yield Encrypted(server, port)


async def test_every_way_to_the_database_is_encrypted(encrypted: Encrypted) -> None:
    serving = encrypted.address("regiohub_app", "regiohub")
    async for _ in bootstrap(encrypted.address("postgres", "postgres"), serving):
        pass
    database = Database(serving, encrypted.address("regiohub_owner", "regiohub"))
    try:
        async with database.reading.connect() as connection:
            assert await connection.scalar(sa.text(_ENCRYPTED)) is True
        rows = await database.direct.rows(Scope(), _ENCRYPTED, ())
        assert [row["ssl"] for row in rows] == [True]
        engine = database.migrating()
        async with engine.connect() as connection:
            assert await connection.scalar(sa.text(_ENCRYPTED)) is True
        await engine.dispose()
    finally:
        await database.close()


async def test_a_server_with_another_name_is_refused(
    encrypted: Encrypted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("PGSSLROOTCERT", str(create_server_certificate(tmp_path / "other").authority))
    database = Database(encrypted.address("postgres", "postgres"))
    try:
        with pytest.raises((OSError, asyncpg.PostgresError)):
            await database.direct.rows(Scope(), _ENCRYPTED, ())
    finally:
        await database.close()
