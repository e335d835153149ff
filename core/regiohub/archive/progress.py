"""How far a long work is, for whoever watches."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told about each step; `nothing` watches nobody."""

    def begin(self, title: str, total: int | None = None) -> None:
        """A part of the work begins; `total` rows or files if that is known."""
        ...

    def advance(self, number: int) -> None:
        """So many more are done."""
        ...


class Unwatched:
    """Nobody watches."""

    def begin(self, title: str, total: int | None = None) -> None:
        """Nothing is shown."""

    def advance(self, number: int) -> None:
        """Nothing is shown."""


UNWATCHED = Unwatched()
