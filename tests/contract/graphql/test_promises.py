"""Promises about GraphQL: kept by a sound plugin, and each shown to notice a bad one."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest

from regiohub.api import TenantScope
from regiohub.graphql.engine.run import Run
from regiohub.graphql.execution import Execution
from regiohub.testing import make
from regiohub.testing.contract import Breach, Promise
from regiohub.testing.contract.promises.graphql import PROMISES
from regiohub.testing.installations import Engine

from .conftest import Make, sample

BY_ID = {promise.id: promise for promise in PROMISES}
ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
async def test_a_sound_plugin_keeps_the_promise(promise: Promise, engine: Engine, case: Make) -> None:
    await promise.hold(case(engine=engine))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_each_promise_says_what_to_do(promise: Promise) -> None:
    assert len(promise.remedy) > 60


def _asks_nothing(*_given: Any) -> None:
    """A platform that forgets to ask."""


async def broken(promise: str, case: Make, name: str, engine: Engine = "sqlite") -> tuple[str, ...]:
    """What is said of a bad sample."""
    with pytest.raises(Breach) as breach:
        await BY_ID[promise].hold(case(sample(f"bad:{name}"), engine=engine))
    assert BY_ID[promise].remedy in str(breach.value)
    return breach.value.faults


async def test_a_name_of_another_plugin_is_reported_with_both(case: Make) -> None:
    both = case(sample("plugin:plugin"), sample("bad:stealing", "thief"))
    with pytest.raises(Breach) as breach:
        await BY_ID["no-collisions"].hold(both)
    assert "thief and benches both contribute Mutation.addBench" in breach.value.faults[0]


async def test_missing_words_are_named(case: Make) -> None:
    faults = await broken("described", case, "wordless")
    assert "WordlessQuery.colour has no description" in faults
    assert any(fault.startswith("WordlessQuery.colour(dark:) has no description") for fault in faults)
    assert any(fault.startswith("Colour.GREEN has no description") for fault in faults)


async def test_what_declares_no_permission_or_one_that_nobody_has_is_named(case: Make) -> None:
    faults = await broken("permission-on-every-field", case, "open_")
    assert set(faults) == {
        "needNothing declares no permission",
        "needNobody needs benches.nobody, which the plugin does not declare: nobody has it",
        "benches.reports shows everybody rows of benches_report, which belong to persons",
    }


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_service_that_does_not_ask_is_found(case: Make, engine: Engine) -> None:
    faults = await broken("permission-matrix", case, "trusting", engine)
    assert faults == ("renameAll: its service does not ask for benches.manage, only its field does",)


async def test_a_service_that_asks_for_more_than_is_declared_is_found(case: Make) -> None:
    faults = await broken("permission-matrix", case, "promising")
    assert "paintBench needs core.public by its declaration, but a signed-in resident gets FORBIDDEN" in faults
    assert (
        "paintBench needs core.public by its declaration, but somebody without a token gets UNAUTHENTICATED" in faults
    )


async def test_a_fault_of_the_program_is_no_answer(case: Make) -> None:
    faults = await broken("permission-matrix", case, "raising")
    assert "breakBench: a fault of the program (INTERNAL) for a signed-in resident" in faults


async def test_who_lacks_the_right_and_changes_rows_is_found_with_the_tables(
    case: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Execution, "require", _asks_nothing)
    faults = await broken("permission-matrix", case, "trusting")
    assert (
        "renameAll needs benches.manage, but somebody without a token gets an answer without it, "
        "and changes benches_park_bench of potsdam"
    ) in faults
    assert any(fault.startswith("renameAll needs benches.manage, but staff of another town gets") for fault in faults)


async def test_who_sees_a_guarded_field_without_the_right_is_found(case: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    bench: Any = import_module("contract_benches.models").Bench

    monkeypatch.setattr(Run, "refusal", _asks_nothing)
    made = case()

    async def fill(scope: TenantScope, rows: int) -> None:
        await made.fill(scope, rows)
        async with scope.write() as ctx:
            await make(ctx, bench, note="Schlüssel beim Pförtner")

    with pytest.raises(Breach) as breach:
        await BY_ID["permission-matrix"].hold(replace(made, fill=fill))
    assert "Bench.note needs benches.manage, but somebody without a token sees it" in breach.value.faults


@pytest.mark.parametrize("engine", ENGINES)
async def test_another_answer_for_rows_of_another_town_is_found(case: Make, engine: Engine) -> None:
    faults = await broken("foreign-like-missing", case, "telling", engine)
    assert "fetchBench(id): a signed-in resident is told FORBIDDEN of a row of bad-belzig, NOT_FOUND of none" in faults


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_change_in_another_town_is_found_with_who_and_what(case: Make, engine: Engine) -> None:
    faults = await broken("foreign-like-missing", case, "visiting", engine)
    assert faults[0] == (
        "benches.visit: staff of another town changes benches_park_bench of bad-belzig with an identifier of bad-belzig"
    )


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["everywhere", "remembering"])
async def test_rows_of_another_town_in_an_answer_are_found(case: Make, name: str, engine: Engine) -> None:
    import_module("contract_benches.bad").NAMES.clear()
    faults = await broken("two-towns-graphql", case, name, engine)
    assert any("in bad-belzig sees" in fault and "belongs to potsdam" in fault for fault in faults)


async def test_a_figure_over_towns_that_share_nothing_is_found(case: Make) -> None:
    faults = await broken("two-towns-graphql", case, "peeping")
    assert "region.benches.number: anybody in potsdam is told something else as soon as bad-belzig has rows" in faults


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_statement_for_each_row_is_found_with_its_field(case: Make, engine: Engine) -> None:
    faults = await broken("constant-statements", case, "counting", engine)
    assert len(faults) == 1
    assert faults[0].startswith("benches.benches.nodes.reports: ")


async def test_faults_of_the_program_and_mumbled_errors_are_found(case: Make) -> None:
    assert await broken("errors-typed", case, "raising") == ("breakBench: a fault of the program (INTERNAL) with id",)
    faults = await broken("errors-typed", case, "mumbling")
    assert set(faults) == {
        "loseBench: the code 'lost it' is not in capitals",
        "loseBench: lost it is about 'the bench', which is no name of a field",
    }
