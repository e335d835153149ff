"""What every promise stands on: where that breaks, each says so with a remedy, and not in the words of a library."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from regiohub.plugins.loading import GROUP
from regiohub.plugins.rules import RULES
from regiohub.testing.contract import Breach, Case, Promise, contract
from regiohub.testing.contract.ground import hold, refuse_unusable
from regiohub.testing.contract.promises import PROMISES

from .conftest import SOUND, Wells

BY_ID = {promise.id: promise for promise in PROMISES}


INDEX = '    ops.create_index("wells_visit", "at")\n'


async def test_a_model_without_its_migration_is_named_by_promises_about_other_things(wells: Wells) -> None:
    case = wells(('        sa.Column("at", ops.UtcDateTime(), nullable=False),\n', ""), (INDEX, ""))
    with pytest.raises(Breach) as breach:
        await hold(BY_ID["guards-forced"], case)
    assert breach.value.promise is BY_ID["migrations-match-models"]
    assert "the model has the column wells_visit.at; no migration makes it" in breach.value.faults


async def test_a_migration_that_does_not_run_is_named_with_its_line(wells: Wells) -> None:
    with pytest.raises(Breach) as breach:
        await hold(BY_ID["migrations-match-models"], wells((INDEX, INDEX.replace("visit", "visits"))))
    assert breach.value.promise is BY_ID["migrations-up-down-up"]
    (fault,) = breach.value.faults
    line = SOUND[: SOUND.index(INDEX)].count("\n") + 1
    assert fault.startswith(f"upgrade() fails in 0001_initial.py, line {line}: OperationalError: ")


async def test_other_errors_arrive_as_they_are_and_say_what_was_tried(wells: Wells) -> None:
    async def faults(_case: Case) -> Iterable[str]:
        raise KeyError("depth")

    with pytest.raises(KeyError) as error:
        await hold(Promise("deep", "wells are deep", "dig", faults), wells())
    (note,) = error.value.__notes__
    assert note.startswith("This came up while the promise deep was tried: wells are deep. What to do: ")


@pytest.mark.parametrize(
    ("module", "text", "words"),
    [
        ("open_wells", "x = (\n", "SyntaxError: '(' was never closed"),
        ("typo_wells", "import sys\n\nplugin = sys.no_such_thing\n", "typo_wells/plugin.py:3)"),
        ("no_wells", None, "no plugin wells is installed here (there are: none); in its folder: pip install -e ."),
    ],
)
def test_a_plugin_that_the_platform_does_not_take_breaks_a_rule_in_every_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str, text: str | None, words: str
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / module).mkdir()
    (tmp_path / module / "plugin.py").write_text(text or "", encoding="utf-8")
    entries = (EntryPoint("wells", f"{module}.plugin:plugin", GROUP),) if text else ()
    suite = contract("wells", entries=entries)()
    for attempt in (partial(suite.test_the_plugin_follows, RULES[-1]), partial(refuse_unusable, "wells", entries)):
        with pytest.raises(Breach) as breach:
            attempt()
        assert str(breach.value).startswith("The plugin does not follow the rule manifest-valid: ")
        assert words in str(breach.value)
