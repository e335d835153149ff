"""Live messages: in this process at once, in others over PostgreSQL, never larger than a NOTIFY carries."""

from __future__ import annotations

import asyncio
import gc
from typing import Any
from weakref import ref

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.events.live import MOST_BYTES, Live
from regiohub.events.live.bridge import MOST_PAYLOAD, packed
from regiohub.events.live.hub import MOST_WAITING
from regiohub.tenancy.context import TenantScope


async def test_a_message_reaches_the_listeners_of_its_town_and_topic_only() -> None:
    live = Live()
    mine, other_topic, other_town = live.subscribe(1, "a"), live.subscribe(1, "b"), live.subscribe(2, "a")
    live.publish(1, "a", {"n": 1})
    assert await anext(mine) == {"n": 1}
    for quiet in (other_topic, other_town):
        quiet.close()
        assert [message async for message in quiet] == []


async def test_a_slow_listener_loses_the_oldest_messages_and_knows_how_many() -> None:
    live = Live()
    slow = live.subscribe(1, "a")
    for n in range(MOST_WAITING + 5):
        live.publish(1, "a", {"n": n})
    slow.close()
    received = [message["n"] async for message in slow]
    assert (received[0], received[-1], slow.dropped) == (5, MOST_WAITING + 4, 5)


async def test_a_listener_that_was_dropped_is_forgotten() -> None:
    live = Live()
    forgotten = ref(live.subscribe(1, "a"))
    gc.collect()
    live.publish(1, "a", {"n": 1})
    assert forgotten() is None


async def test_a_large_message_is_refused_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="send an id"):
        Live().publish(1, "a", {"text": "x" * MOST_BYTES})


async def test_messages_of_a_transaction_go_out_after_its_commit_only(scope: TenantScope) -> None:
    listener = scope.listen("sampler.thing")

    async def change_mind() -> None:
        async with scope.write() as ctx:
            ctx.notify("sampler.thing", {"n": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change_mind()
    async with scope.write() as ctx:
        ctx.notify("sampler.thing", {"n": 2})
    assert await anext(listener) == {"n": 2}


@pytest.mark.parametrize("core_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
async def test_messages_and_wake_ups_reach_other_processes_on_postgresql(start: Any) -> None:
    async with start() as one, start() as two:
        async with asyncio.timeout(20):
            await one.live.connected()
            await two.live.connected()
            tenant = one.tenants.all()[0].id
            here, there = one.live.subscribe(tenant, "a"), two.live.subscribe(tenant, "a")
            waker = two.live.hub.waker()
            one.live.publish(tenant, "a", {"n": 1})
            one.live.wake()
            assert await anext(there) == {"n": 1}
            await waker.wait()
            two.live.publish(tenant, "a", {"n": 2})
            assert [await anext(here), await anext(here)] == [{"n": 1}, {"n": 2}], "its own message came once"


@given(st.lists(st.text(max_size=600), max_size=60), st.booleans())
def test_batches_keep_order_and_stay_below_the_limit_of_notify(texts: list[str], wake: bool) -> None:
    messages: list[Any] = [(n, "topic", {"text": text}) for n, text in enumerate(texts)]
    payloads = packed("f" * 32, messages, wake=wake)
    opened = [orjson.loads(payload) for payload in payloads]
    assert all(len(payload.encode()) < MOST_PAYLOAD + 100 for payload in payloads)
    assert [n for content in opened for n, _, _ in content["messages"]] == list(range(len(texts)))
    assert [content["wake"] for content in opened].count(True) == int(wake)
    assert bool(payloads) == bool(texts or wake)
