"""What a check of the log can find, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from regiohub.texts import Text, t


class FaultKind(StrEnum):
    """Kinds of faults."""

    ENTRY_CHANGED = "entry_changed"
    ENTRY_MISSING = "entry_missing"
    ENTRY_INSERTED = "entry_inserted"
    ENTRY_UNREADABLE = "entry_unreadable"
    ENTRY_SEALED_TWICE = "entry_sealed_twice"
    SEAL_MISSING = "seal_missing"
    SEAL_CHANGED = "seal_changed"
    SEAL_UNREADABLE = "seal_unreadable"
    SIGNATURE_WRONG = "signature_wrong"
    KEY_UNKNOWN = "key_unknown"
    KEY_FORGED = "key_forged"
    TOWN_WRONG = "town_wrong"
    CUT_OFF = "cut_off"
    HEAD_DIFFERS = "head_differs"
    HEAD_FOREIGN = "head_foreign"


WORDS: dict[FaultKind, Text] = {
    FaultKind.ENTRY_CHANGED: t(
        "Ein Eintrag wurde nach dem Versiegeln geändert.", "An entry was changed after it had been sealed."
    ),
    FaultKind.ENTRY_MISSING: t("Ein versiegelter Eintrag fehlt.", "A sealed entry is missing."),
    FaultKind.ENTRY_INSERTED: t(
        "Ein Eintrag ist nachträglich zwischen versiegelte gekommen oder trägt eine Zeit, die noch nicht da ist.",
        "An entry came in between sealed ones afterwards, or bears a time that has not come yet.",
    ),
    FaultKind.ENTRY_UNREADABLE: t(
        "Ein Eintrag enthält, was Regio.hub nie schreibt.", "An entry holds what Regio.hub never writes."
    ),
    FaultKind.ENTRY_SEALED_TWICE: t("Ein Eintrag ist zweimal versiegelt.", "An entry is sealed twice."),
    FaultKind.SEAL_MISSING: t("Ein Siegel fehlt in der Kette.", "A seal is missing in the chain."),
    FaultKind.SEAL_CHANGED: t("Ein Siegel wurde geändert.", "A seal was changed."),
    FaultKind.SEAL_UNREADABLE: t("Ein Siegel ist nicht lesbar.", "A seal cannot be read."),
    FaultKind.SIGNATURE_WRONG: t(
        "Die Unterschrift unter einem Siegel ist falsch.", "The signature of a seal is wrong."
    ),
    FaultKind.KEY_UNKNOWN: t(
        "Ein Siegel ist mit einem Schlüssel unterschrieben, der hier nicht gilt.",
        "A seal is signed with a key that does not count here.",
    ),
    FaultKind.KEY_FORGED: t(
        "Ein früherer Schlüssel ist eingetragen, den niemand Befugtes anerkannt hat.",
        "An earlier key is listed that nobody entitled has accepted.",
    ),
    FaultKind.TOWN_WRONG: t("Ein Siegel gehört zu einer anderen Kommune.", "A seal belongs to another town."),
    FaultKind.CUT_OFF: t(
        "Das Ende des Protokolls fehlt: Ein aufbewahrter Stand reicht weiter.",
        "The end of the log is missing: a head that was kept reaches further.",
    ),
    FaultKind.HEAD_DIFFERS: t(
        "Das Protokoll passt nicht zu einem aufbewahrten Stand.", "The log does not fit a head that was kept."
    ),
    FaultKind.HEAD_FOREIGN: t(
        "Der aufbewahrte Stand ist mit einem Schlüssel unterschrieben, der hier nicht gilt, oder gehört zu einer "
        "anderen Kommune.",
        "The head that was kept is signed with a key that does not count here, or belongs to another town.",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and where it is. ``position`` counts entries in the chain from 1."""

    kind: FaultKind
    seal: int | None = None
    position: int | None = None
    entry: UUID | None = None
    expected: str | None = None
    found: str | None = None

    @property
    def words(self) -> Text:
        """The fault, in a sentence."""
        return WORDS[self.kind]

    @property
    def where(self) -> Text:
        """Its place: seal, position, entry."""
        parts = (
            (self.seal, "Siegel", "seal"), (self.position, "Position", "position"), (self.entry, "Eintrag", "entry"),
        )  # fmt: skip
        known = [(value, de, en) for value, de, en in parts if value is not None]
        if not known:
            return t("ohne bestimmten Ort", "no certain place")
        return Text(
            ", ".join(f"{de} {value}" for value, de, _ in known), ", ".join(f"{en} {value}" for value, _, en in known)
        )
