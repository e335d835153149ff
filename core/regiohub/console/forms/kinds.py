"""How a type is asked for, how it is written into a field, and how it is read from one."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any, cast
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from .model import FieldKind, asked_of


def plain_type(annotation: Any) -> tuple[Any, bool]:
    """A type without ``None`` and ``Annotated``, and whether ``None`` is allowed."""
    if typing.get_origin(annotation) is typing.Annotated:
        return plain_type(typing.get_args(annotation)[0])
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(annotation) if part is not type(None)]
        inner = plain_type(parts[0])[0] if len(parts) == 1 else str
        return inner, len(parts) < len(typing.get_args(annotation))
    return annotation, False


def kind_of(field: FieldInfo) -> FieldKind:
    """The kind that a field's author chose, else the one of its type."""
    chosen = asked_of(field).get("kind")
    if chosen:
        return cast(FieldKind, chosen)
    kind, _ = plain_type(field.annotation)
    if typing.get_origin(kind) is typing.Literal:
        return "choice"
    if typing.get_origin(kind) in (list, tuple, set, frozenset):
        inner = (typing.get_args(kind) or (str,))[0]
        if isinstance(inner, type) and issubclass(inner, Enum):
            return "several"
        return "lines" if isinstance(inner, type) and issubclass(inner, str | int | float) else "json"
    if not isinstance(kind, type) or issubclass(kind, dict | BaseModel):
        return "json"
    for types_, found in _KINDS:
        if issubclass(kind, types_):
            return found
    return "text"


_KINDS: tuple[tuple[tuple[type, ...], FieldKind], ...] = (
    ((bool,), "check"), ((SecretStr,), "secret"), ((Enum,), "choice"), ((int, float), "number"),
    ((datetime,), "moment"), ((date,), "date"), ((time,), "time"),
)  # fmt: skip


def written(kind: FieldKind, value: Any, zone: ZoneInfo) -> str:
    """A value as it stands in a field. Secrets are never written."""
    if value is None or kind == "secret":
        return ""
    match kind:
        case "moment":
            return value.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value)
        case "time":
            return value.strftime("%H:%M") if isinstance(value, time) else str(value)
        case "lines":
            return "\n".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
        case "json" | "geometry":
            return value if isinstance(value, str) else _json(value)
        case _:
            return str(value.value) if isinstance(value, Enum) else str(value)


def _json(value: Any) -> str:
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return orjson.dumps(plain, option=orjson.OPT_INDENT_2, default=str).decode()


def read(kind: FieldKind, given: list[str], *, nullable: bool, zone: ZoneInfo) -> Any:
    """What a field says, for pydantic to validate. Raises ``ValueError`` for JSON that is none."""
    last = given[-1] if given else ""
    match kind:
        case "check":
            return last in ("on", "1", "true")
        case "several":
            return [part for part in given if part != ""]
        case "lines":
            return [line.strip() for line in last.splitlines() if line.strip()]
        case "json" | "geometry":
            return orjson.loads(last) if last.strip() else None
        case "number":
            # German keyboards write decimals with a comma.
            return last.strip().replace(",", ".") if last.strip() else None
        case "moment":
            return datetime.fromisoformat(last).replace(tzinfo=zone) if last.strip() else None
        case "date" | "time" | "choice":
            return last or None
        case _:
            return None if nullable and not last.strip() else last


def choices_of(field: FieldInfo) -> list[tuple[str, Any]]:
    """The values that a field offers: those its author gave, else the members of its enumeration."""
    given: Any = asked_of(field).get("choices")
    if given:
        return list(given)
    kind, _ = plain_type(field.annotation)
    if typing.get_origin(kind) is typing.Literal:
        return [(str(value), str(value)) for value in typing.get_args(kind)]
    if typing.get_origin(kind) in (list, tuple, set, frozenset):
        kind = (typing.get_args(kind) or (str,))[0]
    if isinstance(kind, type) and issubclass(kind, Enum):
        titles: Mapping[Any, Any] = getattr(kind, "TITLES", {}) or {}
        return [(str(m.value), getattr(m, "title_text", None) or titles.get(m.value, str(m.value))) for m in kind]
    return []
