"""What the audit log calls the things that people do here."""

from collections.abc import Mapping

from regiohub.api import Text, t

ACTIONS: Mapping[str, Text] = {
    "health_directory.ask_provider": t("Anbieter um Prüfung gebeten", "Provider asked to check"),
    "health_directory.ask_providers": t("Anbieter um Prüfung gebeten", "Providers asked to check"),
    "health_directory.create": t("Eintrag angelegt", "Entry created"),
    "health_directory.delete": t("Eintrag gelöscht", "Entry deleted"),
    "health_directory.demo": t("Beispiele geladen", "Examples loaded"),
    "health_directory.merge": t("Einträge zusammengeführt", "Entries merged"),
    "health_directory.not_a_duplicate": t("Als verschieden vermerkt", "Noted as different"),
    "health_directory.provider_answered": t("Anbieter hat geantwortet", "Provider has answered"),
    "health_directory.reconsider_duplicate": t("Duplikat erneut zur Prüfung", "Duplicate to be looked at again"),
    "health_directory.remind_provider": t("Anbieter erinnert", "Provider reminded"),
    "health_directory.set_status": t("Stand des Eintrags geändert", "Status of the entry changed"),
    "health_directory.suggestion_accepted": t("Vorschlag angenommen", "Suggestion accepted"),
    "health_directory.suggestion_rejected": t("Vorschlag abgelehnt", "Suggestion refused"),
    "health_directory.update": t("Eintrag geändert", "Entry changed"),
    "health_directory.update_location": t("Ort geändert", "Place changed"),
    "health_directory.update_organization": t("Anbieter geändert", "Provider changed"),
    "health_directory.verify": t("Eintrag als geprüft vermerkt", "Entry noted as checked"),
    "health_directory.withdraw_letter": t("Prüfmail zurückgezogen", "Mail withdrawn"),
}
