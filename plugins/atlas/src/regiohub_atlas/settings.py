"""Settings of the atlas for one town."""

from pydantic import Field

from regiohub.api import PluginSettings


class AtlasSettings(PluginSettings):
    """What a town may adjust."""

    matching_enabled: bool = Field(
        default=True,
        title="Fragebogen anbieten",
        description="Ob der Fragebogen passende Verfahren vorschlägt. Antworten werden nie gespeichert.",
    )
    matching_limit: int = Field(
        default=10,
        ge=1,
        le=50,
        title="Vorschläge höchstens",
        description="Wie viele Verfahren der Fragebogen höchstens vorschlägt.",
    )
    map_limit: int = Field(
        default=500,
        ge=10,
        le=2000,
        title="Verfahren je Kartenabruf",
        description="Wie viele Verfahren ein Abruf der GeoJSON-Datei höchstens enthält.",
    )
    calendar_past_days: int = Field(
        default=365,
        ge=0,
        le=3650,
        title="Vergangene Termine im Kalender (Tage)",
        description="Wie weit der Kalender (iCal) zurückreicht.",
    )
