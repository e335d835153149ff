"""Faults that declarations do not show: rows of persons in answers, and services that do not ask behind a hurdle."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from regiohub.api import Ctx
from regiohub.testing.contract import Arguments, Breach, Given
from regiohub.testing.contract.promises.graphql import PROMISES

from .conftest import Make, sample

BY_ID = {promise.id: promise for promise in PROMISES}
WORD = {"word": "JA, WIRKLICH"}


async def faults(promise: str, case: Make, name: str, arguments: Arguments | None = None) -> tuple[str, ...]:
    """What is said of a bad sample; nothing if the promise holds."""
    try:
        await BY_ID[promise].hold(replace(case(sample(f"bad_persons:{name}")), arguments=arguments))
    except Breach as breach:
        return breach.faults
    return ()


async def test_a_written_field_that_prints_rows_of_persons_to_everybody_is_named(case: Make) -> None:
    assert await faults("permission-on-every-field", case, "printing") == (
        "benches.words shows everybody rows of benches_report, which belong to persons",
    )


async def test_so_is_a_field_of_a_type_that_shows_their_words_without_the_author(case: Make) -> None:
    assert await faults("permission-on-every-field", case, "chatty") == (
        "benches.benches.newest shows everybody rows of benches_report, which belong to persons",
    )


async def test_rows_of_people_without_an_account_are_theirs_unless_a_type_lists_them(case: Make) -> None:
    assert await faults("permission-on-every-field", case, "hinting") == (
        "benches.hints shows everybody rows of benches_hint, which belong to persons",
    )
    assert await faults("permission-on-every-field", case, "listing") == ()


async def test_a_row_that_every_other_resident_gets_by_its_identifier_is_found(case: Make) -> None:
    assert await faults("permission-on-every-field", case, "neighbourly") == (
        "benches.report shows any resident rows of benches_report, which belong to persons",
    )


async def test_mutations_for_residents_that_change_rows_of_others_are_found(case: Make) -> None:
    assert set(await faults("permission-on-every-field", case, "meddling")) == {
        "eraseReport lets any resident change or delete rows of benches_report that belong to somebody else",
        "rewordReports lets everybody change or delete rows of benches_report that belong to somebody else",
    }


async def test_a_mutation_that_invented_arguments_never_reach_is_named_with_what_to_give(case: Make) -> None:
    (fault,) = await faults("permission-matrix", case, "hidden")
    assert fault.startswith("clearBenches: whether its service asks for the permission stays open")
    assert "INVALID_INPUT" in fault
    assert 'contract(…, arguments={"clearBenches": {…}})' in fault


async def _given(ctx: Ctx) -> Given:
    assert ctx.tenant.slug == "potsdam"
    return {"clearBenches": WORD}


@pytest.mark.parametrize("arguments", [{"clearBenches": WORD}, _given], ids=["given", "found in the town"])
async def test_with_arguments_a_service_that_does_not_ask_is_found_behind_the_hurdle(
    case: Make, arguments: Any
) -> None:
    assert await faults("permission-matrix", case, "hidden", arguments) == (
        "clearBenches: its service does not ask for benches.manage, only its field does",
    )


async def test_with_arguments_one_that_asks_behind_it_keeps_the_promise(case: Make) -> None:
    assert await faults("permission-matrix", case, "late", {"clearBenchesLate": WORD}) == ()


async def test_arguments_of_an_operation_that_is_not_there_are_named(case: Make) -> None:
    given = {"clearBenchesLate": WORD, "sweepBenches": WORD}
    assert await faults("permission-matrix", case, "late", given) == (
        "arguments: the plugin has no operation sweepBenches",
    )
