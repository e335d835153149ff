"""The platform's clock. Nothing else asks the system for the time, so that tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar


class Clock:
    """System time in UTC."""

    runs: ClassVar[bool] = True
    """Whether it goes on by itself, as those of other machines do."""

    def now(self) -> datetime:
        """The present moment, with time zone UTC."""
        return datetime.now(UTC)


class FrozenClock(Clock):
    """A clock that moves only when told to."""

    runs = False

    def __init__(self, at: datetime) -> None:
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._at

    def set(self, at: datetime) -> None:
        """Go to a moment; it must have a time zone."""
        if at.tzinfo is None:
            raise ValueError("give the moment a time zone")
        self._at = at.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Go forward."""
        self._at += by
