"""The private PostgreSQL server."""

import asyncio
import os
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from regiohub.testing.services import PostgresServer

pytestmark = pytest.mark.postgresql


async def test_an_engine_reaches_the_server_by_its_url(postgres_server: PostgresServer) -> None:
    engine = create_async_engine(postgres_server.url())
    async with engine.connect() as connection:
        assert await connection.scalar(text("SHOW listen_addresses")) == ""
    await engine.dispose()


def test_a_database_is_a_copy_of_its_template_with_extensions_and_rows(postgres_server: PostgresServer) -> None:
    postgres_server.create_database("original")
    postgres_server.execute("CREATE EXTENSION postgis; CREATE EXTENSION btree_gist", database="original")
    postgres_server.execute("CREATE TABLE town (slug text); INSERT INTO town VALUES ('potsdam')", database="original")
    postgres_server.create_database("copy", template="original")

    assert postgres_server.execute("SELECT slug FROM town", database="copy") == "potsdam"
    assert (
        postgres_server.execute("SELECT ST_Within('POINT(1 1)', 'POLYGON((0 0,0 2,2 2,2 0,0 0))')", database="copy")
        == "t"
    )

    postgres_server.drop_database("copy")
    postgres_server.drop_database("original")
    assert postgres_server.execute("SELECT count(*) FROM pg_database WHERE datname IN ('original', 'copy')") == "0"


async def test_a_database_in_use_is_dropped_nevertheless(postgres_server: PostgresServer) -> None:
    postgres_server.create_database("busy")
    engine = create_async_engine(postgres_server.url("busy"))
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
        await asyncio.to_thread(postgres_server.drop_database, "busy")
        await connection.invalidate()
    await engine.dispose()
    assert postgres_server.execute("SELECT count(*) FROM pg_database WHERE datname = 'busy'") == "0"


def test_an_error_of_the_server_is_reported_with_its_message(postgres_server: PostgresServer) -> None:
    with pytest.raises(RuntimeError, match='relation "nowhere" does not exist'):
        postgres_server.execute("SELECT * FROM nowhere")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_the_server_does_not_run_as_root(postgres_server: PostgresServer) -> None:
    pid = (postgres_server.host / "data" / "postmaster.pid").read_text().splitlines()[0]
    status = Path(f"/proc/{pid}/status").read_text()
    assert "\nUid:\t0\t" not in status
