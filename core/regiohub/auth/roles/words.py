"""Names of roles for people, and what each is for."""

from __future__ import annotations

from typing import Final, NamedTuple

from regiohub.auth.permissions import CITIZEN, MACHINE, TENANT_ADMIN
from regiohub.texts import Text, t


class RoleWords(NamedTuple):
    """Title of a role and one sentence about it."""

    title: Text
    text: Text


WORDS: Final = {
    TENANT_ADMIN: RoleWords(
        t("Administration der Kommune", "Town administration"),
        t(
            "Darf in dieser Kommune alles: Plugins, Einstellungen, Personen, Freigaben.",
            "May do everything in this town: plugins, settings, people, sharing.",
        ),
    ),
    "editor": RoleWords(
        t("Redaktion", "Editor"),
        t("Pflegt die Inhalte der Fachplugins.", "Looks after the contents of the plugins."),
    ),
    "coordinator": RoleWords(
        t("Koordination", "Coordinator"),
        t(
            "Bearbeitet Anfragen, Beteiligungen und Vorschläge.",
            "Handles requests, participation and suggestions.",
        ),
    ),
    "caretaker": RoleWords(
        t("Betreuung vor Ort", "Caretaker"),
        t("Betreut Räume und Geräte vor Ort.", "Looks after rooms and devices on site."),
    ),
    "auditor": RoleWords(
        t("Revision", "Auditor"),
        t("Liest das Protokoll und ändert nichts.", "Reads the audit log and changes nothing."),
    ),
    CITIZEN: RoleWords(
        t("Angemeldete Person", "Signed-in person"),
        t("Sieht und ändert nur Eigenes.", "Sees and changes only what is his or her own."),
    ),
    MACHINE: RoleWords(
        t("Programm", "Program"),
        t("Ein Zugang für Programme, nicht für Menschen.", "An access for programs, not for people."),
    ),
    "regional-admin": RoleWords(
        t("Administration der Region", "Regional administration"),
        t(
            "Verwaltet Kommunen, Plugins, Freigaben und Betrieb, sieht aber keine Daten einer Kommune.",
            "Administers towns, plugins, sharing and operation, but sees no town's data.",
        ),
    ),
    "regional-auditor": RoleWords(
        t("Revision der Region", "Regional auditor"),
        t("Liest die Verwaltung der Region.", "Reads the region's administration."),
    ),
}


def plugin_admin_words(plugin: Text) -> RoleWords:
    """Words for the role that has everything of one plugin."""
    return RoleWords(
        t(f"Leitung {plugin.de}", f"{plugin.en} manager"),
        t(f"Darf alles im Plugin {plugin.de}.", f"May do everything in the plugin {plugin.en}."),
    )
