"""Live operations: they bring what happens, and end when the plugin, the right or the token ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from gq_shop.graphql import WATCHERS

from regiohub.testing.world import World

sys.path.insert(0, str(Path(__file__).parent))
from sockets import Closed, Socket, connect

LOANS = "subscription { loanAdded { startsAt thing { name owner { name } } } }"
COUNT = "subscription ($upto: Int!) { counted(upto: $upto) }"


async def lend(world: World, name: str, day: str) -> None:
    found = await world.graphql("potsdam", "query ($n: String!) { shop { thingNamed(name: $n) { id } } }", {"n": name})
    wish = {
        "thingId": found.data["shop"]["thingNamed"]["id"], "startsAt": f"{day}T08:00:00Z", "endsAt": f"{day}T10:00:00Z",
    }  # fmt: skip
    document = "mutation ($input: LendInput!) { lendThing(input: $input) { errors { code } } }"
    answer = await world.graphql("potsdam", document, {"input": wish}, subject="anna")
    assert answer.data == {"lendThing": {"errors": []}}


class Listeners:
    """Says when a subscription has begun to listen, or has ended; messages sent before are nobody's."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        WATCHERS.append(self._queue)

    async def next(self) -> str:
        async with asyncio.timeout(10):
            return await self._queue.get()

    def close(self) -> None:
        WATCHERS.remove(self._queue)


@pytest.fixture
def listeners() -> Iterator[Listeners]:
    found = Listeners()
    yield found
    found.close()


async def started(socket: Socket, listeners: Listeners, id_: str = "1") -> None:
    await socket.subscribe(LOANS, id_)
    assert await listeners.next() == "listening"


async def test_news_arrive_with_what_was_asked_for(shop: World, listeners: Listeners) -> None:
    async with connect(shop, "/potsdam/graphql") as socket:
        assert socket.subprotocol == "graphql-transport-ws"
        await socket.init()
        await started(socket, listeners)
        await lend(shop, "cart", "2027-01-01")
        await lend(shop, "ball", "2027-01-02")
        first, second = await socket.receive(), await socket.receive()
        assert first == {
            "type": "next", "id": "1",
            "payload": {"data": {"loanAdded": {
                "startsAt": "2027-01-01T08:00:00.000Z", "thing": {"name": "cart", "owner": {"name": "potsdam owner 2"}},
            }}},
        }  # fmt: skip
        assert second["payload"]["data"]["loanAdded"]["thing"]["name"] == "ball"


async def test_other_towns_hear_nothing(shop_sqlite: World, listeners: Listeners) -> None:
    async with connect(shop_sqlite, "/bad-belzig/graphql") as other, connect(shop_sqlite, "/potsdam/graphql") as own:
        for socket in (other, own):
            await socket.init()
            await started(socket, listeners)
        await lend(shop_sqlite, "cart", "2027-01-01")
        assert (await own.receive())["type"] == "next"
        await other.send({"type": "ping"})
        assert await other.receive() == {"type": "pong"}


async def test_a_subscription_ends_when_its_plugin_is_switched_off(shop: World, listeners: Listeners) -> None:
    async with connect(shop, "/potsdam/graphql") as socket:
        await socket.init()
        await started(socket, listeners)
        await shop.disable("potsdam", "shop")
        message = await socket.receive()
        assert (message["type"], message["id"]) == ("error", "1")
        assert message["payload"][0]["extensions"]["code"] == "PLUGIN_OFF"
        await socket.subscribe(LOANS, "2")
        message = await socket.receive()
        assert (message["type"], message["id"]) == ("error", "2")


async def test_a_subscription_ends_with_the_token(shop_sqlite: World) -> None:
    token = shop_sqlite.token("potsdam", roles=("editor",), lifetime=timedelta(minutes=5))
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init(token)
        await socket.subscribe(COUNT, upto=2)
        numbers = [(await socket.receive())["payload"]["data"]["counted"] for _ in range(2)]
        assert numbers == [1, 2]
        shop_sqlite.clock.advance(timedelta(minutes=6))
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "UNAUTHENTICATED")
        with pytest.raises(Closed) as closed:
            await socket.receive()
        assert closed.value.code == 4403


