"""What staff may do."""

from regiohub.api import Permission, t

VIEW = Permission(
    "lorawan.view_devices",
    t("Geräte, Nachrichten und Fehler ansehen", "See devices, messages and errors"),
    roles=("editor", "caretaker", "coordinator", "auditor"),
)
MANAGE = Permission(
    "lorawan.manage",
    t("Geräte, Profile und Decoder verwalten", "Manage devices, profiles and codecs"),
    roles=("editor",),
)
KEYS = Permission(
    "lorawan.manage_keys",
    t("Zugangsschlüssel für Netzwerkserver verwalten", "Manage the network servers' ingest keys"),
    roles=("tenant-admin",),
)
IMPORT = Permission(
    "lorawan.import",
    t("Messwerte aus Dateien einlesen", "Import values from files"),
    roles=("editor", "machine"),
)

PERMISSIONS = (VIEW, MANAGE, KEYS, IMPORT)
