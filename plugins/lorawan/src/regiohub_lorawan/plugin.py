"""The plugin: what it is, what it brings, how the platform reaches it."""

from collections.abc import Sequence
from datetime import timedelta

from regiohub.api import (
    Background,
    DataCategory,
    Dataset,
    Demo,
    Expiry,
    GraphQLPart,
    HealthCheck,
    Job,
    LinkProvider,
    NavEntry,
    Plugin,
    RoutePart,
    Task,
    t,
)
from regiohub.api.console import ConsolePart
from regiohub_lorawan import mqtt
from regiohub_lorawan.actions import ACTIONS
from regiohub_lorawan.demo import DEMO
from regiohub_lorawan.graphql import REGION, TOWN
from regiohub_lorawan.graphql.region import DATASET
from regiohub_lorawan.jobs import JOBS
from regiohub_lorawan.links import links
from regiohub_lorawan.models import MODELS
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.permissions import PERMISSIONS
from regiohub_lorawan.routes import router
from regiohub_lorawan.service.redecoding import STEP
from regiohub_lorawan.settings import LorawanSettings

plugin = Plugin(
    id="lorawan",
    title=t("Sensoren (LoRaWAN)", "Sensors (LoRaWAN)"),
    description=t(
        "Messwerte von Sensoren der Kommune und ihrer Menschen: empfangen, prüfen, zeigen, herunterladen.",
        "Values measured by sensors of the town and its residents: received, checked, shown, ready for download.",
    ),
    settings=LorawanSettings,
    permissions=PERMISSIONS,
    actions=ACTIONS,
    data_categories=(
        DataCategory(
            "observations",
            t("Messwerte", "Measured values"),
            personal=False,
            tables=("lorawan_observation", "lorawan_rollup", "lorawan_dirty_hour", "lorawan_datastream"),
        ),
        DataCategory(
            "devices",
            t("Geräte, Orte und Decoder", "Devices, places and codecs"),
            personal=False,
            tables=(
                "lorawan_device",
                "lorawan_thing",
                "lorawan_gateway",
                "lorawan_profile",
                "lorawan_mapping",
                "lorawan_codec",
                "lorawan_codec_version",
                "lorawan_codec_example",
                "lorawan_ingest_credential",
                "lorawan_broker_link",
            ),
        ),
        DataCategory(
            "traffic",
            t("Verkehr des Funknetzes je Stunde", "Traffic of the radio network per hour"),
            personal=False,
            retention=timedelta(days=400),
            setting="keep_messages_days",
            expiries=(
                Expiry("lorawan_radio_hour", counted_from=("bucket",)),
                Expiry("lorawan_gateway_hour", counted_from=("bucket",)),
            ),
        ),
        DataCategory(
            "messages",
            t("Nachrichten im Wortlaut", "Messages as received"),
            personal=False,
            retention=timedelta(days=400),
            setting="keep_messages_days",
            # What waits has not become a measured value yet.
            expiries=(
                Expiry("lorawan_message", counted_from=("received_at",), unless={"state": (MessageState.PENDING,)}),
            ),
        ),
    ),
    models=MODELS,
    migrations="regiohub_lorawan.migrations",
)


@plugin.hook
def register_graphql() -> GraphQLPart:
    """Devices, datastreams, observations."""
    return TOWN


@plugin.hook
def register_region_graphql() -> GraphQLPart:
    """Series that towns share."""
    return REGION


@plugin.hook
def register_datasets() -> Sequence[Dataset]:
    """What a town can share."""
    return (
        Dataset(
            DATASET,
            t("Messreihen der Sensoren", "Series of the sensors"),
            t("Messreihen mit Ort, Einheit und letztem Wert.", "Series with place, unit and newest value."),
        ),
    )


@plugin.hook
def register_jobs() -> Sequence[Job]:
    """Pending messages, rollups, silence."""
    return JOBS


@plugin.hook
def register_tasks() -> Sequence[Task]:
    """Decoding again, step by step."""
    return (STEP,)


@plugin.hook
def register_console() -> Sequence[ConsolePart]:
    """Pages for staff."""
    from regiohub_lorawan.console import part

    return (part,)


@plugin.hook
def register_routes() -> Sequence[RoutePart]:
    """Ingest of messages, series as CSV."""
    return (RoutePart(router),)


@plugin.hook
def register_background() -> Sequence[Background]:
    """The connection to the town's MQTT broker."""
    return (Background("lorawan.mqtt", run=mqtt.listen, settings=LorawanSettings, wanted=mqtt.is_wanted),)


@plugin.hook
def register_health() -> Sequence[HealthCheck]:
    """Whether that broker answers."""
    return (HealthCheck("lorawan.mqtt", mqtt.check),)


@plugin.hook
def register_demo() -> Demo:
    """Example sensors."""
    return DEMO


@plugin.hook
def register_links() -> LinkProvider:
    """How many sensors and series there are."""
    return links


@plugin.hook
def register_navigation() -> Sequence[NavEntry]:
    """The list of series."""
    return (NavEntry(t("Messreihen (CSV)", "Series (CSV)"), "/lorawan/datastreams.csv"),)
