"""Outbox and jobs of all towns, with another try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import REGION_OPERATION, REGION_READ
from regiohub.console.dependencies import RegionPage
from regiohub.console.listing import Cell, Column, Filter, Listing, Tone
from regiohub.console.page import Page
from regiohub.errors import NotFound
from regiohub.events.models import EntryKind, EntryState, JobState, OutboxEntry
from regiohub.region import operation
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import t

router = APIRouter()
BACK = "/console/region/operation"
_KINDS = {
    EntryKind.EVENT: t("Ereignis", "event"),
    EntryKind.TASK: t("Aufgabe", "task"),
    EntryKind.MAIL: t("E-Mail", "mail"),
}
_STATES = {
    EntryState.PENDING: t("wartet", "waiting"),
    EntryState.WAITING: t("Plugin ist aus", "plugin is off"),
    EntryState.DEAD: t("aufgegeben", "given up"),
}
_TONES: dict[EntryState, Tone] = {EntryState.PENDING: "info", EntryState.WAITING: "plain", EntryState.DEAD: "bad"}
_FAILING = (("failing", t("schlägt fehl", "failing")), ("fine", t("läuft", "fine")))


def outbox(towns: Mapping[int, TenantInfo]) -> Listing:
    """What is not done. The contents are the town's and are not shown."""
    return Listing(
        "outbox",
        t("Ausgangskorb", "Outbox"),
        columns=(
            Column("town", t("Kommune", "Town"), lambda row: towns[row.tenant_id].short_name),
            Column("kind", t("Art", "Kind"), lambda row: _KINDS[row.kind], sort=OutboxEntry.kind),
            Column("name", t("Name", "Name"), lambda row: Cell(row.name, note=row.id), sort=OutboxEntry.name),
            Column(
                "state",
                t("Zustand", "State"),
                lambda row: Cell(_STATES[row.state], badge=_TONES[row.state]),
                sort=OutboxEntry.state,
            ),
            Column(
                "attempts", t("Versuche", "Attempts"), lambda row: row.attempts, sort=OutboxEntry.attempts, numeric=True
            ),
            Column("created", t("Entstanden", "Created"), lambda row: row.created_at, sort=OutboxEntry.created_at),
            Column(
                "due",
                t("Nächster Versuch", "Next attempt"),
                lambda row: row.due_at if row.state is EntryState.PENDING else None,
                sort=OutboxEntry.due_at,
            ),
            Column("error", t("Grund", "Reason"), lambda row: row.error),
        ),
        filters=(
            Filter.choice(
                "state",
                t("Zustand", "State"),
                [(s.value, words) for s, words in _STATES.items()],
                lambda value: OutboxEntry.state == EntryState(value),
            ),
            Filter.choice(
                "kind",
                t("Art", "Kind"),
                [(k.value, words) for k, words in _KINDS.items()],
                lambda value: OutboxEntry.kind == EntryKind(value),
            ),
            Filter.text("q", t("Name", "Name"), lambda value: OutboxEntry.name.icontains(value, autoescape=True)),
        ),
        order="-created",
        last=OutboxEntry.id,
        empty=t("Alles ist erledigt.", "Everything is done."),
    )


def jobs(towns: Mapping[int, TenantInfo]) -> Listing:
    """The scheduled jobs."""
    return Listing(
        "jobs",
        t("Regelmäßige Arbeiten", "Scheduled jobs"),
        columns=(
            Column("town", t("Kommune", "Town"), lambda row: towns[row.tenant_id].short_name),
            Column("name", t("Arbeit", "Job"), lambda row: row.name, sort=JobState.name),
            Column(
                "state",
                t("Zustand", "State"),
                lambda row: (
                    Cell(t("schlägt fehl", "failing"), badge="bad", note=row.error)
                    if row.failures
                    else Cell(t("läuft", "fine"), badge="good")
                ),
            ),
            Column("next", t("Nächster Lauf", "Next run"), lambda row: row.next_at, sort=JobState.next_at),
            Column("finished", t("Letzter Lauf", "Last run"), lambda row: row.finished_at, sort=JobState.finished_at),
            Column("runs", t("Läufe", "Runs"), lambda row: row.runs, sort=JobState.runs, numeric=True),
            Column(
                "failures",
                t("Fehler in Folge", "Failures in a row"),
                lambda row: row.failures,
                sort=JobState.failures,
                numeric=True,
            ),
        ),
        filters=(
            Filter.choice(
                "state",
                t("Zustand", "State"),
                _FAILING,
                lambda value: JobState.failures > 0 if value == "failing" else JobState.failures == 0,
            ),
            Filter.text("q", t("Arbeit", "Job"), lambda value: JobState.name.icontains(value, autoescape=True)),
        ),
        order="-failures",
        last=JobState.name,
        empty=t("Noch ist keine Arbeit gelaufen.", "No job has run yet."),
    )


@router.get("/operation")
async def show(page: RegionPage) -> Response:
    """Outbox and jobs."""
    page.require(REGION_READ)
    towns = {town.id: town for town in page.platform.tenants.all()}
    async with page.platform.database.read_across(list(towns), reason="outbox and jobs of all towns") as session:
        entries = await page.list(session, outbox(towns), operation.unfinished(page.person))
        scheduled = await page.list(session, jobs(towns), operation.jobs(page.person))
    dead = [row for row in entries.rows if row.state is EntryState.DEAD]
    return page.show(
        "region/operation.html",
        entries=entries,
        jobs=scheduled,
        dead=dead,
        towns=towns,
        may_operate=page.can(REGION_OPERATION),
    )


@router.post("/operation/{slug}/outbox/{id}/{verb}")
async def settle(page: RegionPage, slug: str, id: UUID, verb: str) -> Response:
    """Try one entry again, or drop it after a question."""
    page.require(REGION_OPERATION)
    town = _town(page, slug)
    if verb == "retry":
        count = await operation.retry(page.platform, town, page.person, [id])
        words: Any = t("Wird noch einmal versucht.", "It will be tried again.")
    elif verb == "drop":
        if not await page.confirmed():
            return page.ask(
                t("Diesen Vorgang verwerfen?", "Drop this entry?"),
                [
                    t(
                        "Er wird nie mehr ausgeführt. Im Protokoll steht, wer das entschieden hat.",
                        "It will never be carried out. The audit trail says who decided that.",
                    )
                ],
                submit=t("Verwerfen", "Drop"),
                back=BACK,
            )
        count = await operation.drop(page.platform, town, page.person, [id])
        words = t("Verworfen.", "Dropped.")
    else:
        raise NotFound
    if not count:
        return page.done(t("Dieser Vorgang ist schon erledigt.", "This entry is settled already."), BACK, tone="info")
    return page.done(words, BACK)


@router.post("/operation/{slug}/jobs/{name}/run")
async def run(page: RegionPage, slug: str, name: str) -> Response:
    """Run a job now."""
    page.require(REGION_OPERATION)
    await operation.run_now(page.platform, _town(page, slug), page.person, name)
    return page.done(t(f"{name} läuft gleich.", f"{name} is about to run."), BACK)


def _town(page: Page, slug: str) -> TenantInfo:
    town = page.platform.tenants.get(slug)
    if town is None:
        raise NotFound
    return town
