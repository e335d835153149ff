"""The contract suite as an author meets it: which tests there are, and what a failing one says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from regiohub.plugins.rules import RULES
from regiohub.testing.contract import Breach, Case, Promise, contract
from regiohub.testing.contract.promises import PROMISES


def parameters(suite: Any, test: str) -> list[Any]:
    """What a test of the suite is run with."""
    (mark,) = (mark for mark in getattr(suite, test).pytestmark if mark.name == "parametrize")
    return list(mark.args[1])


def test_there_is_a_test_for_each_promise_and_database_and_for_each_rule() -> None:
    suite = contract("atlas")
    ids = {found.id for found in parameters(suite, "test_the_plugin_keeps")}
    assert ids == {
        f"{promise.id}-{engine}"
        for promise in PROMISES
        for engine in ("sqlite", "postgresql")
        if engine == "sqlite" or promise.engines
    }
    assert parameters(suite, "test_the_plugin_follows") == [rule for rule in RULES if not rule.needs_root]


def test_an_exemption_skips_with_its_reason() -> None:
    suite = contract("atlas", exempt={"demo-repeatable": "shows the weather"})
    skipped = {
        found.id: mark.kwargs["reason"]
        for found in parameters(suite, "test_the_plugin_keeps")
        for mark in found.marks
        if mark.name == "skip"
    }
    assert skipped == {
        "demo-repeatable-sqlite": "shows the weather",
        "demo-repeatable-postgresql": "shows the weather",
    }


@pytest.mark.parametrize(
    ("exempt", "words"),
    [({"no-such-thing": "because"}, "there is no promise no-such-thing"), ({"two-towns": " "}, "give a reason")],
)
def test_an_exemption_without_promise_or_reason_is_refused(exempt: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        contract("atlas", exempt=exempt)


async def test_a_breach_names_the_promise_each_fault_and_the_remedy() -> None:
    async def faults(_case: Case) -> Iterable[str]:
        return [f"fault {number}" for number in range(40)]

    promise = Promise("tidy", "it is tidy", "tidy it up", faults)
    with pytest.raises(Breach) as breach:
        await promise.hold(None)  # type: ignore[arg-type]
    lines = str(breach.value).splitlines()
    assert lines[0] == "The plugin breaks the promise tidy: it is tidy"
    assert lines[1:3] == ["  - fault 0", "  - fault 1"]
    assert lines[-2:] == ["  … and 10 more", "What to do: tidy it up"]
    assert len(breach.value.faults) == 40
