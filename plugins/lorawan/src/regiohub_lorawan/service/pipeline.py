"""The way of a message through this process: stored in one micro-batch, turned into values in the next.

One pipeline per town and application object. What it has not processed when the process ends is pending in the
database and is taken up by ``catch_up``.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from regiohub.api import TenantScope
from regiohub_lorawan.codec.pool import CodecPool
from regiohub_lorawan.formats import chirpstack, ttn
from regiohub_lorawan.formats.uplink import Message, Source
from regiohub_lorawan.models import StoredMessage
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.service import intake
from regiohub_lorawan.service.batching import MicroBatcher
from regiohub_lorawan.service.intake import Receipt, Received
from regiohub_lorawan.service.processing import Work, process

log = structlog.get_logger()

_CATCH_UP_BATCH = 200


def codec_pool(scope: TenantScope) -> CodecPool:
    """The codec workers of this process, started when first needed."""
    return scope.resources.get("lorawan.codecs", CodecPool, CodecPool.aclose)


class Pipeline:
    """Takes messages of one town."""

    def __init__(self, scope: TenantScope) -> None:
        self._scope = scope
        self._store: MicroBatcher[Received, Receipt] = MicroBatcher(self._flush_store)
        self._process: MicroBatcher[Work, MessageState] = MicroBatcher(
            self._flush_process, size=400, queue=20_000, linger=0.1
        )
        self._lock = asyncio.Lock()
        self._soon: asyncio.Task[int] | None = None

    async def take(self, received: Received) -> Receipt:
        """Store a message; returns as soon as it is stored. Its values follow within moments."""
        return await self._store.submit(received)

    async def _flush_store(self, batch: Sequence[Received]) -> Sequence[Receipt]:
        receipts = await intake.store_batch(self._scope, batch)
        for receipt in receipts:
            if receipt.state is MessageState.PENDING and not receipt.duplicate:
                self._process.put(Work(receipt.id, receipt.message)).add_done_callback(_log_failure)
        return receipts

    async def _flush_process(self, batch: Sequence[Work]) -> Sequence[MessageState]:
        states = await self._robust(batch)
        return [states[work.id] for work in batch]

    async def _robust(self, batch: Sequence[Work]) -> dict[UUID, MessageState]:
        """Process a batch; if it fails, halve it until only the message at fault is left behind, still pending."""
        try:
            return await process(self._scope, codec_pool(self._scope), batch)
        except (OSError, DBAPIError) as error:
            if not isinstance(error, DBAPIError) or error.connection_invalidated:
                raise
            reason = str(error.orig).partition("\n")[0][:200]
            log.error("lorawan batch failed", messages=len(batch), error=type(error.orig).__name__, detail=reason)
        if len(batch) == 1:
            return {batch[0].id: MessageState.PENDING}
        middle = len(batch) // 2
        return await self._robust(batch[:middle]) | await self._robust(batch[middle:])

    async def catch_up(self, *, older_than: timedelta = timedelta(seconds=20)) -> int:
        """Process pending messages that nobody is working on; returns how many. One run at a time per process."""
        done = 0
        async with self._lock:
            await self._process.idle()
            before, after = self._scope.now() - older_than, UUID(int=0)
            while batch := await self._pending(before, after):
                after = batch[-1].id
                await self._robust(batch)
                done += len(batch)
        return done

    def soon(self) -> None:
        """Catch up in the background, now: after a device or a codec has changed what can be made of old messages."""
        if self._soon is None or self._soon.done():
            self._soon = asyncio.create_task(self.catch_up(older_than=timedelta()), name="lorawan-catch-up")

    async def _pending(self, before: object, after: UUID) -> list[Work]:
        async with self._scope.read() as ctx:
            rows = await ctx.session.scalars(
                select(StoredMessage)
                .where(
                    StoredMessage.state == MessageState.PENDING,
                    StoredMessage.received_at <= before,
                    StoredMessage.id > after,
                )
                .order_by(StoredMessage.id)
                .limit(_CATCH_UP_BATCH)
            )
            return [Work(row.id, canonical(row), row.processed_at is not None) for row in rows]

    async def idle(self) -> None:
        """Wait until everything taken so far has become values."""
        await self._store.idle()
        await self._process.idle()
        if self._soon is not None:
            await asyncio.wait([self._soon])

    async def aclose(self) -> None:
        """Finish what is under way."""
        await self.idle()


def pipeline(scope: TenantScope) -> Pipeline:
    """The town's pipeline in this process."""
    return scope.resources.get(f"lorawan.pipeline.{scope.tenant.id}", lambda: Pipeline(scope), Pipeline.aclose)


def canonical(row: StoredMessage) -> Message:
    """The canonical form of a stored message."""
    body = row.body.encode()
    if row.source is Source.CHIRPSTACK:
        return chirpstack.parse(body, row.kind, row.received_at)
    return ttn.parse(body, row.received_at)


def _log_failure(future: "asyncio.Future[MessageState]") -> None:
    """The sender has its answer already; the message stays pending and is tried again by the job."""
    if not future.cancelled() and (error := future.exception()) is not None:
        log.error(
            "lorawan batch failed, its messages stay pending", error=type(error).__name__, detail=str(error)[:300]
        )
