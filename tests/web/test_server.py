"""The server: says when it is ready, does what stands beside it, ends cleanly while a request is under way."""

import asyncio
import socket

import httpx

from regiohub.web.server import server_for

from .conftest import MakeSite


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_server_starts_serves_and_ends_with_everything_beside_it(make_site: MakeSite) -> None:
    port = free_port()
    site = await make_site(port=port, worker_in_serve=True)
    ready, began, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def beside() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    server = server_for(site.platform, beside=[beside], on_ready=ready.set)
    task = asyncio.create_task(server.serve())
    await asyncio.wait_for(ready.wait(), 20)
    await asyncio.wait_for(began.wait(), 5)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        answer = await client.get("/potsdam/probe/")
        assert answer.json()["tenant"] == "potsdam"
        assert "server" not in answer.headers
    server.should_exit = True
    await asyncio.wait_for(task, 15)
    assert ended.is_set()


async def test_work_beside_the_server_may_fail_without_ending_it(make_site: MakeSite) -> None:
    port = free_port()
    site = await make_site(port=port)
    ready = asyncio.Event()

    async def failing() -> None:
        raise RuntimeError("generator out of order")

    server = server_for(site.platform, beside=[failing], on_ready=ready.set)
    task = asyncio.create_task(server.serve())
    await asyncio.wait_for(ready.wait(), 20)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        assert (await client.get("/healthz")).status_code == 200
    server.should_exit = True
    await asyncio.wait_for(task, 15)


async def test_request_under_way_is_finished_at_the_end(make_site: MakeSite) -> None:
    port = free_port()
    site = await make_site(port=port)
    ready = asyncio.Event()
    server = server_for(site.platform, on_ready=ready.set)
    task = asyncio.create_task(server.serve())
    await asyncio.wait_for(ready.wait(), 20)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /potsdam/probe/raw HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode() + b"ab")
    await writer.drain()
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        await client.get("/healthz")
    server.should_exit = True
    writer.write(b"cd")
    await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await asyncio.wait_for(task, 15)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"4")
