"""What a town can set."""

from datetime import date

from pydantic import Field

from regiohub.api import PluginSettings


class HealthSettings(PluginSettings):
    """Settings of the health directory."""

    accepting_expires_days: int = Field(
        default=30,
        ge=1,
        le=365,
        title="Gültigkeit der Auskunft „nimmt neue Patientinnen und Patienten auf“ (Tage)",
        description="Danach gilt die Auskunft als unbekannt, bis sie erneuert wird.",
    )
    verified_fresh_days: int = Field(
        default=180,
        ge=1,
        le=1825,
        title="Prüfung gilt als frisch (Tage)",
        description="So lange nach der letzten Prüfung gilt ein Eintrag als aktuell.",
    )
    verified_stale_days: int = Field(
        default=365,
        ge=1,
        le=3650,
        title="Prüfung gilt als veraltet (Tage)",
        description="Ab dann wird ein Eintrag als lange nicht geprüft gekennzeichnet.",
    )
    additional_holidays: tuple[date, ...] = Field(
        default=(),
        title="Weitere Feiertage",
        description="Tage, die in dieser Stadt zusätzlich zu den gesetzlichen Feiertagen des Landes gelten.",
    )
    suggestion_contact_days: int = Field(
        default=90,
        ge=1,
        le=730,
        title="Aufbewahrung von Kontaktangaben (Tage)",
        description="So lange bleiben Kontaktangaben nach der Entscheidung über einen Vorschlag gespeichert.",
    )
