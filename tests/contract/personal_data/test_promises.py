"""Promises about data on people: kept by a sound plugin, and each shown to notice a bad one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from regiohub.api import Ctx, Erased, PersonalTable, Plugin, Subject, SubjectData, t
from regiohub.privacy.retention.rules import Rule, Rules
from regiohub.testing.contract import Breach, Case, Promise
from regiohub.testing.contract.promises.personal_data import PROMISES

BY_ID = {promise.id: promise for promise in PROMISES}
RETENTION, EXPORT = BY_ID["retention-declared"], BY_ID["subject-export"]
KEPT = BY_ID["retention-kept"]
ERASURE, PURGE = BY_ID["subject-erasure"], BY_ID["purge-own-rows"]


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
async def test_a_sound_plugin_keeps_the_promise(promise: Promise, case: Case) -> None:
    await promise.hold(case)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.id)
def test_each_promise_says_what_to_do(promise: Promise) -> None:
    assert len(promise.remedy) > 60


async def broken(promise: Promise, case: Case) -> tuple[str, ...]:
    with pytest.raises(Breach) as breach:
        await promise.hold(case)
    assert promise.remedy in str(breach.value)
    return breach.value.faults


class Bad:
    """Makes the sample bad for one test."""

    def __init__(self, plugin: Plugin, patch: pytest.MonkeyPatch) -> None:
        self._plugin, self._patch = plugin, patch

    def category(self, **changes: Any) -> None:
        """Another declaration of the tips."""
        first, *others = self._plugin.data_categories
        self._patch.setattr(self._plugin, "data_categories", (replace(first, **changes), *others))

    def table(self, name: str, **changes: Any) -> None:
        """Another declaration of one table."""
        people = self._plugin.data_categories[0].people
        self.category(people=tuple(replace(one, **changes) if one.table == name else one for one in people))

    def hook(self, own: SubjectData | None) -> None:
        """Another hook, or none."""
        if own is None:
            self._patch.delitem(self._plugin.hooks, "register_subject_data")
        else:
            self._patch.setitem(self._plugin.hooks, "register_subject_data", lambda: own)

    def models(self, *models: Any) -> None:
        """Other tables."""
        self._patch.setattr(self._plugin, "models", models)


@pytest.fixture
def bad(tips: Plugin, monkeypatch: pytest.MonkeyPatch) -> Bad:
    return Bad(tips, monkeypatch)


# retention-declared


async def test_a_personal_category_without_any_retention_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    bad.category(retention=None)
    assert await broken(RETENTION, case_sqlite) == (
        "data category tips says neither for how long it is kept (retention) nor in words until when (kept)",
    )
    bad.category(retention=None, kept=t("Solange das Thema offen ist.", "As long as the topic is open."))
    await RETENTION.hold(case_sqlite)


async def test_a_retention_that_counts_from_nothing_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    bad.table("letterbox_tip", counted_from=None)
    assert await broken(RETENTION, case_sqlite) == (
        "table letterbox_tip: nothing says from when the retention of tips counts (counted_from)",
    )


async def test_a_category_without_a_way_to_the_person_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    bad.category(people=())
    bad.hook(None)
    assert await broken(RETENTION, case_sqlite) == (
        "data category tips gives no way to find a person: it has no people, and the plugin no register_subject_data",
        "table letterbox_tip: column subject looks like a person, and nothing searches it",
        "table letterbox_tip: column email looks like a person, and nothing searches it",
    )


async def test_a_column_that_looks_personal_in_no_personal_category_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    bad.category(personal=False, people=(), tables=("letterbox_tip", "letterbox_photo"))
    assert await broken(RETENTION, case_sqlite) == (
        "table letterbox_tip: column subject looks personal, and no personal category names the table",
        "table letterbox_tip: column email looks personal, and no personal category names the table",
    )


async def test_a_column_that_erasure_would_forget_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    bad.table("letterbox_tip", email=None)
    assert "table letterbox_tip: column email stays when the person is erased; name it in clear" in await broken(
        RETENTION, case_sqlite
    )


# retention-kept


async def test_a_time_that_counts_from_nothing_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    bad.table("letterbox_tip", counted_from=None)
    assert await broken(KEPT, case_sqlite) == (
        "data category tips says how long it is kept and not from when: nothing of it ever goes",
    )


def _nothing(rule: Rule) -> Any:
    return rule.attribute("text") == "?"


def _all_filled(rule: Rule) -> Any:
    return rule.attribute("text") != ""


@pytest.mark.parametrize(
    ("due", "fault"),
    [
        (_nothing, "table letterbox_tip: column text is not empty although its time has passed"),
        (_all_filled, "of a row changed whose time has not passed"),
    ],
    ids=["too-little", "too-much"],
)
async def test_a_deletion_that_is_not_exact_is_noticed(
    case: Case, monkeypatch: pytest.MonkeyPatch, due: Callable[[Rule], Any], fault: str
) -> None:
    as_declared = Rules.due

    def inexact(self: Rules, rule: Rule) -> Any:
        return due(rule) if rule.emptied else as_declared(self, rule)

    monkeypatch.setattr(Rules, "due", inexact)
    assert any(fault in found for found in await broken(KEPT, case))


# subject-export


async def test_an_undeclared_table_of_the_person_is_noticed_in_the_export(bad: Bad, case_sqlite: Case) -> None:
    bad.category(people=())
    bad.hook(None)
    assert await broken(EXPORT, case_sqlite) == ("table letterbox_tip holds the person and is not in the export",)


async def test_a_hook_that_hands_out_somebody_elses_records_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    from contract_tips.models import Tip  # pyright: ignore[reportMissingImports]
    from sqlalchemy import select

    async def everybody(ctx: Ctx, _subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        rows = await ctx.session.scalars(select(Tip))
        return {"tips": [{"id": row.id, "answers": row.answers} for row in rows]}

    bad.hook(SubjectData(export=everybody))
    faults = await broken(EXPORT, case_sqlite)
    assert "tips (plugin): 1 records in the export are somebody else's" in faults


async def test_a_hook_that_fails_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    async def fail(_ctx: Ctx, _subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        raise RuntimeError

    bad.hook(SubjectData(export=fail))
    assert [fault.partition(":")[0] for fault in await broken(EXPORT, case_sqlite)] == ["the export fails"]
    assert [fault.partition(":")[0] for fault in await broken(ERASURE, case_sqlite.within("again"))] == [
        "the erasure fails"
    ]


# subject-erasure


async def test_what_a_json_column_and_a_file_still_say_is_noticed(bad: Bad, case: Case) -> None:
    bad.hook(SubjectData())
    assert await broken(ERASURE, case) == (
        "table letterbox_tip: column answers still names the person",
        "the file letterbox/anna.vertrag@example.org still names the person",
    )


async def test_a_column_that_is_not_cleared_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    bad.table("letterbox_tip", email=None)
    assert "table letterbox_tip: column email still names the person" in await broken(ERASURE, case_sqlite)


async def test_an_erasure_that_takes_others_with_it_is_noticed(bad: Bad, case_sqlite: Case) -> None:
    from contract_tips.models import Tip  # pyright: ignore[reportMissingImports]
    from sqlalchemy import delete

    async def everybody(ctx: Ctx, _subject: Subject) -> Sequence[Erased]:
        await ctx.session.execute(delete(Tip), execution_options={"synchronize_session": False})
        return [Erased("tips", deleted=2)]

    bad.hook(SubjectData(erase=everybody))
    faults = await broken(ERASURE, replace(case_sqlite, person=None))
    assert set(faults) == {
        "table letterbox_tip: 1 rows of somebody else were erased too",
        "table letterbox_photo: 1 rows of somebody else were erased too",
    }


async def test_rows_that_are_kept_with_a_reason_are_no_fault(bad: Bad, case_sqlite: Case) -> None:
    bad.category(
        people=(
            PersonalTable(
                "letterbox_tip", subject="subject", email="email", counted_from="created_at",
                keep=t("Zehn Jahre aufzubewahren.", "To be kept for ten years."),
            ),
            PersonalTable("letterbox_photo", belongs_to="tip_id"),
        )
    )  # fmt: skip
    await ERASURE.hold(case_sqlite)


# purge-own-rows


async def test_a_table_that_the_manifest_does_not_list_is_noticed_by_the_purge(bad: Bad, case: Case) -> None:
    from contract_tips.models import Tip, Topic  # pyright: ignore[reportMissingImports]

    bad.category(people=(), tables=("letterbox_tip",))
    bad.models(Topic, Tip)
    assert await broken(PURGE, case) == (
        "table letterbox_photo: rows of potsdam have changed",
        "table letterbox_photo is in the database and not in models",
    )
