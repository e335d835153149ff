"""Random documents over the composed schema of all plugins, each by its plan and by the ordinary executor."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice

from oracle_data import TOWNS

from regiohub.auth.principal import ANONYMOUS, Principal
from regiohub.testing.oracle import DocumentMaker, Oracle, harvest
from regiohub.testing.oracle.coverage import Coverage
from regiohub.testing.oracle.report import explained
from regiohub.testing.world import World
from regiohub.texts import Language

DEPTH = os.environ.get("REGIOHUB_TEST_DEPTH", "ci")
CHUNKS, CHUNK = {"ci": (1, 300), "full": (10, 1000)}[DEPTH]
ROUNDS, TRIES = 60, 60
"""Documents that aim at one coordinate: those of the chunks end before this round, and so many more are tried."""
SEED = "REGIOHUB_ORACLE_SEED"
"""Environment variable: run one document only, the one of this number."""

_ROLES: tuple[tuple[str, ...], ...] = (
    ("tenant-admin",), ("tenant-admin",), ("tenant-admin",), ("editor",), ("caretaker",), ("coordinator",),
    ("auditor",), ("plugin-admin:booking",), ("editor", "auditor"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """Who asks where in which language; decided by the number alone."""

    town: str
    language: Language
    subject: str | None
    roles: tuple[str, ...]

    @classmethod
    def of(cls, seed: int) -> Case:
        """The case of a number."""
        rng = random.Random(f"case {seed}")
        town = rng.choice((*TOWNS, *TOWNS, TOWNS[0], "region"))
        language: Language = rng.choice(("de", "en"))
        if town == "region" or rng.random() < 0.2:
            return cls(town, language, None, ())
        return cls(town, language, rng.choice(("anna", "bert")), () if rng.random() < 0.15 else rng.choice(_ROLES))

    def principal(self, world: World) -> Principal:
        """The caller."""
        return world.principal(self.town, roles=self.roles, subject=self.subject) if self.subject else ANONYMOUS


@dataclass(slots=True)
class Run:
    """Comparisons on one database, and what they have reached so far."""

    makers: dict[str, DocumentMaker] = field(default_factory=dict[str, DocumentMaker])
    reached: dict[str, Coverage] = field(default_factory=dict[str, Coverage])
    seconds: float = 0.0

    async def prepare(self, world: World, oracle: Oracle) -> None:
        """Look up what the data holds; once, it never changes."""
        if self.makers:
            return
        for town in (*TOWNS, "region"):
            principal = ANONYMOUS if town == "region" else world.principal(town, roles=("tenant-admin",))
            known = await harvest(oracle, town, principal)
            self.makers[town] = DocumentMaker(oracle.schema(town).schema, known)
        first, second = (self.makers[town].known for town in TOWNS)
        for known, other in ((first, second), (second, first)):
            mine = {value for (_, name), bag in known.leaves.items() if name == "id" for value in bag}
            theirs = (value for (_, name), bag in other.leaves.items() if name == "id" for value in bag)
            known.foreign = sorted({value for value in theirs if value not in mine})
        town_paths = self.makers[TOWNS[0]].paths
        self.reached = {"town": Coverage(town_paths), "region": Coverage(self.makers["region"].paths)}

    async def compare(self, world: World, seeds: range, note: Callable[[str], None]) -> None:
        """Run the documents of these numbers; raises an AssertionError with the first differences."""
        oracle = Oracle(world)
        await self.prepare(world, oracle)
        wanted = os.environ.get(SEED)
        numbers = [int(wanted)] if wanted else seeds
        found = [await self._one(world, oracle, seed, note if wanted else None) for seed in numbers]
        _refuse(list(filter(None, found)), len(numbers))

    async def reach(self, world: World) -> None:
        """Aim at what no document has named or got an answer from so far, each some times."""
        oracle = Oracle(world)
        await self.prepare(world, oracle)
        failures: list[str] = []
        for name, coverage in self.reached.items():
            making = self.makers["region" if name == "region" else TOWNS[0]]
            for coordinate in dict.fromkeys((*coverage.never_named, *coverage.never_answered)):
                # The first rounds are those of the chunks.
                for seed in islice(making.aiming(coordinate), ROUNDS, ROUNDS + TRIES):
                    if (Case.of(seed).town == "region") is not (name == "region"):
                        continue
                    failures += filter(None, [await self._one(world, oracle, seed, None)])
                    if coordinate not in coverage.never_named and coordinate not in coverage.never_answered:
                        break
        _refuse(failures, ROUNDS)

    async def _one(self, world: World, oracle: Oracle, seed: int, note: Callable[[str], None] | None) -> str | None:
        case = Case.of(seed)
        made = self.makers[case.town].make(seed)
        began = time.perf_counter()
        compared = await oracle.compare(
            case.town, made.document, made.variables, principal=case.principal(world), language=case.language,
            operation_name=made.operation_name,
        )  # fmt: skip
        self.seconds += time.perf_counter() - began
        self.reached["region" if case.town == "region" else "town"].add(made, compared)
        if note:
            note(f"{case}\n{made.variables}\n{made.document}")
        if compared.difference is None:
            return None
        return f"{SEED}={seed} {world.dialect} {case}\n{explained(compared)}"

    def lines(self, dialect: str) -> list[str]:
        """What has been reached, as text."""
        number = sum(coverage.documents for coverage in self.reached.values())
        lines = [f"oracle on {dialect}: {number} documents, {number / max(self.seconds, 1e-9) * 60:.0f} a minute"]
        for name, coverage in self.reached.items():
            lines += [f"{name}: {line}" for line in coverage.lines()]
        return lines


def _refuse(failures: list[str], number: int) -> None:
    if failures:
        shown = "\n\n".join(failures[:3])
        raise AssertionError(f"{len(failures)} documents of {number} differ, the first ones:\n\n{shown}")
