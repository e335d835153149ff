"""Settings of booking, per town."""

from datetime import timedelta

from regiohub.api import PluginSettings, setting, t


class BookingSettings(PluginSettings):
    """What a town decides once for all its resources."""

    hold_minutes: int = setting(
        10,
        t("Vormerkung gilt (Minuten)", "A hold lasts (minutes)"),
        t(
            "So lange hält eine Vormerkung die Zeit frei, während jemand die Buchung ausfüllt.",
            "How long a hold keeps the time free while somebody fills in the booking.",
        ),
        ge=1,
        le=120,
    )
    holds_per_person: int = setting(
        3,
        t("Vormerkungen je Person", "Holds per person"),
        t("Wie viele Vormerkungen eine Person zugleich haben darf.", "How many holds a person may have at once."),
        ge=1,
        le=50,
    )
    bookings_per_person: int = setting(
        30,
        t("Buchungen je Person", "Bookings per person"),
        t(
            "Wie viele künftige Buchungen eine Person zugleich haben darf.",
            "How many future bookings a person may have at once.",
        ),
        ge=1,
        le=1000,
    )
    series_dates: int = setting(
        60,
        t("Termine je Serie", "Dates per series"),
        t("Wie viele Termine eine Serie höchstens hat.", "How many dates a series has at most."),
        ge=1,
        le=366,
    )
    answer_days: int = setting(
        7,
        t("Frist für Rückfragen (Tage)", "Deadline for questions (days)"),
        t(
            "So viele Tage hat jemand Zeit, eine Rückfrage des Hauses zu beantworten.",
            "How many days somebody has to answer a question of the house.",
        ),
        ge=1,
        le=60,
    )
    free_slot_days: int = setting(
        62,
        t("Suche nach freien Zeiten (Tage)", "Search for free times (days)"),
        t(
            "Wie viele Tage eine Frage nach freien Zeiten höchstens umfassen darf.",
            "How many days a question for free times may span at most.",
        ),
        ge=1,
        le=366,
    )
    access_before_minutes: int = setting(
        15,
        t("Zugang vor Beginn (Minuten)", "Access before the start (minutes)"),
        t("So viele Minuten vor Beginn öffnet der Zugangscode.", "How many minutes before the start the code opens."),
        ge=0,
        le=1440,
    )
    access_after_minutes: int = setting(
        15,
        t("Zugang nach dem Ende (Minuten)", "Access after the end (minutes)"),
        t("So viele Minuten nach dem Ende öffnet er noch.", "How many minutes after the end it still opens."),
        ge=0,
        le=1440,
    )
    code_visible_hours: int = setting(
        24,
        t("Zugangscode lesbar ab (Stunden vorher)", "Access code readable from (hours before)"),
        t(
            "So viele Stunden vor Beginn ist der Zugangscode für Buchende lesbar.",
            "How many hours before the start those who booked can read the access code.",
        ),
        ge=0,
        le=336,
    )
    lock_warning_minutes: int = setting(
        30,
        t("Warnung bei stummem Schloss (Minuten)", "Warning for a silent lock (minutes)"),
        t(
            "Antwortet ein Schloss so viele Minuten nicht, wird die Hausbetreuung gewarnt.",
            "If a lock does not answer for so many minutes, the caretaker is warned.",
        ),
        ge=1,
        le=1440,
    )
    caretaker_email: str = setting(
        "",
        t("E-Mail der Hausbetreuung", "Caretaker's e-mail"),
        t(
            "Adresse für Warnungen, wenn ein Haus keine eigene nennt.",
            "Address for warnings where a house names none of its own.",
        ),
        kind="email",
    )
    retention_days: int = setting(
        365,
        t("Aufbewahrung von Namen (Tage)", "Names are kept (days)"),
        t(
            "So viele Tage nach dem Termin werden Name und Adresse gelöscht.",
            "So many days after the date, name and address are deleted.",
        ),
        ge=1,
        le=3650,
    )

    @property
    def hold(self) -> timedelta:
        """How long a hold keeps a time free."""
        return timedelta(minutes=self.hold_minutes)
