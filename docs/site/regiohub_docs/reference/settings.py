"""The platform's settings by their environment names, and the settings of every plugin in both languages."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from regiohub.plugins.manifest import Plugin
from regiohub.plugins.setting import words_of
from regiohub.settings import IssuerSettings, Settings
from regiohub_docs.reference.installation import plugins, readme_of
from regiohub_docs.reference.markdown import blocks, code, page, table

_GROUP = re.compile(r"^    # (.+)$|^    (\w+): ", re.MULTILINE)
_KINDS: Mapping[Any, str] = {
    str: "text", int: "whole number", float: "number", bool: "yes or no", timedelta: "duration (ISO 8601)",
    SecretStr: "secret",
}  # fmt: skip
_PLURALS: Mapping[Any, str] = {str: "texts", int: "whole numbers", float: "numbers", date: "dates"}
_PLATFORM = """\
Settings of the whole installation come from environment variables or a file `.env` in the folder where `regiohub` is
started. All have a default, so that the embedded platform runs with nothing configured; where a default would be
unsafe, `REGIOHUB_ENVIRONMENT=production` refuses to start and says which one. `regiohub doctor --settings` shows
the values in force, secrets as stars. An empty variable counts as given: leave out what should keep its default."""
_TOWNS = """\
Each town sets these for itself: the default counts until [`tenant.toml`](tenant-toml.md) or the
[console](../how-to/settings-in-the-console.md) says otherwise. In `tenant.toml` they stand under
`[plugins.<id>]`; secrets are set in the console or by GraphQL only and are never shown again."""


def pages() -> Mapping[str, str]:
    """The page of all settings."""
    groups = [blocks(f"### {title}", _platform(names)) for title, names in platform_groups()]
    issuers = blocks(
        "### One entry of `REGIOHUB_ISSUERS`",
        "The variable holds a JSON list of objects with these keys.",
        table(
            ("key", "value", "default", "meaning"),
            ((code(k), _kind(f), _default(f), f.description or "") for k, f in IssuerSettings.model_fields.items()),
        ),
    )
    towns = [_plugin(plugin) for plugin in plugins() if plugin.settings.model_fields]
    return {
        "settings.md": page(
            "Settings",
            "`core/regiohub/settings.py` and the plugins' `settings.py`",
            "## The platform", _PLATFORM, *groups, issuers, "## Plugins, per town", _TOWNS, *towns,
        )
    }  # fmt: skip


def environment_name(field: str) -> str:
    """The variable that sets a field of the platform's settings."""
    return f"{Settings.model_config.get('env_prefix', '')}{field}".upper()


def platform_groups() -> Iterator[tuple[str, Sequence[str]]]:
    """The platform's fields in their order, under the headings of the class."""
    title, names = "", list[str]()
    for heading, name in _GROUP.findall(inspect.getsource(Settings)):
        if heading:
            if names:
                yield title, names
            title, names = heading, []
        elif name in Settings.model_fields:
            names.append(name)
    yield title, names


def _platform(names: Sequence[str]) -> str:
    fields = ((name, Settings.model_fields[name]) for name in names)
    return table(
        ("variable", "value", "default", "meaning"),
        ((code(environment_name(name)), _kind(f) + _bounds(f), _default(f), f.description or "") for name, f in fields),
    )


def _plugin(plugin: Plugin) -> str:
    rows = (
        (code(name), _kind(f) + _bounds(f), _default(f), _words(f)) for name, f in plugin.settings.model_fields.items()
    )
    return blocks(
        f"### {plugin.title.en} (`{plugin.id}`)",
        f"{readme_of(plugin.id)}: {plugin.description.en}",
        table(("key", "value", "default", "meaning (German, English)"), rows),
    )


def _words(info: FieldInfo) -> str:
    words = words_of(info)
    if words is None:
        return info.description or ""
    options = "; ".join(f"`{value}`: {text.de} / {text.en}" for value, text in words.options.items())
    return (
        f"**{words.title.de}**: {words.help.de} <br>**{words.title.en}**: {words.help.en}"
        + (f" <br>{options}" if options else "")
    )  # fmt: skip


def _kind(info: FieldInfo) -> str:
    return _kind_of(info.annotation)


def _kind_of(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return " or ".join(_kind_of(part) for part in arguments if part is not type(None))
    if origin is Literal:
        return ", ".join(code(value) for value in arguments)
    if origin in (tuple, list, frozenset, set):
        return "JSON list, see below" if issubclass(arguments[0], BaseModel) else f"list of {_PLURALS[arguments[0]]}"
    if origin is dict:
        return "JSON object"
    if isinstance(annotation, type):
        if annotation in _KINDS:
            return _KINDS[annotation]
        if issubclass(annotation, Enum):
            return ", ".join(code(member.value) for member in annotation)
        return {"Path": "path", "date": "date", "time": "time", "Decimal": "number"}.get(
            annotation.__name__, annotation.__name__
        )
    return str(annotation)


def _bounds(info: FieldInfo) -> str:
    limits = {
        name: getattr(mark, name) for mark in info.metadata for name in ("ge", "gt", "le", "lt") if hasattr(mark, name)
    }
    low = limits.get("ge", limits.get("gt"))
    high = limits.get("le", limits.get("lt"))
    if low is not None and high is not None:
        return f", {_shown(low)} to {_shown(high)}"
    if low is not None:
        return f", {'at least' if 'ge' in limits else 'above'} {_shown(low)}"
    return f", at most {_shown(high)}" if high is not None else ""


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "needed"
    value = info.get_default(call_default_factory=True)
    if isinstance(value, SecretStr):
        return "" if not value.get_secret_value() else "set"
    if isinstance(value, tuple | list | frozenset):
        return code(", ".join(str(_shown(part)) for part in value))
    return "" if value in (None, "", {}) else code(_shown(value))


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, timedelta):
        return f"{value.days} days" if value.seconds == 0 else f"{value.total_seconds():g} s"
    return f"{value:g}" if isinstance(value, float) else value
