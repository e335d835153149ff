"""Taking messages in: read, judge, store. A message is acknowledged when it is stored, and only then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from regiohub.api import Ctx, TenantScope, uuid7
from regiohub_lorawan.errors import BodyTooLarge, TimeOutOfRange, UnknownDevice
from regiohub_lorawan.formats import chirpstack, ttn
from regiohub_lorawan.formats.uplink import Message, MessageKind, Source
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.service.traffic import repeated
from regiohub_lorawan.settings import LorawanSettings
from regiohub_lorawan.store import messages as store
from regiohub_lorawan.store.traffic import add as add_traffic

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Received:
    """A message that was read but not stored yet."""

    message: Message
    body: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender gets: the message's id, and whether it was known already."""

    id: UUID
    duplicate: bool
    state: MessageState
    message: Message


def read(scope: TenantScope, source: Source, body: bytes, kind: MessageKind = MessageKind.UP) -> Received:
    """Read a body of a network server. Raises BodyTooLarge, MalformedMessage or UnknownEvent; nothing is stored."""
    limit = scope.settings(LorawanSettings).max_body_bytes
    if len(body) > limit:
        raise BodyTooLarge(limit)
    now = scope.now()
    message = chirpstack.parse(body, kind, now) if source is Source.CHIRPSTACK else ttn.parse(body, now)
    return Received(message, body.decode(), now)


async def store_batch(scope: TenantScope, received: Sequence[Received]) -> list[Receipt]:
    """Store a batch in one transaction and say what became of each message, in their order.

    Messages of unknown devices and of impossible times are stored like all others: nothing that was sent is lost.
    """
    latest = scope.now() + timedelta(seconds=scope.settings(LorawanSettings).future_tolerance_s)

    async def work(ctx: Ctx) -> list[Receipt]:
        euis = sorted({item.message.dev_eui for item in received})
        known = await store.known_devices(ctx.session, euis)
        rows: list[store.NewMessage] = []
        for item in received:
            state, error = MessageState.PENDING, None
            if not EARLIEST <= item.message.time <= latest:
                state, error = MessageState.REFUSED, TimeOutOfRange()
            elif item.message.dev_eui not in known:
                state, error = MessageState.UNKNOWN_DEVICE, UnknownDevice(item.message.dev_eui)
            rows.append(store.NewMessage(uuid7(), item.message, item.body, item.received_at, state, error))
        new = await store.insert(ctx.session, rows)
        if len(new) < len(rows):
            await add_traffic(ctx.session, repeated([row.message for row in rows if row.id not in new]))
        return [Receipt(row.id, row.id not in new, row.state, row.message) for row in rows]

    return await scope.run(work)


def complain(receipt: Receipt) -> None:
    """Raise what the sender of a stored message should hear: UnknownDevice or TimeOutOfRange."""
    if receipt.state is MessageState.REFUSED:
        raise TimeOutOfRange
    if receipt.state is MessageState.UNKNOWN_DEVICE:
        raise UnknownDevice(receipt.message.dev_eui)
