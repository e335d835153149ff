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
    verification_link_days: int = setting(
        30,
        t("Einmal-Link gilt (Tage)", "One-time link is valid (days)"),
        t(
            "So lange können Anbieter über den Link in einer Prüfmail antworten.",
            "For so long providers can answer by the link in a verification mail.",
        ),
        ge=1,
        le=120,
    )
    verification_reminder_days: int = setting(
        10,
        t("Erinnerung nach (Tagen)", "Reminder after (days)"),
        t(
            "Bleibt eine Prüfmail so lange ohne Antwort, wird einmal erinnert.",
            "If a verification mail stays unanswered for so long, one reminder is sent.",
        ),
        ge=1,
        le=60,
    )
    verification_pause_days: int = setting(
        90,
        t("Abstand zwischen Prüfmails (Tage)", "Time between verification mails (days)"),
        t(
            "Frühestens danach wird derselbe Anbieter in einem Sammelversand wieder gefragt.",
            "Not before that the same provider is asked again when many are asked at once.",
        ),
        ge=7,
        le=730,
    )
    verification_automatic: bool = setting(
        False,
        t("Prüfmails von selbst verschicken", "Send verification mails automatically"),
        t(
            "Jede Nacht werden Anbieter mit lange nicht geprüften Einträgen gefragt, sobald der Abstand es erlaubt.",
            "Each night providers with entries not checked for long are asked, as the time between mails allows.",
        ),
    )
    verification_contact_days: int = setting(
        180,
        t("Aufbewahrung der Mailadressen von Prüfmails (Tage)", "Addresses of verification mails are kept (days)"),
        t(
            "So lange bleibt gespeichert, wohin eine beantwortete oder abgelaufene Prüfmail ging.",
            "For so long it stays stored where an answered or expired verification mail went.",
        ),
        ge=1,
        le=730,
    )
