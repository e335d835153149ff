"""The sentence of an entry, in German and English, written when it happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regiohub.texts import Text, t

CORE_ACTIONS: Mapping[str, Text] = {
    "tenant.plugin_enabled": t("Plugin eingeschaltet", "Plugin switched on"),
    "tenant.plugin_disabled": t("Plugin ausgeschaltet", "Plugin switched off"),
    "tenant.plugin_purged": t("Daten eines Plugins ausgegeben und gelöscht", "Data of a plugin handed out and deleted"),
    "tenant.subject_looked_up": t("Daten zu einer Person gesucht", "Data on a person looked up"),
    "tenant.subject_exported": t("Daten zu einer Person herausgegeben", "Data on a person handed out"),
    "tenant.subject_erased": t("Daten zu einer Person gelöscht", "Data on a person erased"),
    "tenant.subject_erased_again": t(
        "Person nach einer Wiederherstellung erneut gelöscht", "Person erased again after a restore"
    ),
    "tenant.retention_applied": t("Daten nach Ablauf ihrer Frist gelöscht", "Data deleted whose time has passed"),
    "tenant.measures_changed": t("Maßnahmen geändert", "Measures changed"),
    "tenant.measure_added": t("Maßnahme hinzugefügt", "Measure added"),
    "tenant.measure_changed": t("Maßnahme geändert", "Measure changed"),
    "tenant.measure_retired": t("Maßnahme aus dem Programm genommen", "Measure taken out of the portfolio"),
    "tenant.measure_restored": t("Maßnahme wieder aufgenommen", "Measure brought back"),
    "tenant.objective_added": t("Ziel hinzugefügt", "Objective added"),
    "tenant.objective_changed": t("Ziel geändert", "Objective changed"),
    "tenant.objective_deleted": t("Ziel gelöscht", "Objective deleted"),
    "tenant.indicator_added": t("Indikator hinzugefügt", "Indicator added"),
    "tenant.indicator_changed": t("Indikator geändert", "Indicator changed"),
    "tenant.indicator_deleted": t("Indikator mit seinen Werten gelöscht", "Indicator deleted with its figures"),
    "tenant.figure_recorded": t("Wert eingetragen", "Figure recorded"),
    "tenant.figure_deleted": t("Wert gelöscht", "Figure deleted"),
    "tenant.branding_changed": t("Erscheinungsbild geändert", "Branding changed"),
    "tenant.settings_changed": t("Einstellungen geändert", "Settings changed"),
    "tenant.member_invited": t("Person eingeladen", "Person invited"),
    "tenant.member_reminded": t("Einladung wiederholt", "Invitation repeated"),
    "tenant.member_removed": t("Person entfernt", "Person removed"),
    "tenant.role_granted": t("Rolle vergeben", "Role granted"),
    "tenant.role_revoked": t("Rolle entzogen", "Role taken away"),
    "tenant.role_created": t("Eigene Rolle angelegt", "Own role created"),
    "tenant.role_changed": t("Eigene Rolle geändert", "Own role changed"),
    "tenant.role_deleted": t("Eigene Rolle gelöscht", "Own role deleted"),
    "tenant.group_mapped": t("Rollen einer Gruppe festgelegt", "Roles of a group set"),
    "tenant.group_reset": t("Rollen einer Gruppe zurückgesetzt", "Roles of a group reset"),
    "tenant.client_created": t("Zugang für ein Programm angelegt", "Access for a program created"),
    "tenant.client_renewed": t("Geheimnis eines Zugangs erneuert", "Secret of an access renewed"),
    "tenant.client_removed": t("Zugang für ein Programm entfernt", "Access for a program removed"),
    "tenant.sharing_granted": t("Datenfreigabe erteilt", "Data sharing granted"),
    "tenant.sharing_changed": t("Datenfreigabe geändert", "Data sharing changed"),
    "tenant.sharing_revoked": t("Datenfreigabe widerrufen", "Data sharing revoked"),
    "tenant.sharing_read": t("Freigegebene Daten gelesen", "Shared data read"),
    "tenant.added": t("Kommune aufgenommen", "Town added"),
    "tenant.changed": t("Angaben zur Kommune geändert", "Facts about the town changed"),
    "tenant.documents_registered": t("GraphQL-Dokumente registriert", "GraphQL documents registered"),
    "tenant.documents_removed": t("GraphQL-Dokumente entfernt", "GraphQL documents removed"),
    "tenant.outbox_held": t("Wartendes aus einem Archiv zurückgehalten", "Waiting work of an archive held"),
    "tenant.outbox_retried": t("Liegengebliebenes erneut angestoßen", "Dead letters tried again"),
    "tenant.job_started": t("Regelmäßige Arbeit angestoßen", "Scheduled job started"),
    "tenant.log_accepted": t("Protokoll ohne Nachweis übernommen", "Audit log accepted without proof"),
    "tenant.log_head_replaced": t("Aufbewahrten Stand des Protokolls ersetzt", "Kept head of the audit log replaced"),
    "tenant.outbox_dropped": t("Liegengebliebenes verworfen", "Dead letters dropped"),
}
"""Words for what the core itself records."""

MOST_CHANGES = 6
MOST_CHARACTERS = 60


def sentence(
    title: Text,
    *,
    kind: str | None,
    id: str | None,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> Text:
    """``Buchungen genehmigen: booking 0190… (state: pending → confirmed)``."""
    thing = " ".join(part for part in (kind, id) if part)
    changes = ", ".join(changed(before or {}, after or {}))
    tail = (f": {thing}" if thing else "") + (f" ({changes})" if changes else "")
    return Text(title.de + tail, title.en + tail)


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What differs, ``name: old → new``; a side that does not know the name shows a dash."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    shown = [f"{name}: {_short(before.get(name))} → {_short(after.get(name))}" for name in names[:MOST_CHANGES]]
    return [*shown, "…"] if len(names) > MOST_CHANGES else shown


def _short(value: object) -> str:
    if value is None:
        return "–"
    text = " ".join(str(value).split())
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
