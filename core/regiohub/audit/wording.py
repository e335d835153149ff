"""The sentence of an entry, in German and English, written when it happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from regiohub.texts import Text, t

CORE_ACTIONS: Mapping[str, Text] = {
    "tenant.plugin_enabled": t("Plugin eingeschaltet", "Plugin switched on"),
    "tenant.plugin_disabled": t("Plugin ausgeschaltet", "Plugin switched off"),
    "tenant.measures_changed": t("Maßnahmen geändert", "Measures changed"),
    "tenant.settings_changed": t("Einstellungen geändert", "Settings changed"),
    "tenant.sharing_granted": t("Datenfreigabe erteilt", "Data sharing granted"),
    "tenant.sharing_changed": t("Datenfreigabe geändert", "Data sharing changed"),
    "tenant.sharing_revoked": t("Datenfreigabe widerrufen", "Data sharing revoked"),
    "tenant.sharing_read": t("Freigegebene Daten gelesen", "Shared data read"),
    "tenant.added": t("Kommune aufgenommen", "Town added"),
    "tenant.changed": t("Angaben zur Kommune geändert", "Facts about the town changed"),
    "tenant.documents_registered": t("GraphQL-Dokumente registriert", "GraphQL documents registered"),
    "tenant.documents_removed": t("GraphQL-Dokumente entfernt", "GraphQL documents removed"),
    "tenant.outbox_retried": t("Liegengebliebenes erneut angestoßen", "Dead letters tried again"),
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
