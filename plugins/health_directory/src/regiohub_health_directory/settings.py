"""What a town can set."""

from datetime import date

from regiohub.api import PluginSettings, setting, t


class HealthSettings(PluginSettings):
    """Settings of the health directory."""

    accepting_expires_days: int = setting(
        30,
        t(
            "Gültigkeit der Auskunft „nimmt neue Patientinnen und Patienten auf“ (Tage)",
            "“Accepts new patients” stays valid (days)",
        ),
        t(
            "Danach gilt die Auskunft als unbekannt, bis sie erneuert wird.",
            "After that the statement counts as unknown until it is renewed.",
        ),
        ge=1,
        le=365,
    )
    verified_fresh_days: int = setting(
        180,
        t("Prüfung gilt als frisch (Tage)", "A check counts as fresh (days)"),
        t(
            "So lange nach der letzten Prüfung gilt ein Eintrag als aktuell.",
            "For so long after the last check an entry counts as current.",
        ),
        ge=1,
        le=1825,
    )
    verified_stale_days: int = setting(
        365,
        t("Prüfung gilt als veraltet (Tage)", "A check counts as outdated (days)"),
        t(
            "Ab dann wird ein Eintrag als lange nicht geprüft gekennzeichnet.",
            "From then on an entry is marked as not checked for long.",
        ),
        ge=1,
        le=3650,
    )
    additional_holidays: tuple[date, ...] = setting(
        (),
        t("Weitere Feiertage", "Further holidays"),
        t(
            "Tage, die in dieser Stadt zusätzlich zu den gesetzlichen Feiertagen des Landes gelten.",
            "Days that count in this town in addition to the state's public holidays.",
        ),
    )
    suggestion_contact_days: int = setting(
        90,
        t("Aufbewahrung von Kontaktangaben (Tage)", "Contact details are kept (days)"),
        t(
            "So lange bleiben Kontaktangaben nach der Entscheidung über einen Vorschlag gespeichert.",
            "For so long contact details stay stored after a suggestion has been decided on.",
        ),
        ge=1,
        le=730,
    )
