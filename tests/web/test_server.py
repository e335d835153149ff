"""The server: starts with the worker, ends cleanly, and finishes a request that is under way."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx

from regiohub.platform import Platform
from regiohub.testing.services.processes import free_port
from regiohub.web.server import server_for

from .conftest import MakeSite


@asynccontextmanager
async def running(platform: Platform) -> AsyncGenerator[None]:
    """The server with the application's own start and end."""
    server = server_for(platform)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "the server did not start"
        await asyncio.sleep(0.01)
    yield
    server.should_exit = True
    await asyncio.wait_for(serving, 15)


async def test_server_starts_with_its_worker_serves_and_ends(make_site: MakeSite) -> None:
    port = free_port()
    site = await make_site(port=port, worker_in_serve=True)
    async with running(site.platform):
        names = {task.get_name() for task in asyncio.all_tasks()}
        assert {"worker", "towns"} <= names
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            answer = await client.get("/potsdam/probe/")
        assert answer.json()["tenant"] == "potsdam"
        assert "server" not in answer.headers
    assert not {"worker", "towns"} & {task.get_name() for task in asyncio.all_tasks()}


async def test_request_under_way_is_finished_at_the_end(make_site: MakeSite) -> None:
    port = free_port()
    site = await make_site(port=port)
    lines = ("POST /potsdam/probe/raw HTTP/1.1", "Host: 127.0.0.1", "Content-Length: 4", "Connection: close", "", "ab")
    async with running(site.platform):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write("\r\n".join(lines).encode())
        await writer.drain()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await client.get("/healthz")
        late = asyncio.create_task(_send_late(writer))
    answer = await asyncio.wait_for(reader.read(), 10)
    await late
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"4")


async def _send_late(writer: asyncio.StreamWriter) -> None:
    # A few turns of the loop, so that the server has begun to end.
    for _ in range(200):
        await asyncio.sleep(0.001)
    writer.write(b"cd")
    await writer.drain()
