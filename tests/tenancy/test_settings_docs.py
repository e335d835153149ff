"""The page on settings says what is true: its code runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from regiohub.console.town.settings import form_of
from regiohub.plugins.manifest import Plugin
from regiohub.plugins.setting import words_of
from regiohub.testing import World
from regiohub.texts import t

PAGE = (Path(__file__).parents[2] / "docs/how-to/settings-in-the-console.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_settings_of_the_page_become_a_form() -> None:
    room: dict[str, Any] = {"__name__": "library_settings"}
    exec(compile(block("python"), "settings.py", "exec", dont_inherit=True), room)
    model = room["LibrarySettings"]
    assert all(words_of(info) for info in model.model_fields.values())
    plugin = Plugin("library", t("Bücherei", "Library"), t("Leihen.", "Lending."), settings=model)
    form = form_of(plugin)
    assert set(form.model_fields) == {"loan_days", "reminder", "catalogue_key"}
    assert form.model_validate({"loan_days": "7", "reminder": "letter"}).model_dump() == {
        "loan_days": 7, "reminder": room["Reminder"].LETTER, "catalogue_key": None,
    }  # fmt: skip


async def test_the_mutations_of_the_page_run(world_sqlite: World) -> None:
    answer = await world_sqlite.graphql("potsdam", block("graphql"), roles=["tenant-admin"])
    assert answer.errors == []
    changed = {entry["name"]: entry for entry in answer.data["changePluginSettings"]["settings"]}
    assert changed["hold_minutes"]["value"] == 20
    assert answer.data["resetPluginSettings"]["errors"] == []
