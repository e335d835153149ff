"""Agreed features of accessibility, so that towns and exports mean the same."""

from regiohub.api import Text, t

FEATURES: dict[str, Text] = {
    "step_free": t("stufenloser Zugang", "step-free entrance"),
    "ramp": t("Rampe", "ramp"),
    "lift": t("Aufzug", "lift"),
    "automatic_door": t("automatische Tür", "automatic door"),
    "wheelchair_toilet": t("rollstuhlgerechtes WC", "wheelchair-accessible toilet"),
    "disabled_parking": t("Behindertenparkplatz", "parking for people with disabilities"),
    "public_transport": t("Haltestelle in der Nähe", "public transport nearby"),
    "induction_loop": t("Induktionsschleife", "induction loop"),
    "tactile_guidance": t("tastbare Orientierung", "tactile guidance"),
    "adjustable_couch": t("höhenverstellbare Liege", "height-adjustable couch"),
    "guide_dog": t("Assistenzhund willkommen", "assistance dogs welcome"),
    "home_visit": t("Hausbesuche", "home visits"),
}
