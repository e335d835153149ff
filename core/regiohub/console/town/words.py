"""Words of the town's pages that stand for values."""

from __future__ import annotations

from typing import Final

from regiohub.auth.principal import PrincipalKind
from regiohub.console.listing import Cell, Tone
from regiohub.tenancy.indicators.models import Direction, ImpactKind
from regiohub.tenancy.indicators.progress import Standing
from regiohub.tenancy.indicators.reading import IndicatorView
from regiohub.tenancy.plugin_settings.service import SettingSource
from regiohub.texts import Text, t
from regiohub.web.pages.words import STATUS

KINDS: Final = {
    ImpactKind.INPUT: t("Einsatz", "Input"),
    ImpactKind.OUTPUT: t("Leistung", "Output"),
    ImpactKind.OUTCOME: t("Wirkung", "Outcome"),
    ImpactKind.IMPACT: t("Nutzen für die Stadt", "Impact"),
}
"""The impact chain: what is put in, what is made, what it changes, what it is for."""
DIRECTIONS: Final = {
    Direction.UP: t("größer ist besser", "larger is better"),
    Direction.DOWN: t("kleiner ist besser", "smaller is better"),
}
STANDINGS: Final[dict[Standing, tuple[Text, Tone]]] = {
    Standing.UNKNOWN: (t("noch kein Wert", "no figure yet"), "warn"),
    Standing.OBSERVED: (t("wird beobachtet", "observed"), "info"),
    Standing.UNDERWAY: (t("unterwegs", "under way"), "info"),
    Standing.REACHED: (t("erreicht", "reached"), "good"),
    Standing.OVERDUE: (t("überfällig", "overdue"), "bad"),
}
STATUS_TONES: Final[dict[str, Tone]] = {
    "planned": "info",
    "running": "good",
    "paused": "warn",
    "finished": "plain",
    "cancelled": "plain",
}
SOURCES: Final[dict[SettingSource, tuple[Text, Tone]]] = {
    SettingSource.DEFAULT: (t("Vorgabe", "default"), "plain"),
    SettingSource.FILE: (t("aus der Datei der Kommune", "from the town's file"), "info"),
    SettingSource.CONSOLE: (t("hier geändert", "changed here"), "warn"),
}
ACTORS: Final = {
    PrincipalKind.REGIONAL: t("Region", "region"),
    PrincipalKind.PERSON: t("Person", "person"),
    PrincipalKind.MACHINE: t("Programm", "program"),
    PrincipalKind.SYSTEM: t("Regio.hub selbst", "Regio.hub itself"),
    PrincipalKind.ANONYMOUS: t("ohne Anmeldung", "not signed in"),
}


def status_cell(status: str | None) -> Cell | None:
    """The status of a measure as a badge; None where the town states none."""
    if not status:
        return None
    return Cell(STATUS.get(status, status), badge=STATUS_TONES.get(status, "plain"))


def standing_cell(view: IndicatorView) -> Cell:
    """How an indicator stands, as a badge."""
    words, tone = STANDINGS[view.standing]
    return Cell(words, badge=tone)


def share(value: float | None) -> Text | None:
    """A share from 0 to 1 in percent."""
    return None if value is None else Text(f"{round(value * 100)} %", f"{round(value * 100)}%")
