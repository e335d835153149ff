"""Rate limits in memory: per kind of call a token bucket for each client of a town, and one for the town as a whole."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

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


_TOWN: Final = "*"
"""Stands for all clients of a town together; no client has this address."""


class RateLimiter:
    """Counts calls. Each process counts for itself, so the limits are per process; a proxy may add its own.

    `rates`: per client and town. `towns`: for all clients of a town together, so that many of them at once (or one
    with many addresses) do not use up what the other towns need.
    """

    def __init__(
        self,
        rates: Mapping[str, Rate],
        towns: Mapping[str, Rate] | None = None,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        most: int = 50_000,
    ) -> None:
        self._rates, self._towns = rates, towns or {}
        self._monotonic = monotonic
        self._most = most
        self._buckets: OrderedDict[tuple[str, str, str], _Bucket] = OrderedDict()
        # Kept apart: whoever comes with many addresses pushes out buckets of clients, never those of towns.
        self._of_towns: OrderedDict[tuple[str, str, str], _Bucket] = OrderedDict()

    @classmethod
    def from_settings(cls, settings: Settings) -> "RateLimiter":
        """The limits named in the settings: ``public``, ``search``, ``ingest`` and ``graphql``."""
        rates = {
            "public": Rate(settings.rate_public_per_minute / 60, settings.rate_public_burst),
            "search": Rate(settings.rate_search_per_minute / 60, settings.rate_search_burst),
            "ingest": Rate(settings.rate_ingest_per_second, settings.rate_ingest_burst),
            "graphql": Rate(settings.rate_graphql_per_second, settings.rate_graphql_burst),
        }
        factor = settings.rate_town_factor
        towns = {kind: Rate(rate.per_second * factor, round(rate.burst * factor)) for kind, rate in rates.items()}
        return cls(rates, towns)

    def check(self, kind: str, tenant: str, client: str, *, known: bool = False) -> None:
        """Counts one call. Raises ``TooMany`` with ``retry_after`` (whole seconds) when a bucket is empty.

        A call that the client's own bucket refuses does not count for the town. ``known``: of somebody signed in, whom
        a crowd of strangers cannot lock out: it counts for the client alone.
        """
        self._take(self._buckets, (kind, tenant, client), self._rates[kind])
        if not known and (town := self._towns.get(kind)):
            self._take(self._of_towns, (kind, tenant, _TOWN), town)

    def _take(self, buckets: OrderedDict[tuple[str, str, str], _Bucket], key: tuple[str, str, str], rate: Rate) -> None:
        now = self._monotonic()
        bucket = buckets.pop(key, None) or _Bucket(rate.burst, now)
        bucket.level = min(float(rate.burst), bucket.level + (now - bucket.at) * rate.per_second)
        bucket.at = now
        # Re-inserting keeps the buckets in order of use, so that the longest unused one is forgotten first.
        buckets[key] = bucket
        if len(buckets) > self._most:
            buckets.popitem(last=False)
        if bucket.level < 1:
            raise TooMany(retry_after=max(1, math.ceil((1 - bucket.level) / rate.per_second)))
        bucket.level -= 1
