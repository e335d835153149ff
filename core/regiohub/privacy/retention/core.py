"""What the platform itself keeps in a town, and how long: declared like the data of any plugin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from regiohub.db.base import TenantTable
from regiohub.events.models import EntryState, OutboxEntry
from regiohub.plugins.data import DataCategory
from regiohub.plugins.expiry import Expiry
from regiohub.texts import Text, t
from regiohub.work import Work, WorkState

if TYPE_CHECKING:
    from regiohub.settings import Settings

MODELS: Final[Mapping[str, type[TenantTable]]] = {"core_outbox": OutboxEntry, "core_work": Work}
DONE_KEPT: Final = timedelta(days=7)
"""How long finished entries of the outbox stay, and with them the keys of tasks."""
DEAD_KEPT: Final = timedelta(days=90)
"""How long what was given up waits for somebody to try it again."""
WAITING_KEPT: Final = timedelta(days=365)
"""How long work waits for a plugin that is off or missing."""
WORK_KEPT: Final = timedelta(days=90)
MAILS_KEPT: Final = timedelta(days=30)
MAILS: Final = "mails"
"""Category of mails in files: no table holds them."""


def core_categories(settings: Settings) -> Sequence[DataCategory]:
    """The categories, those of people first."""
    return (
        DataCategory(
            "sign_ins", t("Anmeldungen an der Konsole", "Sign-ins to the console"), personal=True,
            kept=_until_signed_out(settings.session_idle_minutes, settings.session_hours),
        ),
        _outbox(
            "outbox_done", t("Erledigte Aufträge und Mails", "Work and mails that are done"), DONE_KEPT, "finished_at",
            EntryState.DONE,
        ),
        _outbox(
            "outbox_dead", t("Liegengebliebene Aufträge und Mails", "Work and mails that were given up"), DEAD_KEPT,
            "finished_at", EntryState.DEAD,
        ),
        _outbox(
            "outbox_waiting",
            t("Aufträge und Mails für ausgeschaltete Plugins", "Work and mails for plugins that are off"),
            WAITING_KEPT, "created_at", EntryState.WAITING,
        ),
        DataCategory(
            MAILS, t("Mails, die als Datei statt an einen Mailserver gehen", "Mails written to files, not sent"),
            personal=True, retention=MAILS_KEPT,
        ),
        DataCategory(
            "settings", t("Ansprechpersonen in Einstellungen", "Contacts in settings"), personal=True,
            kept=t("Solange sie eingetragen sind.", "As long as they are entered."), tables=("core_plugin_setting",),
        ),
        DataCategory(
            "measures", t("Verantwortliche von Maßnahmen", "Persons in charge of measures"), personal=True,
            kept=t("Solange die Maßnahme sie nennt.", "As long as the measure names them."), tables=("core_measure",),
        ),
        DataCategory(
            "audit", t("Protokoll", "Audit log"), personal=True,
            kept=t(
                "Solange die Kommune auf der Plattform ist; Personen nur als Deckname.",
                "As long as the town is on the platform; persons as pseudonyms only.",
            ),
            tables=("core_audit",),
        ),
        DataCategory(
            "consents", t("Datenfreigaben", "Consents to share data"), personal=True,
            kept=t(
                "Als Nachweis, auch nach dem Widerruf; wer sie gab, nur als Deckname.",
                "As evidence, after a withdrawal too; who gave them as a pseudonym only.",
            ),
            tables=("core_consent",),
        ),
        DataCategory(
            "work", t("Verlauf langer Arbeiten", "Progress of long works"), personal=False, retention=WORK_KEPT,
            expiries=(
                Expiry("core_work", counted_from=("finished_at",), unless={"state": (WorkState.RUNNING,)}),
            ),
        ),
    )  # fmt: skip


def _outbox(id: str, title: Text, kept: timedelta, counted_from: str, state: EntryState) -> DataCategory:
    others = tuple(other for other in EntryState if other is not state)
    expiry = Expiry("core_outbox", counted_from=(counted_from,), unless={"state": others})
    return DataCategory(id, title, personal=True, retention=kept, expiries=(expiry,))


def _until_signed_out(minutes: int, hours: float) -> Text:
    return t(
        f"Bis zur Abmeldung; ohne Benutzung {minutes} Minuten, höchstens {hours:g} Stunden.",
        f"Until signed out; {minutes} minutes without use, {hours:g} hours at most.",
    )
