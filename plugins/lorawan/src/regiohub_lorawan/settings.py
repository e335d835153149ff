"""Settings per town."""

from enum import StrEnum

from pydantic import SecretStr

from regiohub.api import PluginSettings, setting, t
from regiohub_lorawan.formats.uplink import Source


class MqttSecurity(StrEnum):
    """How the connection to the broker is protected."""

    TLS = "tls"
    PLAIN = "plain"


class LorawanSettings(PluginSettings):
    """Sensors: what is accepted, when a sensor counts as silent, and the broker to listen to."""

    max_body_bytes: int = setting(
        65_536,
        t("Größte Nachricht (Bytes)", "Largest message (bytes)"),
        t("Größere Nachrichten werden abgelehnt.", "Larger messages are refused."),
        ge=1_024,
        le=4_194_304,
    )
    future_tolerance_s: int = setting(
        300,
        t("Erlaubte Abweichung der Uhr (Sekunden)", "Tolerated difference of clocks (seconds)"),
        t(
            "Um wie viele Sekunden der Zeitpunkt einer Nachricht in der Zukunft liegen darf.",
            "By how many seconds the moment of a message may lie in the future.",
        ),
        ge=0,
        le=86_400,
    )
    silent_after_intervals: float = setting(
        3.0,
        t("Still nach (Abständen)", "Silent after (intervals)"),
        t(
            "Nach wie vielen ausgebliebenen Abständen eine Messreihe als still gilt.",
            "After how many missed intervals a series counts as silent.",
        ),
        ge=1.0,
        le=100.0,
    )
    keep_messages_days: int = setting(
        400,
        t("Aufbewahrung der Nachrichten (Tage)", "Messages are kept (days)"),
        t(
            "Nach wie vielen Tagen die Nachrichten im Wortlaut gelöscht werden; Messwerte bleiben.",
            "After how many days the original messages are deleted; measured values stay.",
        ),
        ge=1,
        le=3_650,
    )
    mqtt_host: str | None = setting(
        None,
        t("MQTT: Server", "MQTT: server"),
        t("Name des MQTT-Servers; leer heißt: nicht verbinden.", "Name of the MQTT server; empty: do not connect."),
    )
    mqtt_port: int = setting(
        8883, t("MQTT: Port", "MQTT: port"), t("Port des MQTT-Servers.", "Port of the MQTT server."), ge=1, le=65_535
    )
    mqtt_security: MqttSecurity = setting(
        MqttSecurity.TLS,
        t("MQTT: Absicherung", "MQTT: protection"),
        t(
            "Unverschlüsselt nur im eigenen, geschützten Netz.",
            "Unencrypted only within a protected network of your own.",
        ),
        options={
            MqttSecurity.TLS: t("verschlüsselt (TLS)", "encrypted (TLS)"),
            MqttSecurity.PLAIN: t("unverschlüsselt", "unencrypted"),
        },
    )
    mqtt_ca_file: str | None = setting(
        None,
        t("MQTT: Zertifikate", "MQTT: certificates"),
        t(
            "Datei mit den Zertifikaten, denen vertraut wird; leer heißt: die des Betriebssystems.",
            "File with the trusted certificates; empty: those of the operating system.",
        ),
    )
    mqtt_username: str | None = setting(
        None, t("MQTT: Name", "MQTT: user name"), t("Name der Anmeldung.", "Name to sign in with.")
    )
    mqtt_password: SecretStr | None = setting(
        None,
        t("MQTT: Kennwort", "MQTT: password"),
        t("Kennwort der Anmeldung.", "Password to sign in with."),
        goes_to=("mqtt_host", "mqtt_port", "mqtt_security", "mqtt_ca_file"),
    )
    mqtt_source: Source = setting(
        Source.CHIRPSTACK,
        t("MQTT: Absender", "MQTT: sender"),
        t("Welcher Netzwerkserver die Nachrichten schickt.", "Which network server sends the messages."),
        options={
            Source.CHIRPSTACK: t("ChirpStack, Version 4", "ChirpStack, version 4"),
            Source.TTN: t("The Things Stack, Version 3", "The Things Stack, version 3"),
        },
    )
    mqtt_topics: list[str] = setting(
        ["application/+/device/+/event/+"],
        t("MQTT: Themen", "MQTT: topics"),
        t(
            "Themen, die abonniert werden; für The Things Stack zum Beispiel „v3/+/devices/+/up“.",
            "Topics to subscribe to; for The Things Stack for example “v3/+/devices/+/up”.",
        ),
    )
    mqtt_client_id: str | None = setting(
        None,
        t("MQTT: Kennung", "MQTT: client id"),
        t(
            "Kennung beim Server; leer heißt: aus dem Namen der Kommune gebildet.",
            "Identifier at the server; empty: made from the town's name.",
        ),
    )
