"""One device: its facts, newest uplinks as they come, values of any span, editing, removing."""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, Text, t
from regiohub.api.console import Cell, Column, Listing, Page, TownPage
from regiohub_lorawan.console import spans, words
from regiohub_lorawan.console.charts import chart_of, samples_listing
from regiohub_lorawan.console.spans import FirstDay, LastDay, SpanWord
from regiohub_lorawan.models import Datastream, Device, Profile, Thing
from regiohub_lorawan.permissions import MANAGE, VIEW
from regiohub_lorawan.service import editing, live, series, uplinks

router = APIRouter()
StreamId = Annotated[UUID | None, Query(alias="stream")]

_HEARINGS = Listing(
    "hearings",
    t("Gehört von", "Heard by"),
    columns=(
        Column("gateway", t("Gateway", "Gateway"), lambda r: r.gateway_id, sort=lambda r: r.gateway_id),
        Column("uplinks", t("Nachrichten", "Uplinks"), lambda r: r.uplinks, sort=lambda r: r.uplinks, numeric=True),
        Column("rssi", t("RSSI im Mittel (dBm)", "Mean RSSI (dBm)"), lambda r: round(r.rssi), numeric=True),
        Column("snr", t("SNR im Mittel (dB)", "Mean SNR (dB)"), lambda r: round(r.snr, 1), numeric=True),
    ),
    empty=t("Die letzten Nachrichten nennen kein Gateway.", "The last uplinks name no gateway."),
)
_STREAMS = Listing(
    "streams",
    t("Messreihen", "Series"),
    columns=(
        Column(
            "title", t("Messwert", "Value"), lambda r: r.title, link=lambda r: f"devices/{r.device_id}?stream={r.id}"
        ),
        Column("latest", t("Neuester Wert", "Newest value"), lambda r: newest_value(r), numeric=True),
        Column("at", t("Gemessen", "Measured"), lambda r: r.latest_at),
        Column("silent", t("Still seit", "Silent since"), lambda r: r.silent_since),
        Column("limits", t("Plausibel", "Plausible"), lambda r: limits(r)),
        Column("path", t("Pfad", "Path"), lambda r: r.path),
    ),
    empty=t("Das Profil nennt keine Messwerte.", "The profile names no values."),
)


def newest_value(stream: Datastream) -> Cell | None:
    """The newest value with its unit, marked when it is not plausible."""
    if stream.latest_value is None:
        return None
    value = Text(*(f"{number} {words.unit_label(stream.unit)}".strip() for number in _written(stream.latest_value)))
    return Cell(value, note=words.IMPLAUSIBLE if stream.latest_quality else None)


def _written(value: float) -> tuple[str, str]:
    plain = f"{value:.6g}"
    return plain.replace(".", ","), plain


def limits(row: Any) -> Text | None:
    """The plausible range in words."""
    if row.minimum is None and row.maximum is None:
        return None
    low, high = (("", "") if value is None else _written(value) for value in (row.minimum, row.maximum))
    if row.minimum is None:
        return t(f"bis {high[0]}", f"up to {high[1]}")
    return (
        t(f"ab {low[0]}", f"from {low[1]}")
        if row.maximum is None
        else t(f"{low[0]} bis {high[0]}", f"{low[1]} to {high[1]}")
    )


async def load(ctx: Ctx, id: UUID) -> tuple[Device, Profile, Thing, Sequence[Datastream]]:
    """A device with its profile, its thing and its series. Raises NotFound."""
    device = await editing.find(ctx, id)
    profile = await ctx.session.find(Profile, device.profile_id)
    thing = await ctx.session.find(Thing, device.thing_id)
    assert profile is not None
    assert thing is not None
    streams = await ctx.session.scalars(
        select(Datastream).where(Datastream.device_id == id).order_by(Datastream.series)
    )
    return device, profile, thing, streams.all()


@router.get("/devices/{id}")
async def show(
    page: TownPage, id: UUID, stream: StreamId = None, span: SpanWord = "", first: FirstDay = "", last: LastDay = ""
) -> Response:
    """Everything about a device on one page."""
    page.require(VIEW)
    wanted = spans.chosen(page, span, first, last)
    async with page.read() as ctx:
        device, profile, thing, streams = await load(ctx, id)
        chosen = next((one for one in streams if one.id == stream), streams[0] if streams else None)
        newest = await uplinks.newest(ctx, device, streams)
        found = await series.read(ctx, chosen, wanted.start, wanted.stop) if chosen else None
        samples = await page.list(None, samples_listing(chosen), found.samples if found else [])
        all_streams = await page.list(None, _STREAMS, streams)
        heard = await page.list(None, _HEARINGS, uplinks.hearings(newest))
    address = page.url("devices", id) + (f"?stream={chosen.id}&" if chosen else "?")
    return page.show(
        "lorawan/device.html", device=device, profile=profile, thing=thing, streams=all_streams, chosen=chosen,
        uplinks=newest, hearings=heard, samples=samples, grain=found.grain.value if found else "raw", span=wanted,
        tabs=spans.tabs(wanted, address), words=words, may_manage=page.can(MANAGE),
        chart=page.url("devices", id, "chart.json", f"?stream={chosen.id}&{wanted.query}") if chosen else None,
    )  # fmt: skip


@router.get("/devices/{id}/chart.json")
async def chart(
    page: TownPage, id: UUID, stream: UUID, span: SpanWord = "", first: FirstDay = "", last: LastDay = ""
) -> Response:
    """The chosen span of one series."""
    page.require(VIEW)
    wanted = spans.chosen(page, span, first, last)
    async with page.read() as ctx:
        found = await ctx.session.find(Datastream, stream)
        if found is None or found.device_id != id:
            raise NotFound
        return page.json(chart_of(found, await series.read(ctx, found, wanted.start, wanted.stop), page.language))


@router.get("/devices/{id}/live")
async def events(page: TownPage, id: UUID) -> Response:
    """Rows of new uplinks as server-sent events."""
    page.require(VIEW)
    async with page.read() as ctx:
        await editing.find(ctx, id)
    return page.stream(_rows(page, id))


async def _rows(page: Page, id: UUID) -> AsyncIterator[str]:
    async for message_id in live.follow_uplinks(page.scope, id):
        async with page.read() as ctx:
            streams = (await ctx.session.scalars(select(Datastream).where(Datastream.device_id == id))).all()
            uplink = await uplinks.one(ctx, message_id, streams)
        if uplink is not None:
            yield page.fragment("lorawan/uplink.html", uplink=uplink, words=words)
