"""The plugin: what it is, what it brings, how the platform reaches it."""

from regiohub.api import Plugin, t
from regiohub_lorawan.models import MODELS

plugin = Plugin(
    id="lorawan",
    title=t("Sensoren (LoRaWAN)", "Sensors (LoRaWAN)"),
    description=t(
        "Messwerte von Sensoren der Kommune und ihrer Bürgerinnen und Bürger: empfangen, prüfen, zeigen, herunterladen.",
        "Values measured by sensors of the town and its residents: received, checked, shown, ready for download.",
    ),
    models=MODELS,
    migrations="regiohub_lorawan.migrations",
)
