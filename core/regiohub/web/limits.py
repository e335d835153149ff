"""Rate limits in memory: a token bucket per kind of call, town and client."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from regiohub.errors import TooMany
from regiohub.settings import Settings


@dataclass(frozen=True, slots=True)
class Rate:
    """So many calls per second on average, and so many at once."""

    per_second: float
    burst: int


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class RateLimiter:
    """Counts calls. Each process counts for itself, so the limits are per process; a proxy may add its own."""

    def __init__(
        self, rates: dict[str, Rate], *, monotonic: Callable[[], float] = time.monotonic, most: int = 50_000
    ) -> None:
        self._rates = rates
        self._monotonic = monotonic
        self._most = most
        self._buckets: OrderedDict[tuple[str, str, str], _Bucket] = OrderedDict()

    @classmethod
    def from_settings(cls, settings: Settings) -> "RateLimiter":
        """The limits named in the settings: ``public``, ``search`` and ``ingest``."""
        return cls(
            {
                "public": Rate(settings.rate_public_per_minute / 60, settings.rate_public_burst),
                "search": Rate(settings.rate_search_per_minute / 60, settings.rate_search_burst),
                "ingest": Rate(settings.rate_ingest_per_second, settings.rate_ingest_burst),
            }
        )

    def check(self, kind: str, tenant: str, client: str) -> None:
        """Counts one call. Raises ``TooMany`` with ``retry_after`` (whole seconds) when the bucket is empty."""
        rate = self._rates[kind]
        key = (kind, tenant, client)
        now = self._monotonic()
        bucket = self._buckets.pop(key, None) or _Bucket(rate.burst, now)
        bucket.level = min(float(rate.burst), bucket.level + (now - bucket.at) * rate.per_second)
        bucket.at = now
        # Re-inserting keeps the buckets in order of use, so that the longest unused one is forgotten first.
        self._buckets[key] = bucket
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if bucket.level < 1:
            raise TooMany(retry_after=max(1, math.ceil((1 - bucket.level) / rate.per_second)))
        bucket.level -= 1
