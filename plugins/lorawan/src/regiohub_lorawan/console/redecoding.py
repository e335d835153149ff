"""Decoding stored messages again, with its progress."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, latest_work, t, work_of
from regiohub.api.console import Cell, Column, Form, FormModel, Listing, TownPage, asked
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import catalogue, editing, redecoding
from regiohub_lorawan.service.redecoding import Selection

router = APIRouter()
Named = Annotated[UUID | None, Query()]

_WORKS = Listing(
    "works",
    t("Letzte Läufe", "Latest runs"),
    columns=(
        Column("title", t("Was", "What"), lambda r: r.title, link=lambda r: f"redecoding/{r.id}"),
        Column("begun", t("Begonnen", "Begun"), lambda r: r.created_at, sort=lambda r: r.created_at),
        Column("state", t("Stand", "State"), lambda r: Cell(r.words, badge="info" if r.is_running else None)),
        Column("finished", t("Beendet", "Ended"), lambda r: r.finished_at),
    ),
    order="-begun",
    empty=t("Noch wurde nichts neu dekodiert.", "Nothing has been decoded again yet."),
)


class RedecodeForm(FormModel):
    """Which messages."""

    device: UUID | None = asked(t("Gerät", "Device"), default=None, kind="hidden")
    profile_id: UUID | None = asked(
        t("Alle Geräte dieses Profils", "All devices of this profile"), default=None, kind="choice"
    )
    codec_id: UUID | None = asked(
        t("Alle Geräte mit diesem Decoder", "All devices with this codec"), default=None, kind="choice"
    )
    start: datetime | None = asked(t("Ab", "From"), default=None)
    stop: datetime | None = asked(t("Bis", "Until"), default=None)
    only_failed: bool = asked(
        t("Nur Nachrichten, die nicht dekodiert werden konnten", "Only messages that could not be decoded"),
        default=False,
    )


@router.get("/redecoding")
async def begin_page(page: TownPage, device: Named = None, profile: Named = None, codec: Named = None) -> Response:
    """The form, filled in with what the address names, and the latest runs."""
    page.require(MANAGE)
    form = page.form(RedecodeForm, {"device": device, "profile_id": profile, "codec_id": codec})
    return await _show(page, form, device)


@router.post("/redecoding")
async def begin(page: TownPage) -> Response:
    """Begin, and lead to the progress."""
    page.require(MANAGE)
    form, made = await page.posted(RedecodeForm), list[UUID]()

    async def work(ctx: Ctx, value: RedecodeForm) -> None:
        wanted = Selection(
            codec_id=value.codec_id, profile_id=value.profile_id, device_id=value.device, start=value.start,
            stop=value.stop, only_failed=value.only_failed,
        )  # fmt: skip
        made.append((await redecoding.begin(ctx, wanted)).id)

    if await page.submit(form, work):
        return page.done(t("Das Dekodieren hat begonnen.", "Decoding has begun."), page.url("redecoding", made[-1]))
    given = form.device.value
    return await _show(page, form, UUID(given) if given and not form.device.faults else None)


@router.get("/redecoding/{id}")
async def progress(page: TownPage, id: UUID) -> Response:
    """How far a run is."""
    page.require(MANAGE)
    async with page.read() as ctx:
        work = await work_of(ctx, id)
    if work is None or work.kind != redecoding.KIND:
        raise NotFound
    return page.show("lorawan/redecoding_progress.html", work=work)


async def _show(page: TownPage, form: Form[RedecodeForm], device: UUID | None) -> Response:
    async with page.read() as ctx:
        named = await editing.find(ctx, device) if device else None
        form.choices("profile_id", [(str(id_), name) for id_, name in await catalogue.profile_names(ctx)])
        form.choices("codec_id", [(str(id_), name) for id_, name in await catalogue.codec_names(ctx)])
        works = await page.list(None, _WORKS, await latest_work(ctx, redecoding.KIND, limit=25))
    return page.show("lorawan/redecoding.html", form=form, works=works, device=named)
