"""Work that repeats."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from regiohub.api import Job, TenantScope
from regiohub_lorawan.models import Datastream, DirtyHour, StoredMessage
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.service import silence
from regiohub_lorawan.service.pipeline import pipeline
from regiohub_lorawan.service.rollups import roll_up


async def process_pending(scope: TenantScope) -> None:
    """Take up messages that a process left behind or that could not be decoded yet."""
    await pipeline(scope).catch_up()


async def make_rollups(scope: TenantScope) -> None:
    """Bring hour and day rollups up to date."""
    await roll_up(scope)


async def detect_silence(scope: TenantScope) -> None:
    """Mark datastreams that have gone silent."""
    await scope.run(silence.detect)


def _pending(now: datetime) -> Select[int]:
    return select(StoredMessage.tenant_id).where(
        StoredMessage.state == MessageState.PENDING, StoredMessage.received_at <= now
    )


def _dirty(_now: datetime) -> Select[int]:
    return select(DirtyHour.tenant_id)


def _expected(_now: datetime) -> Select[int]:
    """Towns with series that are expected to deliver: how long one may be silent is a setting of each town."""
    return select(Datastream.tenant_id).where(
        Datastream.expected_interval_s.is_not(None), Datastream.silent_since.is_(None)
    )


JOBS = (
    Job("lorawan.process_pending", every=timedelta(seconds=30), run=process_pending, work=_pending),
    Job("lorawan.rollups", every=timedelta(seconds=60), run=make_rollups, work=_dirty),
    Job("lorawan.silence", every=timedelta(seconds=60), run=detect_silence, work=_expected),
)
