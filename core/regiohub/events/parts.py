"""What plugins declare for the worker: handlers of events, one-off tasks, scheduled jobs, background tasks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .event import Event, event_name

if TYPE_CHECKING:
    import sqlalchemy as sa

    from regiohub.plugins.manifest import PluginSettings
    from regiohub.tenancy.context import Ctx, TenantScope

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class EventHandler(Generic[E]):
    """Calls ``run(ctx, event)`` for each event of a type.

    It runs in a write unit of work of its own, at least once; its writes and the mark "handled" are committed
    together, so they take effect once. Calls to the outside must be repeatable. ``name`` is the idempotency key
    and must stay the same for ever; it defaults to module and function.
    """

    event: type[E]
    run: Callable[[Ctx, E], Awaitable[None]]
    name: str = ""

    def __post_init__(self) -> None:
        event_name(self.event)
        if not self.name:
            object.__setattr__(self, "name", f"{self.run.__module__}.{self.run.__qualname__}")


@dataclass(frozen=True, slots=True)
class Task:
    """One-off work queued by ``ctx.enqueue(name, payload)``: ``run(ctx, payload)`` in a write unit of work.

    A failing task is tried again with growing pauses and becomes a dead letter after ``attempts`` tries.
    """

    name: str
    run: Callable[[Ctx, dict[str, Any]], Awaitable[None]]
    attempts: int = 14


@dataclass(frozen=True, slots=True)
class Job:
    """Work repeated for each town that has the plugin on: ``run(scope)`` once per town and period.

    Several workers share the work. A failed run is repeated with growing pauses until the next period begins.

    ``work(now)`` selects the ids of the towns in which there is something to do; it is asked once per period for all
    towns together, and the job runs in those only. Give it to every job that comes more often than once a day: in an
    installation with thousands of towns most have nothing to do. It may name too many towns, never too few.

    ``most`` is the longest run; after it the run is ended and counts as failed.
    """

    name: str
    every: timedelta
    run: Callable[[TenantScope], Awaitable[None]]
    work: Callable[[datetime], sa.Select[int]] | None = None
    most: timedelta = timedelta(minutes=15)

    def __post_init__(self) -> None:
        if self.every < timedelta(seconds=1):
            raise ValueError(f"job {self.name}: the shortest period is one second, got {self.every}")


@dataclass(frozen=True, slots=True)
class Background:
    """Long-running work for each town that has the plugin on: ``run(scope)`` until it is cancelled.

    It runs in one worker at a time, is cancelled when the plugin is switched off, and is started again with growing
    pauses when it ends by itself or with an error. ``settings``, the plugin's model: it is also cancelled and started
    anew when the town's values change, so ``run`` may read them once. ``wanted(values)`` says whether there is anything
    to do with them: where not, nothing runs.
    """

    name: str
    run: Callable[[TenantScope], Awaitable[None]]
    settings: type[PluginSettings] | None = None
    wanted: Callable[[Any], bool] | None = None

    def __post_init__(self) -> None:
        if self.wanted is not None and self.settings is None:
            raise ValueError(f"background task {self.name}: `wanted` judges settings, name their model")