async def test_a_subscription_ends_when_the_right_is_taken_away(
    shop_sqlite: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("regiohub.graphql.transport.connection.RIGHTS_SECONDS", 0.1)
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init(shop_sqlite.token("potsdam", roles=("editor",)))
        await socket.subscribe(COUNT, upto=1)
        assert (await socket.receive())["type"] == "next"
        declared = shop_sqlite.platform.plugins.healthy["shop"]
        monkeypatch.setattr(declared, "permissions", ())
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "FORBIDDEN")


async def test_a_subscription_needs_the_right_from_the_start(shop_sqlite: World) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init()
        await socket.subscribe(COUNT, upto=1)
        message = await socket.receive()
        assert message["payload"]["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_an_error_of_the_domain_keeps_its_code(shop_sqlite: World) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init(shop_sqlite.token("potsdam", roles=("editor",)))
        await socket.subscribe(COUNT, upto=-1)
        message = await socket.receive()
    assert message["type"] == "error"
    assert message["payload"][0]["extensions"]["code"] == "NOT_FOUND"


async def test_completing_stops_the_stream(shop_sqlite: World, listeners: Listeners) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init()
        await started(socket, listeners)
        await socket.send({"type": "complete", "id": "1"})
        assert await listeners.next() == "ended"


async def test_queries_and_mutations_work_over_the_socket_too(shop_sqlite: World) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init()
        await socket.subscribe("{ tenant { slug } }")
        assert (await socket.receive())["payload"] == {"data": {"tenant": {"slug": "potsdam"}}}
        assert await socket.receive() == {"type": "complete", "id": "1"}


async def test_limits_hold_on_the_socket(shop_sqlite: World) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init()
        many = " ".join(f"a{number}: startsAt" for number in range(40))
        await socket.subscribe(f"subscription {{ loanAdded {{ {many} }} }}")
        message = await socket.receive()
        assert (message["type"], message["payload"][0]["extensions"]["limit"]) == ("error", "aliases")
        settings = shop_sqlite.platform.settings.model_copy(update={"graphql_subscriptions_per_client": 2})
        object.__setattr__(shop_sqlite.platform, "settings", settings)
        for number in range(3):
            await socket.subscribe(LOANS, f"s{number}")
        message = await socket.receive()
        assert (message["id"], message["payload"][0]["extensions"]["code"]) == ("s2", "TOO_MANY")


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"type": "subscribe", "id": "1", "payload": {"query": "{ tenant { slug } }"}}], 4401),
        (["nonsense"], 4400),
        (["[]"], 4400),
        ([{"type": "start"}], 4400),
        ([{"type": "connection_init", "payload": {"Authorization": "Bearer nonsense"}}], 4403),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
    ],
)
async def test_breaking_the_protocol_closes_the_socket(
    shop_sqlite: World, messages: list[dict[str, Any] | str], code: int
) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        for message in messages:
            await socket.send(message)
        with pytest.raises(Closed) as closed:
            await until_closed(socket)
        assert closed.value.code == code


async def test_an_id_in_use_closes_the_socket(shop_sqlite: World, listeners: Listeners) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql") as socket:
        await socket.init()
        await started(socket, listeners)
        await socket.subscribe(LOANS)
        with pytest.raises(Closed) as closed:
            await socket.receive()
        assert closed.value.code == 4409


async def until_closed(socket: Socket) -> None:
    while True:
        await socket.receive()


async def test_another_subprotocol_is_refused(shop_sqlite: World) -> None:
    async with connect(shop_sqlite, "/potsdam/graphql", ["graphql-ws"]) as socket:
        with pytest.raises(Closed) as closed:
            await socket.receive()
        assert closed.value.code == 4406
