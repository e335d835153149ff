"""Words of the pages that stand for values."""

from typing import Final

from regiohub.texts import Language, Text, t

STATUS: Final[dict[str, Text]] = {
    "planned": t("geplant", "planned"),
    "running": t("läuft", "running"),
    "paused": t("ruht", "paused"),
    "finished": t("abgeschlossen", "finished"),
    "cancelled": t("eingestellt", "cancelled"),
}
"""Status of a measure."""


def number(value: float, spoken: Language) -> str:
    """A number with the thousands marks of the language: 187.310 or 187,310."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return text if spoken == "en" else text.translate(str.maketrans(",.", ".,"))


def term(first: int | None, last: int | None, spoken: Language) -> str | None:
    """The years of a measure; ``None`` if neither is known."""
    if first and last:
        return str(first) if first == last else f"{first}–{last}"
    if first:
        return f"seit {first}" if spoken == "de" else f"since {first}"
    if last:
        return f"bis {last}" if spoken == "de" else f"until {last}"
    return None
