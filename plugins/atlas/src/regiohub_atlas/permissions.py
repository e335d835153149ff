"""Rights that the atlas declares."""

from regiohub.api import Permission, t

EDIT = Permission(
    "atlas.edit",
    t("Beteiligungsverfahren anlegen und ändern", "Create and change participation procedures"),
    roles=("editor", "coordinator"),
)
PUBLISH = Permission(
    "atlas.publish",
    t("Beteiligungsverfahren veröffentlichen", "Publish participation procedures"),
    roles=("editor",),
)
IMPORT = Permission(
    "atlas.import",
    t("Beteiligungsverfahren aus Dateien übernehmen", "Take over participation procedures from files"),
    roles=("editor",),
)
