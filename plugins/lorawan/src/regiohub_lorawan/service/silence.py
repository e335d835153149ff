"""Noticing sensors that have gone silent, per datastream, and saying so once."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, cast, or_, select, type_coerce, update

from regiohub.api import Ctx
from regiohub_lorawan.events import DatastreamSilent
from regiohub_lorawan.models import Datastream, Device
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.settings import LorawanSettings


def is_silent(stream: Datastream, now: datetime, patience: float) -> bool:
    """Whether the last value (or, before any value, the registration) is older than ``patience`` intervals."""
    if stream.expected_interval_s is None:
        return False
    return (stream.latest_at or stream.created_at) < now - timedelta(seconds=stream.expected_interval_s * patience)


async def detect(ctx: Ctx) -> int:
    """Mark datastreams that have gone silent and tell it by an event each; returns how many.

    A datastream that is marked already is not told again until it has delivered in between.
    """
    now, patience = ctx.now(), ctx.settings(LorawanSettings).silent_after_intervals
    # The column holds milliseconds; comparing in SQL keeps this one short statement over the whole town.
    due = type_coerce(Datastream.latest_at, BigInteger) < to_millis(now) - cast(
        Datastream.expected_interval_s * int(patience * 1000), BigInteger
    )
    candidates = await ctx.session.scalars(
        select(Datastream)
        .where(
            Datastream.expected_interval_s.is_not(None),
            Datastream.silent_since.is_(None),
            or_(Datastream.latest_at.is_(None), due),
        )
        .order_by(Datastream.id)
    )
    silent = [stream for stream in candidates if is_silent(stream, now, patience)]
    for stream in silent:
        stream.silent_since = now
        await ctx.emit(DatastreamSilent(datastream_id=stream.id, last_at=stream.latest_at))
    await ctx.session.flush()
    await ctx.session.execute(
        update(Device)
        .where(Device.silent_since.is_(None), Device.id.in_([stream.device_id for stream in silent]))
        .values(silent_since=now)
    )
    return len(silent)
