"""Work that repeats."""

from datetime import timedelta

from regiohub.api import Job, TenantScope
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


JOBS = (
    Job("lorawan.process_pending", every=timedelta(seconds=30), run=process_pending),
    Job("lorawan.rollups", every=timedelta(seconds=60), run=make_rollups),
    Job("lorawan.silence", every=timedelta(seconds=60), run=detect_silence),
)
