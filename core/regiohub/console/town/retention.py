"""The list of what is kept how long, on the page about data protection."""

from __future__ import annotations

from typing import Any, Final

from regiohub.console.listing import Cell, Column, Listing
from regiohub.texts import Text, t


def _what(row: Any) -> Cell:
    kind = t("personenbezogen", "personal") if row.personal else t("nicht personenbezogen", "not personal")
    note = Text(f"{row.plugin_title.de}, {kind.de}", f"{row.plugin_title.en}, {kind.en}")
    if not row.switched_on:
        note = Text(f"{note.de}; Plugin ausgeschaltet", f"{note.en}; plugin is off")
    return Cell(row.title, note=note)


def _how_long(row: Any) -> Any:
    if row.days is None:
        return row.kept or t("ohne feste Frist", "no fixed time")
    words = t("1 Tag", "1 day") if row.days == 1 else t(f"{row.days} Tage", f"{row.days} days")
    return Cell(words, note=t("in den Einstellungen wählbar", "chosen in the settings")) if row.changeable else words


def _due(row: Any) -> Any:
    if not row.due:
        return "–" if row.days is None else "0"
    note = t(f"davon {row.due_emptied} ohne die Person weitergeführt", f"{row.due_emptied} of them kept without person")
    return Cell(row.due, badge="info", note=note) if row.due_emptied else Cell(row.due, badge="info")


KEPT: Final = Listing(
    "kept",
    t("Aufbewahrung", "Retention"),
    columns=(
        Column("what", t("Was", "What"), _what),
        Column("time", t("Wie lange", "How long"), _how_long),
        Column("due", t("Frist abgelaufen", "Time has passed"), _due, numeric=True),
        Column("next", t("Nächste Löschung", "Next deletion"), lambda row: row.next_on or "–"),
    ),
)
