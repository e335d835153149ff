"""What callers give to add or change objectives, indicators and figures, and the rules it is held to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from regiohub.errors import InvalidInput
from regiohub.texts import t

from .models import Direction

LONGEST_TITLE: Final = 200
LONGEST_UNIT: Final = 40
LONGEST_NOTE: Final = 1000

OBJECTIVE: Final = ("title", "title_en", "position")
INDICATOR: Final = (
    "objective_id", "kind", "title", "title_en", "unit", "start_value", "target_value", "direction", "due",
    "published", "position",
)  # fmt: skip


def checked_objective(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as rows keep them. Raises ``InvalidInput``."""
    found = {name: values[name] for name in OBJECTIVE if name in values}
    _titles(found)
    return found


def checked_indicator(present: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as rows keep them; together with the present ones they must make sense. Raises ``InvalidInput``."""
    found = {name: values[name] for name in INDICATOR if name in values}
    _titles(found)
    if "unit" in found:
        found["unit"] = text("unit", found["unit"], LONGEST_UNIT) or ""
    for name in ("start_value", "target_value"):
        if found.get(name) is not None:
            found[name] = number(name, found[name])
    whole = {**present, **found}
    start, target = whole.get("start_value"), whole.get("target_value")
    if start is not None and target is not None:
        if start == target:
            raise InvalidInput(
                t("Der Zielwert gleicht dem Ausgangswert.", "The target equals the start."), field="target_value"
            )
        if (target > start) != (whole.get("direction") == Direction.UP):
            raise InvalidInput(
                t("Ausgangs- und Zielwert zeigen in die andere Richtung.", "Start and target point the other way."),
                field="direction",
            )
    return found


def number(field: str, value: float) -> float:
    """A finite number. Raises ``InvalidInput``."""
    if not math.isfinite(value):
        raise InvalidInput(t("Hier muss eine Zahl stehen.", "This must be a number."), field=field)
    return float(value)


def text(field: str, value: str | None, most: int) -> str | None:
    """A trimmed text; None if it is empty. Raises ``InvalidInput`` if it is too long."""
    found = (value or "").strip()
    if len(found) > most:
        raise InvalidInput(
            t(f"Der Text ist länger als {most} Zeichen.", f"The text is longer than {most} characters."), field=field
        )
    return found or None


def _titles(found: dict[str, Any]) -> None:
    if "title" in found:
        title = text("title", found["title"], LONGEST_TITLE)
        if title is None:
            raise InvalidInput(t("Bitte einen Titel angeben.", "Please give a title."), field="title")
        found["title"] = title
    if "title_en" in found:
        found["title_en"] = text("title_en", found["title_en"], LONGEST_TITLE)
