"""How things stand: the opening hours of the settings, and whether they hold now."""

from fastapi import APIRouter, Response
from regiohub.api import t
from regiohub.api.console import Cell, TownPage
from regiohub_{{ cookiecutter.id }}.permissions import VIEW
from regiohub_{{ cookiecutter.id }}.plugin import plugin
from regiohub_{{ cookiecutter.id }}.service.hours import hours_text
from regiohub_{{ cookiecutter.id }}.service.office import office_hours, open_now

router = APIRouter()
UNKNOWN = t("nicht eingetragen", "not entered")
STATES = {
    True: Cell(t("geöffnet", "open"), badge="good"),
    False: Cell(t("geschlossen", "closed"), badge="plain"),
    None: Cell(t("unbekannt", "unknown"), badge="warn"),
}


@router.get("/")
async def start(page: TownPage) -> Response:
    """There is one page."""
    return await state(page)


@router.get("/state")
async def state(page: TownPage) -> Response:
    """Opening hours and state; they are changed in the settings."""
    page.require(VIEW)
    facts = (
        (t("Jetzt", "Now"), STATES[open_now(page.scope)]),
        (t("Öffnungszeiten", "Opening hours"), hours_text(office_hours(page.scope), page.language) or UNKNOWN),
    )
    return page.show("{{ cookiecutter.id }}/office.html", heading=plugin.title, facts=facts)
