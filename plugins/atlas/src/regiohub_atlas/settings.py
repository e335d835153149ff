"""Settings of the atlas for one town."""

from regiohub.api import PluginSettings, setting, t


class AtlasSettings(PluginSettings):
    """What a town may adjust."""

    matching_enabled: bool = setting(
        True,
        t("Fragebogen anbieten", "Offer the questionnaire"),
        t(
            "Ob der Fragebogen passende Verfahren vorschlägt. Antworten werden nie gespeichert.",
            "Whether the questionnaire suggests suitable procedures. Answers are never stored.",
        ),
    )
    matching_limit: int = setting(
        10,
        t("Vorschläge höchstens", "Suggestions at most"),
        t(
            "Wie viele Verfahren der Fragebogen höchstens vorschlägt.",
            "How many procedures the questionnaire suggests at most.",
        ),
        ge=1,
        le=50,
    )
    map_limit: int = setting(
        500,
        t("Verfahren je Kartenabruf", "Procedures per map request"),
        t(
            "Wie viele Verfahren ein Abruf der GeoJSON-Datei höchstens enthält.",
            "How many procedures one request of the GeoJSON file contains at most.",
        ),
        ge=10,
        le=2000,
    )
    calendar_past_days: int = setting(
        365,
        t("Vergangene Termine im Kalender (Tage)", "Past dates in the calendar (days)"),
        t("Wie weit der Kalender (iCal) zurückreicht.", "How far the calendar (iCal) reaches back."),
        ge=0,
        le=3650,
    )
    upload_megabytes: int = setting(
        20,
        t("Größte Datei (MB)", "Largest file (MB)"),
        t(
            "Wie groß ein hochgeladenes Dokument höchstens ist. Die Plattform kann weniger erlauben.",
            "How large an uploaded document is at most. The platform may allow less.",
        ),
        ge=1,
        le=200,
    )
