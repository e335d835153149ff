"""What the audit log calls the things that people do here."""

from collections.abc import Mapping

from regiohub.api import Text, t

ACTIONS: Mapping[str, Text] = {
    "lorawan.add_codec_example": t("Testnachricht zum Decoder gelegt", "Test payload kept with a codec"),
    "lorawan.create_codec": t("Decoder angelegt", "Codec created"),
    "lorawan.create_ingest_key": t("Zugangsschlüssel angelegt", "Ingest key created"),
    "lorawan.create_profile": t("Geräteprofil angelegt", "Device profile created"),
    "lorawan.redecode": t("Nachrichten neu dekodiert", "Messages decoded again"),
    "lorawan.register_device": t("Gerät angemeldet", "Device registered"),
    "lorawan.register_gateway": t("Gateway angemeldet", "Gateway registered"),
    "lorawan.remove_codec_example": t("Testnachricht entfernt", "Test payload removed"),
    "lorawan.remove_device": t("Gerät entfernt", "Device removed"),
    "lorawan.remove_mapping": t("Messgröße des Profils entfernt", "Value of a profile removed"),
    "lorawan.revoke_ingest_key": t("Zugangsschlüssel widerrufen", "Ingest key revoked"),
    "lorawan.save_mapping": t("Messgröße des Profils geändert", "Value of a profile changed"),
    "lorawan.update_codec": t("Decoder geändert", "Codec changed"),
    "lorawan.update_device": t("Gerät geändert", "Device changed"),
    "lorawan.update_profile": t("Geräteprofil geändert", "Device profile changed"),
}
