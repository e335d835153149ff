"""Pauses between attempts: exponential, bounded, with jitter so that failures do not return as a herd."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import SystemRandom

_RANDOM = SystemRandom()


@dataclass(frozen=True, slots=True)
class Backoff:
    """``first`` doubled after each failure, at most ``most``, varied by up to ``jitter`` (a share) both ways."""

    first: timedelta
    most: timedelta
    jitter: float = 0.2

    def pause(self, failures: int, *, chance: float | None = None) -> timedelta:
        """Pause after the given number of failures in a row (1 or more).

        ``chance`` from 0 to 1 replaces the random part: 0.5 means no deviation.
        """
        # The exponent is bounded as well: a float overflows long before a dead service comes back.
        seconds = min(self.first.total_seconds() * 2 ** min(max(failures, 1) - 1, 40), self.most.total_seconds())
        drawn = _RANDOM.random() if chance is None else chance
        return timedelta(seconds=seconds * (1 + self.jitter * (2 * drawn - 1)))


OUTBOX = Backoff(first=timedelta(seconds=2), most=timedelta(hours=1))
JOBS = Backoff(first=timedelta(seconds=10), most=timedelta(minutes=15))
BACKGROUND = Backoff(first=timedelta(seconds=1), most=timedelta(minutes=1))
