"""What a plugin's settings model asks for, field by field, and how stored values become a model again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, get_args

from pydantic import SecretStr, ValidationError
from pydantic.fields import FieldInfo

from regiohub.plugins.manifest import PluginSettings
from regiohub.plugins.setting import SettingWords, words_of
from regiohub.texts import Text

S = TypeVar("S", bound=PluginSettings)
HIDDEN: Final = "•••"
"""What stands in the log in place of a secret."""


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting: its name, its words, and pydantic's record of type and bounds. Secrets are never shown."""

    name: str
    words: SettingWords
    info: FieldInfo
    secret: bool


def fields_of(model: type[PluginSettings]) -> Sequence[SettingField]:
    """The settings of a model in their order. One that was declared without words is headed by its name."""
    return [
        SettingField(name, words_of(info) or _plain_words(name, info), info, holds_secret(info.annotation))
        for name, info in model.model_fields.items()
    ]


def holds_secret(annotation: Any) -> bool:
    """Whether a type is or contains a secret (`SecretStr | None`, `list[SecretStr]`)."""
    return annotation is SecretStr or any(holds_secret(part) for part in get_args(annotation))


def fitting(model: type[S], values: Mapping[str, Any]) -> tuple[S, frozenset[str]]:
    """The model made of those stored values that still fit, and the names of those that do not.

    A plugin's new version may know other bounds than the one the values were stored for.
    """
    kept, left_out = dict(values), frozenset[str]()
    while True:
        try:
            return model.model_validate(kept), left_out
        except ValidationError as error:
            bad = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} & kept.keys()
            # A fault of the whole names no field: then nothing of what is stored can be trusted.
            left_out |= bad or kept.keys()
            kept = {name: value for name, value in kept.items() if name not in bad} if bad else {}


def _plain_words(name: str, info: FieldInfo) -> SettingWords:
    title = info.title or name
    meaning = info.description or title
    return SettingWords(Text(title, title), Text(meaning, meaning))
