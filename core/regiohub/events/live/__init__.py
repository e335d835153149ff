"""Live messages: small JSON wake-ups for listeners in this process and, on PostgreSQL, in all others.

They announce what the database already holds and may be lost; nothing may depend on receiving them.
"""

from .bridge import PostgresBridge
from .hub import MOST_BYTES, Hub, Message, Subscription, checked

__all__ = ["MOST_BYTES", "Live", "Message", "Subscription"]


class Live:
    """The platform's live messages. Everything but ``start`` and ``stop`` returns at once."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._bridge: PostgresBridge | None = None

    async def start(self, address: str) -> None:
        """Connect to the other processes over the database at a SQLAlchemy address; SQLite has no such channel."""
        if self._bridge is None and address.startswith("postgresql"):
            self._bridge = PostgresBridge(address, self.hub)
            self._bridge.start()

    async def stop(self) -> None:
        """Disconnect from the other processes."""
        bridge, self._bridge = self._bridge, None
        if bridge is not None:
            await bridge.stop()

    async def connected(self) -> None:
        """Wait until messages reach the other processes; returns at once where there are none to reach."""
        if self._bridge is not None:
            await self._bridge.connected.wait()

    def publish(self, tenant_id: int, topic: str, message: Message) -> None:
        """Tell all listeners of a town's topic. Call it after the commit.

        :raises ValueError: the message is larger than 4 KiB.
        """
        self.hub.deliver(tenant_id, topic, checked(topic, message))
        if self._bridge is not None:
            self._bridge.send(tenant_id, topic, message)

    def subscribe(self, tenant_id: int, topic: str) -> Subscription:
        """Listen to a town's topic, from this moment on."""
        return self.hub.subscribe(tenant_id, topic)

    def wake(self) -> None:
        """Tell the workers that something may be due. Call it after a commit that wrote to the outbox."""
        self.hub.wake()
        if self._bridge is not None:
            self._bridge.send_wake()
