"""Live announcements of new observations, small enough for the platform's channel."""

from collections.abc import Sequence

from regiohub.api import Ctx
from regiohub_lorawan.store.observations import Point

TOPIC = "lorawan.observation"
_PER_MESSAGE = 60


def announce(ctx: Ctx, points: Sequence[Point]) -> None:
    """Tell listeners after the commit: ``{"points": [[series, milliseconds, value, quality], …]}``."""
    for start in range(0, len(points), _PER_MESSAGE):
        part = points[start : start + _PER_MESSAGE]
        ctx.notify(TOPIC, {"points": [[p.series, p.ts, p.value, p.quality] for p in part]})
