"""Settings speak German and English: headings, explanations and the words of choices."""

from __future__ import annotations

from enum import Enum, StrEnum
from typing import Any, get_args

import pytest

from regiohub.api import PluginSettings, setting, t
from regiohub.plugins.host import PluginHost
from regiohub.plugins.setting import words_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Sample(PluginSettings):
    colour: Colour = setting(
        Colour.RED, t("Farbe", "Colour"), t("Welche.", "Which."), options={Colour.RED: t("rot", "red")}
    )
    most: int = setting(3, t("Höchstens", "At most"), t("Wie viele.", "How many."), ge=1, le=9)


def _enum_of(annotation: Any) -> type[Enum] | None:
    kinds = [annotation, *get_args(annotation)]
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)), None)


ALL = [
    (plugin.id, name, info)
    for plugin in PluginHost(allowed=("*",)).healthy.values()
    for name, info in plugin.settings.model_fields.items()
]


def test_a_setting_keeps_both_languages_and_its_bounds() -> None:
    words = words_of(Sample.model_fields["colour"])
    assert words is not None
    assert (words.title, words.help) == (t("Farbe", "Colour"), t("Welche.", "Which."))
    assert words.options == {"red": t("rot", "red")}
    schema = Sample.model_json_schema()["properties"]["most"]
    assert {name: schema[name] for name in ("title", "description", "minimum", "maximum", "default")} == {
        "title": "Höchstens", "description": "Wie viele.", "minimum": 1, "maximum": 9, "default": 3,
    }  # fmt: skip
    assert schema["x-regiohub"] == {"title": ["Höchstens", "At most"], "help": ["Wie viele.", "How many."]}


def test_all_four_plugins_have_settings() -> None:
    assert {plugin for plugin, _, _ in ALL} >= {"atlas", "booking", "health_directory", "lorawan"}


@pytest.mark.parametrize(("plugin", "name", "info"), ALL, ids=[f"{plugin}.{name}" for plugin, name, _ in ALL])
def test_every_setting_of_every_plugin_speaks_both_languages(plugin: str, name: str, info: Any) -> None:
    words = words_of(info)
    assert words is not None, "write it with regiohub.api.setting"
    assert words.title.de != words.help.de
    choices = _enum_of(info.annotation)
    if choices is not None:
        assert set(words.options) == {str(choice.value) for choice in choices}
