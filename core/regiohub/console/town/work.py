"""Long work of the town: what is running, and what has ended."""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import Response

from regiohub.console.dependencies import TownPage
from regiohub.console.listing import Cell, Column, Filter, Listing, Tone
from regiohub.console.page import Page
from regiohub.texts import Text, t
from regiohub.work import Work, WorkState

from .access import require_staff

router = APIRouter()
_STATES: dict[WorkState, tuple[Text, Tone]] = {
    WorkState.RUNNING: (t("läuft", "running"), "info"),
    WorkState.DONE: (t("fertig", "done"), "good"),
    WorkState.FAILED: (t("fehlgeschlagen", "failed"), "bad"),
}


@router.get("/work")
async def show(page: TownPage) -> Response:
    """What runs, with its progress, and below it all work."""
    require_staff(page)
    async with page.read() as ctx:
        running = sa.select(Work).where(Work.state == WorkState.RUNNING).order_by(Work.id.desc()).limit(10)
        current = (await ctx.session.scalars(running)).all()
        found = await page.list(ctx, _listing(page), sa.select(Work))
    return page.show("town/work.html", current=current, found=found)


def _listing(page: Page) -> Listing:
    def state(row: Work) -> Cell:
        words, tone = _STATES[row.state]
        return Cell(words, badge=tone)

    def plugin(row: Work) -> Text | str:
        id_ = row.kind.partition(".")[0]
        found = page.platform.plugins.healthy.get(id_)
        return found.title if found else id_

    return Listing(
        "work",
        t("Laufende und beendete Arbeiten", "Running and finished work"),
        columns=(
            Column("begun", t("Begonnen", "Begun"), lambda row: row.created_at, sort=Work.id),
            Column("what", t("Was", "What"), lambda row: row.title),
            Column("plugin", t("Plugin", "Plugin"), plugin),
            Column("words", t("Ergebnis", "Result"), lambda row: row.words),
            Column("failed", t("Fehler", "Failures"), lambda row: row.failed, sort=Work.failed, numeric=True),
            Column("ended", t("Beendet", "Ended"), lambda row: row.finished_at, sort=Work.finished_at),
            Column("state", t("Stand", "State"), state),
        ),
        filters=(
            Filter.choice(
                "state",
                t("Stand", "State"),
                [(one.value, words) for one, (words, _) in _STATES.items()],
                lambda value: Work.state == WorkState(value),
            ),
        ),
        order="-begun",
        last=Work.id,
        empty=t("Noch gab es keine lange Arbeit.", "There has been no long work yet."),
    )
