"""Uplinks per second from HTTP request to six stored values, as a ratio to a hand-written server, in one run.

Ours: key check, message stored in a micro-batch, codec in the sandbox, mapping, plausibility, values, newest values,
rollup marks, gateway and device state. By hand: a bare Starlette route that parses the JSON, decodes in Python and
writes the body and six values in one transaction per message. Both behind uvicorn in a process of its own, 64 clients
with open connections; the clock stops when the last value can be read.

python benchmarks/lorawan_ingest.py [--postgresql] [--uplinks 4000]
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import logging
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import structlog
import uvicorn
from sqlalchemy.engine import make_url
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from regiohub.api import Ctx
from regiohub.platform import Platform
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare, settings_for
from regiohub.testing.services.postgresql import postgresql
from regiohub.testing.services.processes import free_port
from regiohub.testing.world import open_world
from regiohub.web.server import server_for
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.service import catalogue, credentials, devices
from regiohub_lorawan.service.catalogue import MappingPlan
from regiohub_lorawan.service.devices import DevicePlan

VALUES, DEVICES, CLIENTS = 6, 200, 64
CODEC = """function decodeUplink(input) { var d = {}; for (var i = 0; i < 6; i++)
  d["v" + i] = ((input.bytes[2 * i] << 8) | input.bytes[2 * i + 1]) / 50 - 100; return { data: d }; }"""


def eui(number: int) -> str:
    """Identifier of a benchmark device."""
    return f"{0xBE00000000000000 + number:016x}"


def bodies(count: int) -> list[bytes]:
    """ChirpStack uplinks, some hours of many devices."""
    start = datetime.now(UTC) - timedelta(hours=6)
    payload = base64.b64encode(bytes(range(2 * VALUES))).decode()
    return [
        json.dumps(
            {
                "deduplicationId": f"b-{n}", "time": (start + timedelta(seconds=n)).isoformat(), "fCnt": n, "fPort": 1,
                "deviceInfo": {"devEui": eui(n % DEVICES), "deviceName": "bench"}, "data": payload,
                "rxInfo": [{"gatewayId": "be00000000000001", "rssi": -80, "snr": 7.5}],
            }
        ).encode()
        for n in range(count)
    ]  # fmt: skip


async def register(address: Address, folder: Path) -> str:
    """Devices with six values each; returns the ingest key."""

    async def work(ctx: Ctx) -> str:
        codec = await catalogue.create_codec(ctx, "bench", CodecKind.JAVASCRIPT, CODEC, None)
        plans = [MappingPlan(f"v{n}", f"p{n}", f"P{n}", "Cel", -200, 2000, 600) for n in range(VALUES)]
        profile = await catalogue.create_profile(ctx, "bench", codec.id, plans)
        for number in range(DEVICES):
            await devices.register_device(ctx, DevicePlan(eui(number), f"D{number}", profile.id))
        return (await credentials.create_key(ctx, "bench")).key

    async with open_world(address, folder) as world:
        return await world.scope("potsdam").run(work)


def serve_ours(address: Address, folder: Path, port: int) -> None:
    """The platform, with the limit per client out of the way."""
    settings = settings_for(address, folder).model_copy(
        update={"port": port, "rate_ingest_per_second": 1e9, "rate_ingest_burst": 10**9}
    )
    server_for(Platform(settings)).run()


def serve_by_hand(address: Address, port: int) -> None:
    """The shortest server that stores the same values."""
    url = make_url(address.url)
    pools: list[asyncpg.Pool] = []
    connection = None
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(url.database), isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    async def take(request: Request) -> Response:
        body = await request.body()
        message = json.loads(body)
        raw = base64.b64decode(message["data"])
        ts = int(datetime.fromisoformat(message["time"]).timestamp() * 1000)
        series = int(message["deviceInfo"]["devEui"][-8:], 16) * VALUES
        rows = [(series + i, ts, (raw[2 * i] << 8 | raw[2 * i + 1]) / 50 - 100) for i in range(VALUES)]
        if connection is not None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT OR IGNORE INTO hand_message VALUES (?, ?)", (message["deduplicationId"], body))
            connection.executemany("INSERT OR IGNORE INTO hand_value VALUES (?, ?, ?)", rows)
            connection.execute("COMMIT")
            return Response(status_code=202)
        async with pools[0].acquire() as pg, pg.transaction():
            insert = "INSERT INTO hand_message VALUES ($1, $2) ON CONFLICT DO NOTHING"
            await pg.execute(insert, message["deduplicationId"], body)
            await pg.executemany("INSERT INTO hand_value VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", rows)
        return Response(status_code=202)

    @asynccontextmanager
    async def connected(_app: Starlette) -> AsyncGenerator[None]:
        if connection is None:
            where: dict[str, Any] = {"user": "postgres", "host": str(url.query["host"]), "database": url.database}
            pools.append(await asyncpg.create_pool(min_size=8, max_size=8, **where))
        yield

    app = Starlette(routes=[Route("/take", take, methods=["POST"])], lifespan=connected)
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None, access_log=False)


async def client(port: int, path: str, key: str, part: list[bytes]) -> None:
    """Sends its part over one connection, each after the answer to the one before."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for body in part:
        lines = (f"POST {path} HTTP/1.1", "host: x", f"authorization: Bearer {key}", f"content-length: {len(body)}")
        writer.write("\r\n".join((*lines, "", "")).encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert " 202 " in answer.split("\r\n")[0], answer
        length = next((int(line[16:]) for line in answer.split("\r\n") if line.startswith("content-length: ")), 0)
        await reader.readexactly(length)
    writer.close()


async def ready(port: int) -> None:
    """Wait for the server's socket."""
    for _ in range(600):
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    raise TimeoutError


async def count(address: Address, table: str) -> int:
    """Rows of a table, past all guards."""
    url = make_url(address.url)
    if url.get_backend_name() == "sqlite":
        with sqlite3.connect(f"file:{url.database}?mode=ro", uri=True) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    pg: Any = await asyncpg.connect(user="postgres", host=str(url.query["host"]), database=url.database)
    try:
        return int(await pg.fetchval(f"SELECT count(*) FROM {table}"))
    finally:
        await pg.close()


async def reached(address: Address, table: str, rows: int) -> None:
    """Wait until a table, written by another process, holds so many rows."""
    while await count(address, table) < rows:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


async def measure(
    kind: str, address: Address, folder: Path, key: str, uplinks: list[bytes]
) -> tuple[float, float, float]:
    """Uplinks per second, acknowledged and readable as values, and CPU milliseconds of the server per uplink."""
    port = free_port()
    arguments = [sys.executable, __file__, "--serve", kind, address.url, address.owner_url, str(folder), str(port)]
    path = "/take" if kind == "hand" else "/potsdam/lorawan/ingest/chirpstack?event=up"
    table = "hand_value" if kind == "hand" else "lorawan_observation"
    server = subprocess.Popen(arguments)  # noqa: ASYNC220 - started once, before anything is measured
    try:
        await ready(port)
        warm, timed = uplinks[:CLIENTS], uplinks[CLIENTS:]
        await asyncio.gather(*(client(port, path, key, [body]) for body in warm))
        await reached(address, table, len(warm) * VALUES)
        start, cpu = time.perf_counter(), cpu_seconds(server.pid)
        await asyncio.gather(*(client(port, path, key, timed[n::CLIENTS]) for n in range(CLIENTS)))
        taken = time.perf_counter() - start
        await reached(address, table, len(uplinks) * VALUES)
        total = time.perf_counter() - start
        return len(timed) / taken, len(timed) / total, (cpu_seconds(server.pid) - cpu) * 1000 / len(timed)
    finally:
        server.terminate()
        server.wait(20)


def cpu_seconds(pid: int) -> float:
    """CPU time of a process so far (Linux); without its codec workers and the database server."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def make_hand_tables(address: Address) -> None:
    """The two tables of the hand-written server."""
    statements = (
        "CREATE TABLE hand_message (key TEXT PRIMARY KEY, body {blob})",
        "CREATE TABLE hand_value (series INT, ts BIGINT, value DOUBLE PRECISION, PRIMARY KEY (series, ts))",
    )
    url = make_url(address.url)
    for statement in statements:
        if url.get_backend_name() == "sqlite":
            with sqlite3.connect(str(url.database)) as connection:
                connection.execute(statement.format(blob="BLOB"))
        else:
            pg: Any = await asyncpg.connect(user="postgres", host=str(url.query["host"]), database=url.database)
            await pg.execute(statement.format(blob="BYTEA"))
            await pg.close()


async def run(address: Address, folder: Path, number: int) -> None:
    """Both servers, one after the other, on the same database."""
    key = await register(address, folder)
    await make_hand_tables(address)
    uplinks = bodies(number + CLIENTS)
    _, hand, hand_cpu = await measure("hand", address, folder, key, uplinks)
    taken, ours, cpu = await measure("ours", address, folder, key, uplinks)
    name = make_url(address.url).get_backend_name()
    print(f"{name:10} by hand, no sandbox, no rules      {hand:8.0f} uplinks/s   1.00")
    print(f"{name:10} ours, acknowledged                 {taken:8.0f} uplinks/s   {taken / hand:.2f}")
    print(f"{name:10} ours, end to end                   {ours:8.0f} uplinks/s   {ours / hand:.2f}")
    print(f"{name:10} CPU of the server per uplink: by hand {hand_cpu:.2f} ms, ours {cpu:.2f} ms")


def main() -> None:
    """Prepare a database of its own, then run."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    if sys.argv[1:2] == ["--serve"]:
        kind, url, owner_url, folder, port = sys.argv[2:]
        address = Address(url, owner_url)
        serve_by_hand(address, int(port)) if kind == "hand" else serve_ours(address, Path(folder), int(port))
        return
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--uplinks", type=int, default=4_000)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        template: PostgresTemplate | SqliteTemplate
        if options.postgresql:
            template = PostgresTemplate(stack.enter_context(postgresql()))
            asyncio.run(template.create())
        else:
            template = SqliteTemplate(folder)
        asyncio.run(prepare(template.address, folder / "prepared"))
        with template.copy(folder) as address:
            asyncio.run(run(address, folder / "data", options.uplinks))


if __name__ == "__main__":
    main()
