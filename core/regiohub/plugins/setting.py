"""One setting of a plugin, said in German and English: what its form, its check and its documentation come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, cast

from pydantic import Field
from pydantic.fields import FieldInfo

from regiohub.texts import Text, t

SettingKind = Literal["textarea", "code", "email", "colour"]
"""How a text is entered, where a single line is not right."""
_WORDS = "x-regiohub"


@dataclass(frozen=True, slots=True)
class SettingWords:
    """What people read about a setting. `options`: words of an enum's values; those without stand for themselves."""

    title: Text
    help: Text
    options: Mapping[str, Text] = field(default_factory=dict[str, Text])
    kind: SettingKind | None = None
    goes_to: tuple[str, ...] = ()


def setting(
    default: Any,
    title: Text,
    help: Text,
    *,
    options: Mapping[Any, Text] | None = None,
    kind: SettingKind | None = None,
    goes_to: tuple[str, ...] = (),
    **bounds: Any,
) -> Any:
    """A field of `PluginSettings`: `limit: int = setting(10, t("Höchstens", "At most"), t("…", "…"), ge=1, le=50)`.

    `title` and `help` head and explain the field in the console's form; `options` are the words of an enum's values.
    `goes_to` of a secret names the settings that say where it is sent: whoever changes one of them has to know the
    secret. `bounds` are pydantic's (`ge`, `le`, `min_length`, `pattern` …). In the JSON schema title and description
    are German, as everywhere; the English ones stand beside them under `x-regiohub`.
    """
    words: dict[str, Any] = {"title": _pair(title), "help": _pair(help)}
    if options:
        words["options"] = {_key(value): _pair(text) for value, text in options.items()}
    if kind:
        words["kind"] = kind
    if goes_to:
        words["goes_to"] = list(goes_to)
    return Field(default, title=title.de, description=help.de, json_schema_extra={_WORDS: words}, **bounds)


def words_of(info: FieldInfo) -> SettingWords | None:
    """The words that `setting` was given; None for a field that was made in another way."""
    extra = info.json_schema_extra
    words = cast("Mapping[str, Any] | None", extra.get(_WORDS)) if isinstance(extra, dict) else None
    if words is None:
        return None
    options = {value: t(*pair) for value, pair in words.get("options", {}).items()}
    return SettingWords(
        t(*words["title"]), t(*words["help"]), options, words.get("kind"), tuple(words.get("goes_to", ()))
    )


def _pair(text: Text) -> list[str]:
    return [text.de, text.en]


def _key(value: object) -> str:
    return str(value.value) if isinstance(value, StrEnum) else str(value)
