"""Settings per town; the console draws their form."""

{% if cookiecutter.__mqtt %}
from enum import StrEnum

{% endif %}
{% if cookiecutter.__ingest %}
from pydantic import SecretStr
{% endif %}
{% if not cookiecutter.table %}
from pydantic import field_validator
{% endif %}


from regiohub.api import {% if not cookiecutter.table %}DomainError, {% endif %}PluginSettings, setting, t
{% if not cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.service.hours import parse_hours
{% endif %}
{% if cookiecutter.__mqtt %}


class MqttSecurity(StrEnum):
    """How the connection to the broker is protected."""

    TLS = "tls"
    PLAIN = "plain"
{% endif %}


class {{ cookiecutter.__Prefix }}Settings(PluginSettings):
    """What a town may adjust."""

{% if cookiecutter.table %}
    map_limit: int = setting(
        500,
        t("Orte je Kartenabruf", "Places per map request"),
        t(
            "Wie viele Orte ein Abruf der GeoJSON-Datei höchstens enthält.",
            "How many places one request of the GeoJSON file contains at most.",
        ),
        ge=10,
        le=2000,
    )
{% else %}
    hours: str = setting(
        "Mo-Fr 09:00-17:00",
        t("Öffnungszeiten", "Opening hours"),
        t(
            "Zum Beispiel: Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-13:00. Leer heißt: nicht bekannt.",
            "For example: Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-13:00. Empty means: not known.",
        ),
        max_length=500,
    )
{% endif %}
{% if cookiecutter.job and cookiecutter.table %}
    check_after_days: int = setting(
        365,
        t("Angaben prüfen nach (Tagen)", "Check details after (days)"),
        t(
            "Nach wie vielen Tagen ohne Bestätigung ein Ort als ungeprüft gilt.",
            "After how many days without a confirmation a place counts as unchecked.",
        ),
        ge=1,
        le=3650,
    )
{% endif %}
{% if cookiecutter.__ingest and cookiecutter.table %}
    report_minutes: int = setting(
        120,
        t("Meldungen gelten (Minuten)", "Reports hold for (minutes)"),
        t(
            "Wie lange eine Meldung „offen“ oder „zu“ mehr zählt als die Öffnungszeiten.",
            "How long a report “open” or “closed” counts more than the opening hours.",
        ),
        ge=1,
        le=10_080,
    )
{% endif %}
{% if cookiecutter.__http %}
    ingest_key: SecretStr | None = setting(
        None,
        t("Schlüssel für Meldungen", "Key for reports"),
        t(
            "Wer Meldungen schickt, weist sich damit aus. Leer heißt: Es werden keine angenommen.",
            "Whoever sends reports proves himself with it. Empty means: none are taken.",
        ),
        min_length=16,
    )
{% endif %}
{% if cookiecutter.__mqtt %}
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
    mqtt_topic: str = setting(
        "{{ cookiecutter.id }}/+/state",
        t("MQTT: Thema", "MQTT: topic"),
        t("Thema, das abonniert wird.", "Topic to subscribe to."),
        min_length=1,
    )
{% endif %}
{% if not cookiecutter.table %}

    @field_validator("hours")
    @classmethod
    def _can_be_read(cls, hours: str) -> str:
        try:
            parse_hours(hours)
        except DomainError as error:
            raise ValueError(f"{error.message.de} / {error.message.en}") from None
        return hours
{% endif %}
