"""Access to doors: what locks have done, and what to do when they have not."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Ctx, NotFound, Text, t
from regiohub.api.console import Column, Filter, FormModel, Listing, TownPage, asked
from regiohub_booking.console.words import grant_cell
from regiohub_booking.models import AccessGrant, Booking, GrantState
from regiohub_booking.permissions import CARETAKE
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service import grants as service
from regiohub_booking.service.lists import Names, grants_statement, is_silent, names_of

router = APIRouter()
STATES: dict[GrantState, Text] = {
    GrantState.WAITING: t("wartet", "waiting"),
    GrantState.ACTIVE: t("eingerichtet", "set up"),
    GrantState.REVOKED: t("zurückgenommen", "taken back"),
}


class NoteForm(FormModel):
    """A note of the staff."""

    note: str = asked(t("Notiz", "Note"), default="", kind="textarea", max_length=500)


@router.get("/grants")
async def grants(page: TownPage) -> Response:
    """Access that is still of use, or all."""
    page.require(CARETAKE)
    everything = page.request.query_params.get("when") == "all"
    async with page.read() as ctx:
        names = await names_of(ctx)
        statement = grants_statement(ctx)
        if not everything:
            statement = statement.where(AccessGrant.valid_until > ctx.now())
        found = await page.list(ctx, _listing(names), statement)
    tabs = [
        (t("Kommende", "Coming"), page.url("grants"), not everything),
        (t("Alle", "All"), page.url("grants", "?when=all"), everything),
    ]
    return page.show("booking/grants.html", found=found, tabs=tabs)


def _listing(names: Names) -> Listing:
    return Listing(
        "grants",
        t("Zugänge", "Access"),
        columns=(
            Column(
                "number",
                t("Buchung", "Booking"),
                lambda row: row.Booking.number,
                link=lambda row: f"grants/{row.AccessGrant.id}",
            ),
            Column("what", t("Was", "What"), lambda row: names.resource(row.Booking.resource_id)),
            Column("who", t("Wer", "Who"), lambda row: row.Booking.booker_name),
            Column(
                "from",
                t("Öffnet von", "Opens from"),
                lambda row: row.AccessGrant.valid_from,
                sort=AccessGrant.valid_from,
            ),
            Column("until", t("Öffnet bis", "Opens until"), lambda row: row.AccessGrant.valid_until),
            Column("doors", t("Türen", "Doors"), lambda row: row.AccessGrant.doors),
            Column("state", t("Stand", "State"), lambda row: grant_cell(row.AccessGrant)),
            Column(
                "attempts",
                t("Versuche", "Attempts"),
                lambda row: row.AccessGrant.attempts,
                sort=AccessGrant.attempts,
                numeric=True,
            ),
            Column("note", t("Notiz", "Note"), lambda row: row.AccessGrant.note),
        ),
        filters=(
            Filter.flag(
                "silent",
                t("nur Schlösser, die nicht antworten", "only locks that do not answer"),
                lambda _: is_silent(),
            ),
            Filter.choice(
                "state",
                t("Stand", "State"),
                [(state.value, words) for state, words in STATES.items()],
                lambda value: AccessGrant.state == GrantState(value),
            ),
        ),
        order="from",
        last=AccessGrant.id,
        empty=t("Keine Zugänge.", "No access."),
    )


async def _grant(ctx: Ctx, id: UUID) -> tuple[AccessGrant, Booking]:
    row = (await ctx.session.execute(grants_statement(ctx).where(AccessGrant.id == id))).one_or_none()
    if row is None:
        raise NotFound(t("Diesen Zugang gibt es nicht.", "There is no such access."))
    return row.AccessGrant, row.Booking


async def _show(page: TownPage, id: UUID, form: Any = None) -> Response:
    async with page.read() as ctx:
        row, booking = await _grant(ctx, id)
        names = await names_of(ctx)
    confirmed = booking.state is BookingState.CONFIRMED and booking.ends_at > page.speaker.now
    facts = [
        (t("Stand", "State"), grant_cell(row)),
        (t("Was", "What"), names.resource(booking.resource_id)),
        (t("Gebucht von", "Booked by"), booking.booker_name),
        (t("Schloss", "Lock"), row.adapter),
        (t("Türen", "Doors"), row.doors),
        (t("Öffnet von", "Opens from"), row.valid_from),
        (t("Öffnet bis", "Opens until"), row.valid_until),
        (t("Vergebliche Versuche", "Attempts in vain"), row.attempts),
        (t("Nächster Versuch", "Next attempt"), row.next_try_at),
        (t("Letzter Fehler", "Last fault"), row.last_error),
    ]
    return page.show(
        "booking/grant.html",
        grant=row,
        booking=booking,
        facts=facts,
        form=form or page.form(NoteForm, {"note": row.note}),
        may_retry=row.next_try_at is not None,
        may_replace=confirmed and row.wanted,
        may_restore=confirmed and not row.wanted,
        may_revoke=row.wanted,
    )


@router.get("/grants/{id:uuid}")
async def grant(page: TownPage, id: UUID) -> Response:
    """One access and what can be done with it."""
    page.require(CARETAKE)
    return await _show(page, id)


@router.post("/grants/{id:uuid}/note")
async def note(page: TownPage, id: UUID) -> Response:
    """Keep a note."""
    form = await page.posted(NoteForm)
    if await page.submit(form, lambda ctx, value: service.note_grant(ctx, id, value.note)):
        return page.done(t("Gespeichert.", "Saved."), page.url("grants", id))
    return await _show(page, id, form)


@router.post("/grants/{id:uuid}/retry")
async def retry(page: TownPage, id: UUID) -> Response:
    """Ask the lock again."""
    await page.act(lambda ctx: service.retry_grant(ctx, id))
    return page.done(t("Das Schloss wird gleich gefragt.", "The lock is asked in a moment."), page.url("grants", id))


@router.post("/grants/{id:uuid}/restore")
async def restore(page: TownPage, id: UUID) -> Response:
    """Give access again."""
    await page.act(lambda ctx: service.restore_grant(ctx, id))
    return page.done(t("Der Zugang wird eingerichtet.", "Access is being set up."), page.url("grants", id))


@router.post("/grants/{id:uuid}/replace")
async def replace(page: TownPage, id: UUID) -> Response:
    """Another code, after asking."""
    page.require(CARETAKE)
    if not await page.confirmed():
        return page.ask(
            t("Zugangscode ersetzen?", "Replace the access code?"),
            [t("Der bisherige Code gilt nicht mehr.", "The present code does not work any more.")],
            submit=t("Ersetzen", "Replace"),
            back=page.url("grants", id),
        )
    await page.act(lambda ctx: service.replace_code(ctx, id))
    return page.done(t("Ein neuer Code wird eingerichtet.", "A new code is being set up."), page.url("grants", id))


@router.post("/grants/{id:uuid}/revoke")
async def revoke(page: TownPage, id: UUID) -> Response:
    """Take access back, after asking."""
    page.require(CARETAKE)
    if not await page.confirmed():
        return page.ask(
            t("Zugang zurücknehmen?", "Take the access back?"),
            [
                t("Die Tür öffnet für diese Buchung nicht mehr.", "The door does not open for this booking any more."),
                t("Die Buchung selbst bleibt bestehen.", "The booking itself stays."),
            ],
            submit=t("Zurücknehmen", "Take back"),
            back=page.url("grants", id),
        )
    await page.act(lambda ctx: service.revoke_grant(ctx, id))
    return page.done(t("Der Zugang ist zurückgenommen.", "Access has been taken back."), page.url("grants", id))
