"""Cases drawn by Hypothesis before anything runs: the same in each run, and as many as the depth affords."""

from __future__ import annotations

from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

T = TypeVar("T")
_UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
"""Schemas of five hundred types are drawn slowly, and their largest documents are very large."""


def drawn(strategy: st.SearchStrategy[T], number: int) -> list[T]:
    """So many values, or all that there are. The seed stands in the strategy: chance never turns a build red."""
    found: list[T] = []

    @settings(
        max_examples=number, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=_UNHURRIED,
    )  # fmt: skip
    @given(strategy)
    def collect(value: T) -> None:
        found.append(value)

    collect()
    return found
