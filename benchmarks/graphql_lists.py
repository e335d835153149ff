"""GraphQL against the same answer by hand: SQL text that lets the database write the JSON, served by the same app.

Prints, for each query, milliseconds per request of both and their ratio, in one run.

python benchmarks/graphql_lists.py [--postgresql] [--requests 300]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import structlog
from graphql_data import fill
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.services.postgresql import postgresql
from regiohub.testing.world import World, open_world

LIST = """{ booking { resources(first: 100) { nodes { id slug name kind persons wheelchair units active
  place { id name address } } } } }"""
NEXT = """query ($now: DateTime!) { booking { resources(first: 20) { nodes { id name
  bookings(first: 5, filter: {from: $now}) { nodes { startsAt endsAt quantity } } } } } }"""

SQL = {
    ("sqlite", "list"): """
        SELECT json_object('data', json_object('booking', json_object('resources', json_object('nodes',
          json_group_array(json_object('id', id, 'slug', slug, 'name', name, 'kind', upper(kind), 'persons', persons,
            'wheelchair', CASE wheelchair WHEN 1 THEN json('true') WHEN 0 THEN json('false') END, 'units', units,
            'active', CASE active WHEN 1 THEN json('true') ELSE json('false') END,
            'place', json_object('id', place_id, 'name', place_name, 'address', address)))))))
        FROM (SELECT r.*, p.name AS place_name, p.address FROM booking_resource r
          JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
          WHERE r.tenant_id = :tenant_id AND r.active ORDER BY r.name, r.id LIMIT 100)""",
    ("sqlite", "next"): """
        SELECT json_object('data', json_object('booking', json_object('resources', json_object('nodes',
          json_group_array(json_object('id', id, 'name', name, 'bookings', json_object('nodes', json((
            SELECT json_group_array(json_object('startsAt', substr(starts_at, 1, 23) || 'Z',
              'endsAt', substr(ends_at, 1, 23) || 'Z', 'quantity', quantity))
            FROM (SELECT starts_at, ends_at, quantity FROM booking_booking b
              WHERE b.tenant_id = :tenant_id AND b.resource_id = r.id AND b.ends_at > :now
                AND (b.state IN ('pending', 'confirmed') OR (b.state = 'held' AND b.expires_at > :now))
              ORDER BY b.starts_at, b.id LIMIT 5))))))))))
        FROM (SELECT id, name FROM booking_resource WHERE tenant_id = :tenant_id AND active
          ORDER BY name, id LIMIT 20) r""",
    ("postgresql", "list"): """
        SELECT json_build_object('data', json_build_object('booking', json_build_object('resources',
          json_build_object('nodes', json_agg(row_to_json(q)))))) #>> '{}'
        FROM (SELECT r.id, r.slug, r.name, upper(r.kind) AS kind, r.persons, r.wheelchair, r.units, r.active,
            json_build_object('id', p.id, 'name', p.name, 'address', p.address) AS place
          FROM booking_resource r JOIN booking_place p ON p.tenant_id = r.tenant_id AND p.id = r.place_id
          WHERE r.tenant_id = :tenant_id AND r.active ORDER BY r.name, r.id LIMIT 100) q""",
    ("postgresql", "next"): """
        SELECT json_build_object('data', json_build_object('booking', json_build_object('resources',
          json_build_object('nodes', json_agg(row_to_json(q)))))) #>> '{}'
        FROM (SELECT r.id, r.name, json_build_object('nodes', (SELECT coalesce(json_agg(row_to_json(b)), '[]')
            FROM (SELECT to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "startsAt",
                to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "endsAt", quantity
              FROM booking_booking b WHERE b.tenant_id = :tenant_id AND b.resource_id = r.id
                AND b.ends_at > CAST(CAST(:now AS text) AS timestamptz)
                AND (b.state IN ('pending', 'confirmed')
                  OR (b.state = 'held' AND b.expires_at > CAST(CAST(:now AS text) AS timestamptz)))
              ORDER BY b.starts_at, b.id LIMIT 5) b)) AS bookings
          FROM booking_resource r WHERE r.tenant_id = :tenant_id AND r.active ORDER BY r.name, r.id LIMIT 20) q""",
}


def by_hand(world: World) -> Route:
    """A route that answers with what one SQL statement returns."""

    async def answer(request: Request) -> Response:
        wanted = await request.json()
        text = SQL[world.dialect, wanted["name"]]
        async with world.scope("potsdam").read() as ctx:
            parameters = {"now": wanted["now"]} if ":now" in text else {}
            body = (await ctx.session.sql(text, parameters)).scalar_one()
        return Response(body, media_type="application/json")

    return Route("/{tenant}/by-hand", answer, methods=["POST"])


async def post(world: World, path: str, content: dict[str, Any]) -> bytes:
    """One request straight to the application, without a client library or a socket in between."""
    body, parts = json.dumps(content).encode(), list[bytes]()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "state": {}, "extensions": {},
        "headers": [(b"host", b"127.0.0.1:8000"), (b"content-type", b"application/json")],
        "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            parts.append(message["body"])

    await world.app(scope, receive, send)
    return b"".join(parts)


async def milliseconds(call: Callable[[], Awaitable[bytes]], requests: int) -> float:
    """Best of five rounds, per request."""
    rounds: list[float] = []
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(requests // 5):
            await call()
        rounds.append((time.perf_counter() - started) / (requests // 5) * 1000)
    return min(rounds)


async def compare(world: World, requests: int) -> None:
    """Check that both answer the same, then print the ratios."""
    world.app.router.routes.insert(0, by_hand(world))
    now = "2026-06-01T08:00:00.000000Z"
    cases = (
        ("list", LIST, "list of 100, each with a nested object"),
        ("next", NEXT, "20 resources, each with its next 5 bookings"),
    )
    print(f"{world.dialect}: milliseconds per request          by hand   GraphQL   ratio")
    for name, document, words in cases:
        hand = {"name": name, "now": now}
        ask = {"query": document, "variables": {"now": now} if "$now" in document else {}}

        async def raw(content: dict[str, Any] = hand) -> bytes:
            return await post(world, "/potsdam/by-hand", content)

        async def graphql(content: dict[str, Any] = ask) -> bytes:
            return await post(world, "/potsdam/graphql", content)

        expected, found = await raw(), await graphql()
        if json.loads(expected) != json.loads(found):
            raise SystemExit(f"{name}: the answers differ\n{expected[:600]!r}\n{found[:600]!r}")
        slow, quick = await milliseconds(graphql, requests), await milliseconds(raw, requests)
        print(f"  {words:44} {quick:7.2f}   {slow:7.2f}   {slow / quick:5.2f}")


async def measure(address: Address, folder: Path, requests: int) -> None:
    """Fill the town and compare."""
    async with open_world(address, folder / "data") as world:
        await fill(world.scope("potsdam"))
        await compare(world, requests)


def main() -> None:
    """Print one table; with --postgresql against a private server, otherwise against SQLite."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true", help="use a private PostgreSQL server")
    parser.add_argument("--requests", type=int, default=300, help="requests per variant")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        if arguments.postgresql:
            template = PostgresTemplate(stack.enter_context(postgresql()))
            asyncio.run(template.create())
        else:
            template = SqliteTemplate(folder)
        asyncio.run(prepare(template.address, folder))
        address = stack.enter_context(template.copy(folder))
        asyncio.run(measure(address, folder, arguments.requests))


if __name__ == "__main__":
    main()
