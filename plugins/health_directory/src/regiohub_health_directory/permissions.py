"""Who may do what beyond reading."""

from regiohub.api import Permission, t

MANAGE = Permission(
    "health_directory.manage",
    t("Gesundheitsangebote pflegen und prüfen", "Edit and verify health services"),
    roles=("editor", "coordinator"),
)
REVIEW = Permission(
    "health_directory.review",
    t("Vorschläge zu Gesundheitsangeboten entscheiden", "Decide on suggestions for health services"),
    roles=("editor", "coordinator"),
)
