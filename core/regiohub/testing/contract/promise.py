"""One promise of the contract, and what is said where it is broken."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regiohub.plugins.rules import Rule

    from .case import Case

_MOST_SHOWN = 30


class Breach(AssertionError):
    """A broken promise, or a rule that is not followed: its name, each fault, and what to do."""

    def __init__(self, promise: Promise | Rule, faults: Iterable[str]) -> None:
        self.promise, self.faults = promise, tuple(faults)
        shown = [f"  - {fault}" for fault in self.faults[:_MOST_SHOWN]]
        if len(self.faults) > _MOST_SHOWN:
            shown.append(f"  … and {len(self.faults) - _MOST_SHOWN} more")
        kind = "breaks the promise" if isinstance(promise, Promise) else "does not follow the rule"
        lines = [f"The plugin {kind} {promise.id}: {promise.title}", *shown]
        super().__init__("\n".join([*lines, f"What to do: {promise.remedy}"]))


@dataclass(frozen=True, slots=True)
class Promise:
    """A check that runs the plugin. `faults` returns a sentence for each place where the promise is broken.

    `engines`: False for what does not depend on the database; it then runs on SQLite only.
    """

    id: str
    title: str
    remedy: str
    faults: Callable[[Case], Awaitable[Iterable[str]]]
    engines: bool = True

    async def hold(self, case: Case) -> None:
        """Check it.

        :raises Breach: it is broken.
        """
        # pytest shows the breach, not the way to it.
        __tracebackhide__ = True
        found = list(await self.faults(case))
        if found:
            raise Breach(self, found)
