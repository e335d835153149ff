"""What all pages of one procedure have in common: its head, its tabs, its way back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from regiohub.api import Ctx, NotFound, Text, t
from regiohub.api.console import Page
from regiohub_atlas.models import Document, Procedure, ProcedureStatus
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.service.status import statuses_on, today
from regiohub_atlas.wording import STATUS

TONES = {
    ProcedureStatus.PLANNED: "info",
    ProcedureStatus.RUNNING: "good",
    ProcedureStatus.PAUSED: "warn",
    ProcedureStatus.EVALUATING: "info",
    ProcedureStatus.FINISHED: "plain",
    ProcedureStatus.CANCELLED: "bad",
}
"""How a status looks in lists, and on the map."""

_TABS: Sequence[tuple[str, Text]] = (
    ("", t("Überblick", "Overview")),
    ("edit", t("Angaben", "Details")),
    ("phases", t("Phasen", "Phases")),
    ("place", t("Ort", "Place")),
    ("dates", t("Termine", "Dates")),
    ("documents", t("Dokumente", "Documents")),
    ("people", t("Beteiligte und Links", "Actors and links")),
    ("texts", t("Sprachen", "Languages")),
    ("preview", t("Vorschau", "Preview")),
)


@dataclass(frozen=True, slots=True)
class Head:
    """A procedure as every page of it names it."""

    procedure: Procedure
    status: ProcedureStatus

    @property
    def status_words(self) -> Text:
        """The status in words."""
        return STATUS[self.status]

    @property
    def tone(self) -> str:
        """How the status looks."""
        return TONES[self.status]

    @property
    def visibility(self) -> tuple[Text, str]:
        """Who sees it, and how that looks."""
        if self.procedure.published_at is None:
            return t("Entwurf", "Draft"), "warn"
        return t("veröffentlicht", "published"), "good"


async def head_of(page: Page, ctx: Ctx, procedure_id: UUID) -> Head:
    """The head of a procedure for whoever may edit.

    :raises NotFound: there is no such procedure in this town.
    """
    page.require(EDIT)
    procedure = await ctx.session.find(Procedure, procedure_id)
    if procedure is None:
        raise NotFound(field="id")
    statuses = await statuses_on(ctx, [procedure.id], today(ctx))
    return Head(procedure, statuses[procedure.id])


def place_of(page: Page, procedure: Procedure | UUID, *parts: object) -> str:
    """An address among the pages of a procedure."""
    found = procedure if isinstance(procedure, UUID) else procedure.id
    return page.url("procedures", found, *parts)


def tabs_of(page: Page, procedure: Procedure, current: str) -> list[tuple[Text, str, bool]]:
    """The tabs of a procedure's pages."""
    return [(words, place_of(page, procedure, *([name] if name else [])), name == current) for name, words in _TABS]


def address_in(page: Page) -> Callable[[Document], str]:
    """Where staff open a document: uploaded files in the console, where those of drafts can be read too."""

    def address(document: Document) -> str:
        return page.url(document.url.removeprefix("/atlas/")) if document.url.startswith("/") else document.url

    return address
