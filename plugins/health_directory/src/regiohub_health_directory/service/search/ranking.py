"""From matches to an order: all words first, then the better fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Ranked:
    """One candidate: how many asked words it matches, and its mean score from 0 to 100 over all asked words."""

    id: UUID
    matched: int
    score: float


def rank(
    words: tuple[str, ...],
    scores: Mapping[UUID, Mapping[str, float]],
    *,
    tie: Callable[[UUID], Any] = lambda identifier: identifier,
    band: float = 0.01,
) -> list[Ranked]:
    """Candidates in order, best first.

    When at least one candidate matches every word, those that miss a word are left out; otherwise the ones with the
    most words come first. Scores within one `band` count as equal and are ordered by `tie`, which has to be unique
    so that pages never overlap.
    """
    ranked = [
        Ranked(
            identifier,
            sum(1 for word in words if found.get(word)),
            sum(found.get(word, 0.0) for word in words) / len(words),
        )
        for identifier, found in scores.items()
    ]
    complete = [candidate for candidate in ranked if candidate.matched == len(words)]
    return sorted(
        complete or ranked,
        key=lambda candidate: (-candidate.matched, -round(candidate.score / band), tie(candidate.id)),
    )
