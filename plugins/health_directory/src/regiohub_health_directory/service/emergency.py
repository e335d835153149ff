"""Numbers that stand above every list."""

from dataclasses import dataclass

from regiohub.api import Text, t


@dataclass(frozen=True)
class EmergencyNumber:
    """One number with what it is for; these hold in the whole of Germany and are free of charge."""

    number: str
    title: Text
    purpose: Text


EMERGENCY_NUMBERS = (
    EmergencyNumber(
        "112",
        t("Notruf: Rettungsdienst und Feuerwehr", "Emergency: ambulance and fire brigade"),
        t(
            "Bei Lebensgefahr, zum Beispiel Bewusstlosigkeit, Atemnot, starken Brustschmerzen, Lähmungen.",
            "When life is in danger, for example unconsciousness, breathlessness, severe chest pain, paralysis.",
        ),
    ),
    EmergencyNumber(
        "116117",
        t("Ärztlicher Bereitschaftsdienst", "Out-of-hours doctors' service"),
        t(
            "Wenn es nicht lebensbedrohlich ist, aber nicht bis zur nächsten Sprechstunde warten kann.",
            "When life is not in danger but it cannot wait for the next surgery hours.",
        ),
    ),
)
