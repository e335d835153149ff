"""Pages of the staff console: entries, suggestions, duplicates, verification mails, map and gaps."""

from fastapi import APIRouter

from regiohub.api import t
from regiohub.api.console import ConsoleEntry, ConsolePart
from regiohub_health_directory.permissions import MANAGE, REVIEW

from . import duplicates, editing, entries, exchange, letters, maps, places, providers, review

router = APIRouter()
for room in (entries, editing, places, providers, review, duplicates, letters, maps, exchange):
    router.include_router(room.router)

part = ConsolePart(
    router=router,
    templates="regiohub_health_directory.console",
    navigation=(
        ConsoleEntry(t("Einträge", "Entries"), "entries", MANAGE),
        ConsoleEntry(t("Vorschläge", "Suggestions"), "review", REVIEW, pending=review.waiting),
        ConsoleEntry(t("Duplikate", "Duplicates"), "duplicates", MANAGE, pending=duplicates.waiting),
        ConsoleEntry(t("Prüfmails", "Verification mails"), "letters", MANAGE),
        ConsoleEntry(t("Karte", "Map"), "map", MANAGE),
        ConsoleEntry(t("Lücken", "Gaps"), "gaps", MANAGE),
        ConsoleEntry(t("Anbieter", "Providers"), "providers", MANAGE),
        ConsoleEntry(t("Orte", "Places"), "places", MANAGE),
    ),
)
