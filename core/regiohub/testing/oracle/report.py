"""A difference in words that lead to its cause: document, values, and the statement behind the field."""

from __future__ import annotations

from typing import Any

import orjson

from .run import Compared


def explained(compared: Compared) -> str:
    """Everything that is needed to look for the fault; the document can be run again as it stands here."""
    found = compared.difference
    assert found is not None
    lines = [
        f"The plan answers otherwise than the ordinary executor at {found.where or 'the whole answer'}: {found.what}.",
        f"  plan:     {_shown(found.left)}",
        f"  ordinary: {_shown(found.right)}",
        f"town: {compared.town}",
        f"variables: {orjson.dumps(compared.variables, default=str).decode()}",
        "document:",
        compared.document,
        *_behind(compared),
    ]
    return "\n".join(lines)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 2000 else f"{text[:2000]}…"


def _behind(compared: Compared) -> list[str]:
    """The way and the statements of the part of the plan in which the difference lies."""
    found = compared.difference
    fields = getattr(compared.plan, "fields", ())
    if found is None or not fields:
        return []
    keys = [str(part) for part in found.response_path if isinstance(part, str)]
    fitting = [entry for entry in fields if keys[: len(entry.path.split("."))] == entry.path.split(".")]
    lines: list[str] = []
    for entry in fitting or fields:
        reason = f" ({entry.reason})" if entry.reason else ""
        lines += [f"field {entry.path}: {entry.way}{reason}", *entry.sql]
    return lines
