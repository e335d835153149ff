"""Live fan-out inside one process: topics of a town, and the worker's wake-up."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from pydantic_core import to_json

MOST_BYTES = 4096
"""Largest message: it travels by NOTIFY between processes, which carries less than 8,000 bytes."""
MOST_WAITING = 1000
"""Messages kept for a slow listener; then the oldest go: live messages are wake-ups, the database has the truth."""

Message = dict[str, Any]
Forward = Callable[[int, str, Message], None]


class Subscription:
    """The messages of one topic from now on; an asynchronous iterator that ends with ``close()``."""

    def __init__(self) -> None:
        self._messages: deque[Message] = deque(maxlen=MOST_WAITING)
        self._arrived = asyncio.Event()
        self._closed = False
        self.dropped = 0

    def push(self, message: Message) -> None:
        """Hand over a message without waiting."""
        if len(self._messages) == MOST_WAITING:
            self.dropped += 1
        self._messages.append(message)
        self._arrived.set()

    def close(self) -> None:
        """End the iteration after what has arrived already."""
        self._closed = True
        self._arrived.set()

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Message:
        while not self._messages:
            if self._closed:
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        return self._messages.popleft()


class Hub:
    """Subscribers by town and topic. Used from one event loop only; nothing here waits."""

    def __init__(self) -> None:
        # Weak: a listener that was dropped without being closed must not collect messages for ever.
        self._subscriptions: defaultdict[tuple[int, str], WeakSet[Subscription]] = defaultdict(WeakSet)
        self._wakers: WeakSet[asyncio.Event] = WeakSet()

    def subscribe(self, tenant_id: int, topic: str) -> Subscription:
        """Listen from this very moment, not only from the first iteration on."""
        subscription = Subscription()
        self._subscriptions[tenant_id, topic].add(subscription)
        return subscription

    def deliver(self, tenant_id: int, topic: str, message: Message) -> None:
        """Give a message to all listeners of this process."""
        listeners = self._subscriptions.get((tenant_id, topic))
        if listeners is None:
            return
        if not listeners:
            del self._subscriptions[tenant_id, topic]
        for listener in list(listeners):
            listener.push(message)

    def waker(self) -> asyncio.Event:
        """An event that is set by each wake-up; who waits for it clears it."""
        event = asyncio.Event()
        self._wakers.add(event)
        return event

    def wake(self) -> None:
        """Tell the workers of this process that something may be due."""
        for event in list(self._wakers):
            event.set()


def checked(topic: str, message: Message) -> Message:
    """The message as JSON-able values.

    :raises ValueError: it is larger than 4 KiB.
    """
    encoded = to_json(message)
    if len(encoded) > MOST_BYTES:
        raise ValueError(
            f"live message on {topic} has {len(encoded)} bytes; send an id and let listeners read the rest"
        )
    return message
