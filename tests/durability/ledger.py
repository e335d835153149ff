"""What clients were told: every acknowledgement, and when the first one came after something had died."""

from __future__ import annotations

import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Ledger:
    """Keys by kind of thing: tried, acknowledged; and every other answer by its status."""

    tried: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    acknowledged: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))
    others: Counter[str] = field(default_factory=Counter[str])
    repeats: int = 0
    """Deliveries of what was acknowledged already, as network servers make them."""
    _moments: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict[str, list[float]](list))

    def acknowledge(self, kind: str, key: str) -> None:
        """A client was told that it is safe."""
        self.acknowledged[kind].add(key)
        self._moments[kind].append(time.monotonic())

    def first_after(self, kind: str, moment: float) -> float | None:
        """Seconds from a moment to the next acknowledgement of a kind."""
        return min((at - moment for at in self._moments[kind] if at > moment), default=None)

    def total(self) -> int:
        """How many things were acknowledged."""
        return sum(map(len, self.acknowledged.values()))


@dataclass(frozen=True)
class Verdict:
    """One kind of thing, counted: how many were acknowledged, and how many of those are there."""

    kind: str
    acknowledged: int
    found: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]
    more: int
    """There although nobody was told: the acknowledgement was on its way when the process died."""

    @property
    def sound(self) -> bool:
        """Nothing lost, nothing doubled."""
        return not self.lost and not self.doubled

    def __str__(self) -> str:
        return (
            f"{self.kind}: acknowledged {self.acknowledged}, found {self.found}, lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, unacknowledged but there {self.more}"
        )


def judge(kind: str, acknowledged: set[str], there: Counter[str]) -> Verdict:
    """Compare what clients were told with what is there, each key with its number."""
    return Verdict(
        kind,
        len(acknowledged),
        sum(key in there for key in acknowledged),
        tuple(sorted(key for key in acknowledged if key not in there)),
        tuple(sorted(key for key, number in there.items() if number > 1)),
        len(there.keys() - acknowledged),
    )


def show(*lines: str) -> None:
    """Print figures; `pytest -s` shows them."""
    sys.stdout.write("\n" + "\n".join(lines) + "\n")
