"""Pages of the atlas in the staff console."""

from fastapi import APIRouter

from regiohub.api import t
from regiohub.api.console import ConsoleEntry, ConsolePart
from regiohub_atlas.permissions import EDIT, IMPORT

from . import dates, documents, editing, entries, importing, preview, procedures, publishing, texts

router = APIRouter()
# Entries come last: their addresses hold a name, which the others have already.
for room in (procedures, editing, publishing, documents, dates, texts, preview, importing, entries):
    router.include_router(room.router)

part = ConsolePart(
    router=router,
    templates="regiohub_atlas.console",
    navigation=(
        ConsoleEntry(t("Verfahren", "Procedures"), "procedures", EDIT),
        ConsoleEntry(t("Übersetzungen und Einfache Sprache", "Translations and plain language"), "texts", EDIT),
        ConsoleEntry(t("Datei übernehmen", "Take over a file"), "import", IMPORT),
    ),
)
