"""A bar for people who watch long work; nothing where nobody does."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .output import console

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


class _Bar:
    """One line that tells the present part and how far it is."""

    def __init__(self, bars: Bars | None) -> None:
        self._bars = bars
        self._task: TaskID | None = None

    def begin(self, title: str, total: int | None = None) -> None:
        """A part of the work begins."""
        if self._bars is None:
            return
        if self._task is not None:
            self._bars.remove_task(self._task)
        self._task = self._bars.add_task(title, total=total)

    def advance(self, number: int) -> None:
        """So many more are done."""
        if self._bars is not None and self._task is not None:
            self._bars.advance(self._task, number)


@contextmanager
def progress_bar() -> Generator[_Bar]:
    """A bar on standard error, if that is a terminal; it goes when the work is done."""
    screen = console(stderr=True)
    if not screen.is_terminal:
        yield _Bar(None)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True) as bars:
        yield _Bar(bars)
