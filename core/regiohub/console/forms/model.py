"""Models of forms: a pydantic model whose fields carry words in both languages."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from regiohub.texts import Text

ASKED = "asked"
FieldKind = Literal[
    "text", "textarea", "code", "json", "number", "check", "date", "time", "moment", "choice", "several", "lines",
    "secret", "geometry", "colour", "email", "hidden",
]  # fmt: skip


class FormModel(BaseModel):
    """Base of forms. White space around words is cut, unknown fields of the request are ignored."""

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore", hide_input_in_errors=True)


def asked(
    title: Text,
    *,
    default: Any = PydanticUndefined,
    help: Text | None = None,
    kind: FieldKind | None = None,
    unit: str | None = None,
    rows: int | None = None,
    choices: tuple[tuple[str, Text | str], ...] = (),
    **rules: Any,
) -> Any:
    """A field of a form: its label, a hint below it, how it is asked for, and pydantic's rules (`ge`, `max_length`).

    `kind` follows from the type where it is left out: words, numbers, yes or no, days, times, members of an
    enumeration, lists (one entry a line), secrets. `unit` is shown behind a number.
    """
    extra = {"title": title, "help": help, "kind": kind, "unit": unit, "rows": rows, "choices": choices}
    return Field(default=default, json_schema_extra={ASKED: extra}, **rules)  # pyright: ignore[reportArgumentType, reportCallIssue]


def asked_of(field: FieldInfo) -> dict[str, Any]:
    """What ``asked`` kept at a field; empty for a plain pydantic field."""
    extra = field.json_schema_extra
    found: Any = extra.get(ASKED) if isinstance(extra, dict) else None
    return found if isinstance(found, dict) else {}
