"""What cannot be judged says why, with the place and what to do about it."""

from __future__ import annotations

import pytest

from .conftest import Change, Judge
from .good import PACKAGE

PLUGIN, PROJECT = f"{PACKAGE}/plugin.py", "pyproject.toml"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({PLUGIN: "import no_such_library\n"}, "src/regiohub_sample/plugin.py:1: ModuleNotFoundError: No module named"),
        ({PLUGIN: "def broken(:\n"}, "src/regiohub_sample/plugin.py:1: SyntaxError"),
        ({PLUGIN: b"\xff\xfe"}, "src/regiohub_sample/plugin.py:1: SyntaxError"),
        ({PLUGIN: "a" + ".b" * 20_000}, "src/regiohub_sample/plugin.py: RecursionError"),
        ({PLUGIN: "raise SystemExit(4)\n"}, "src/regiohub_sample/plugin.py:1: SystemExit: 4"),
        ({f"{PACKAGE}/models.py": "1 / 0\n"}, "src/regiohub_sample/models.py:1: ZeroDivisionError"),
        ({PLUGIN: "plugin = 3\n"}, "regiohub_sample.plugin:plugin is a int, not a Plugin"),
        ({PROJECT: ("regiohub_sample.plugin:plugin", "regiohub_sample.plugin:other")}, "has no attribute 'other'"),
        ({PROJECT: ("regiohub_sample.", "regiohub_other.")}, "the package regiohub_other, which is neither in src/"),
        ({PROJECT: "[project]\nname = 'x'\n"}, "declares none in the group regiohub.plugins"),
        ({PROJECT: "[project\n"}, "pyproject.toml cannot be read"),
        ({PROJECT: None}, "There is no pyproject.toml"),
    ],
)
def test_what_cannot_be_imported_is_explained(change: Change, words: str, judge: Judge) -> None:
    outcome = judge(change)
    assert words in (outcome.problem or "")
    assert outcome.written["remedy"]


def test_who_reaches_into_the_core_is_told_what_to_import(judge: Judge) -> None:
    remedy = judge({PLUGIN: "from regiohub.db.modelz import Room\n"}).written["remedy"]
    assert remedy.startswith("Plugins import regiohub.api and what stands below it")


def test_a_second_entry_point_is_refused(judge: Judge) -> None:
    line = 'sample = "regiohub_sample.plugin:plugin"'
    outcome = judge({PROJECT: (line, f'{line}\nother = "regiohub_sample.plugin:plugin"')})
    assert "declares sample, other in the group regiohub.plugins" in (outcome.problem or "")
