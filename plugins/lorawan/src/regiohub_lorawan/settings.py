"""Settings per town."""

from enum import StrEnum

from pydantic import Field, SecretStr

from regiohub.api import PluginSettings
from regiohub_lorawan.formats.uplink import Source


class MqttSecurity(StrEnum):
    """How the connection to the broker is protected."""

    TLS = "tls"
    PLAIN = "plain"


class LorawanSettings(PluginSettings):
    """Sensors: what is accepted, when a sensor counts as silent, and the broker to listen to."""

    max_body_bytes: int = Field(
        default=65_536,
        ge=1_024,
        le=4_194_304,
        title="Größte Nachricht",
        description="Größte angenommene Nachricht in Bytes.",
    )
    future_tolerance_s: int = Field(
        default=300,
        ge=0,
        le=86_400,
        title="Erlaubte Abweichung der Uhr",
        description="Um wie viele Sekunden der Zeitpunkt einer Nachricht in der Zukunft liegen darf.",
    )
    silent_after_intervals: float = Field(
        default=3.0,
        ge=1.0,
        le=100.0,
        title="Still nach",
        description="Nach wie vielen ausgebliebenen Abständen eine Messreihe als still gilt.",
    )
    keep_messages_days: int = Field(
        default=400,
        ge=1,
        le=3_650,
        title="Aufbewahrung der Nachrichten",
        description="Nach wie vielen Tagen die Nachrichten im Wortlaut gelöscht werden; Messwerte bleiben.",
    )
    mqtt_host: str | None = Field(
        default=None, title="MQTT: Server", description="Name des MQTT-Servers; leer heißt: nicht verbinden."
    )
    mqtt_port: int = Field(default=8883, ge=1, le=65_535, title="MQTT: Port", description="Port des MQTT-Servers.")
    mqtt_security: MqttSecurity = Field(
        default=MqttSecurity.TLS, title="MQTT: Absicherung", description="„tls“ oder „plain“ (nur im eigenen Netz)."
    )
    mqtt_ca_file: str | None = Field(
        default=None,
        title="MQTT: Zertifikate",
        description="Datei mit den Zertifikaten, denen vertraut wird; leer heißt: die des Betriebssystems.",
    )
    mqtt_username: str | None = Field(default=None, title="MQTT: Name", description="Name der Anmeldung.")
    mqtt_password: SecretStr | None = Field(default=None, title="MQTT: Kennwort", description="Kennwort der Anmeldung.")
    mqtt_source: Source = Field(
        default=Source.CHIRPSTACK, title="MQTT: Absender", description="Format: „chirpstack“ oder „ttn“."
    )
    mqtt_topics: list[str] = Field(
        default=["application/+/device/+/event/+"],
        title="MQTT: Themen",
        description="Themen, die abonniert werden; für The Things Stack zum Beispiel „v3/+/devices/+/up“.",
    )
    mqtt_client_id: str | None = Field(
        default=None,
        title="MQTT: Kennung",
        description="Kennung beim Server; leer heißt: aus dem Namen der Kommune gebildet.",
    )
