"""Settings of booking, per town."""

from datetime import timedelta

from pydantic import Field

from regiohub.api import PluginSettings


class BookingSettings(PluginSettings):
    """What a town decides once for all its resources."""

    hold_minutes: int = Field(10, ge=1, le=120, description="Wie viele Minuten eine Vormerkung gilt.")
    holds_per_person: int = Field(3, ge=1, le=50, description="Wie viele Vormerkungen eine Person zugleich haben darf.")
    bookings_per_person: int = Field(
        30, ge=1, le=1000, description="Wie viele künftige Buchungen eine Person zugleich haben darf."
    )
    series_dates: int = Field(60, ge=1, le=366, description="Wie viele Termine eine Serie höchstens hat.")
    free_slot_days: int = Field(
        62, ge=1, le=366, description="Wie viele Tage eine Frage nach freien Zeiten umfassen darf."
    )
    access_before_minutes: int = Field(
        15, ge=0, le=1440, description="So viele Minuten vor Beginn öffnet der Zugangscode."
    )
    access_after_minutes: int = Field(15, ge=0, le=1440, description="So viele Minuten nach dem Ende öffnet er noch.")
    code_visible_hours: int = Field(
        24, ge=0, le=336, description="So viele Stunden vor Beginn ist der Zugangscode für Buchende lesbar."
    )
    lock_warning_minutes: int = Field(
        30, ge=1, le=1440, description="Antwortet ein Schloss so viele Minuten nicht, wird die Hausbetreuung gewarnt."
    )
    caretaker_email: str = Field("", description="Adresse für Warnungen, wenn ein Haus keine eigene nennt.")
    retention_days: int = Field(
        365, ge=1, le=3650, description="So viele Tage nach dem Termin werden Name und Adresse gelöscht."
    )

    @property
    def hold(self) -> timedelta:
        """How long a hold keeps a time free."""
        return timedelta(minutes=self.hold_minutes)
