"""Pages of the staff console."""

from fastapi import APIRouter
from regiohub.api import t
from regiohub.api.console import ConsoleEntry, ConsolePart
{% if cookiecutter.importer %}
from regiohub_{{ cookiecutter.id }}.permissions import EDIT, IMPORT
{% elif cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.permissions import EDIT
{% else %}
from regiohub_{{ cookiecutter.id }}.permissions import VIEW
{% endif %}

{% if cookiecutter.importer %}
from . import entries, importing
{% elif cookiecutter.table %}
from . import entries
{% else %}
from . import office
{% endif %}

router = APIRouter()
{% if cookiecutter.table %}
router.include_router(entries.router)
{% else %}
router.include_router(office.router)
{% endif %}
{% if cookiecutter.importer %}
router.include_router(importing.router)
{% endif %}

part = ConsolePart(
    router=router,
    templates="regiohub_{{ cookiecutter.id }}.console",
    navigation=(
{% if cookiecutter.table %}
        ConsoleEntry(t("Orte", "Places"), "places", EDIT),
{% else %}
        ConsoleEntry(t("Stand", "State"), "state", VIEW),
{% endif %}
{% if cookiecutter.importer %}
        ConsoleEntry(t("Datei übernehmen", "Take over a file"), "import", IMPORT),
{% endif %}
    ),
)
