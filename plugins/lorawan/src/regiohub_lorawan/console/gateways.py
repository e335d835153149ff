"""One gateway: what it heard, its name and place."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, t
from regiohub.api.console import Column, FormModel, Listing, TownPage, asked
from regiohub_lorawan.console import spans, words
from regiohub_lorawan.console.spans import FirstDay, LastDay, SpanWord
from regiohub_lorawan.models import Gateway
from regiohub_lorawan.permissions import MANAGE, VIEW
from regiohub_lorawan.service import devices, operation

router = APIRouter()

_HOURS = Listing(
    "hours",
    t("Empfang je Stunde", "Receptions per hour"),
    columns=(
        Column("at", t("Ab", "From"), lambda r: r.starts_at, sort=lambda r: r.starts_at),
        Column("uplinks", t("Nachrichten", "Uplinks"), lambda r: r.uplinks, sort=lambda r: r.uplinks, numeric=True),
        Column("mean", t("RSSI im Mittel (dBm)", "Mean RSSI (dBm)"), lambda r: round(r.rssi_mean), numeric=True),
        Column("best", t("Bestes Signal (dBm)", "Best signal (dBm)"), lambda r: round(r.rssi_best), numeric=True),
        Column("snr", t("SNR im Mittel (dB)", "Mean SNR (dB)"), lambda r: round(r.snr_mean, 1), numeric=True),
    ),
    order="-at",
    empty=t("In diesem Zeitraum hat das Gateway nichts gehört.", "The gateway heard nothing in this span."),
    per_page=10,
)


class GatewayForm(FormModel):
    """A gateway as it shall be."""

    gateway_id: str = asked(
        t("Kennung im Funknetz", "Identifier in the radio network"), min_length=1, max_length=64,
        help=t(
            "16 hexadezimale Ziffern, wie der Netzwerkserver sie nennt.",
            "16 hexadecimal digits, as the network server names it.",
        ),
    )  # fmt: skip
    name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    place: dict[str, Any] | None = asked(t("Ort", "Place"), default=None, kind="geometry")


async def _find(ctx: Ctx, id: UUID) -> Gateway:
    gateway = await ctx.session.find(Gateway, id)
    if gateway is None:
        raise NotFound
    return gateway


@router.get("/gateways/new")
async def new(page: TownPage) -> Response:
    """The form for a gateway that has not been heard yet."""
    page.require(MANAGE)
    return page.show("lorawan/gateway_edit.html", form=page.form(GatewayForm), gateway=None)


@router.post("/gateways/new")
async def create(page: TownPage) -> Response:
    """Register the gateway."""
    page.require(MANAGE)
    form, made = await page.posted(GatewayForm), list[UUID]()

    async def work(ctx: Ctx, value: GatewayForm) -> None:
        made.append((await devices.register_gateway(ctx, value.gateway_id, value.name, value.place)).id)

    if await page.submit(form, work):
        return page.done(t("Das Gateway ist angemeldet.", "The gateway is registered."), page.url("gateways", made[-1]))
    return page.show("lorawan/gateway_edit.html", form=form, gateway=None)


@router.get("/gateways/{id}")
async def show(page: TownPage, id: UUID, span: SpanWord = "", first: FirstDay = "", last: LastDay = "") -> Response:
    """What a gateway heard in a span."""
    page.require(VIEW)
    wanted = spans.chosen(page, span, first, last)
    async with page.read() as ctx:
        gateway = await _find(ctx, id)
        rows = await operation.gateway_traffic(ctx, gateway.gateway_id, wanted.start, wanted.stop)
        hours = await page.list(None, _HOURS, rows)
    return page.show(
        "lorawan/gateway.html", gateway=gateway, hours=hours, words=words, may_manage=page.can(MANAGE),
        tabs=spans.tabs(wanted, page.url("gateways", id) + "?"),
        chart=page.url("gateways", id, "chart.json", f"?{wanted.query}"),
    )  # fmt: skip


@router.get("/gateways/{id}/chart.json")
async def chart(page: TownPage, id: UUID, span: SpanWord = "", first: FirstDay = "", last: LastDay = "") -> Response:
    """Uplinks and mean signal per hour."""
    page.require(VIEW)
    wanted = spans.chosen(page, span, first, last)
    async with page.read() as ctx:
        gateway = await _find(ctx, id)
        rows = await operation.gateway_traffic(ctx, gateway.gateway_id, wanted.start, wanted.stop)
    uplinks, signal = t("Nachrichten", "Uplinks"), t("RSSI im Mittel", "Mean RSSI")
    return page.json(
        {
            "times": [row.starts_at.timestamp() for row in rows],
            "series": [
                {"label": uplinks.get(page.language), "unit": "", "values": [r.uplinks for r in rows], "kind": "bar"},
                {
                    "label": signal.get(page.language),
                    "unit": "dBm",
                    "values": [r.rssi_mean for r in rows],
                    "kind": "line",
                },
            ],
        }
    )


@router.get("/gateways/{id}/edit")
async def edit(page: TownPage, id: UUID) -> Response:
    """The form with the present values."""
    page.require(MANAGE)
    async with page.read() as ctx:
        gateway = await _find(ctx, id)
    values = {"gateway_id": gateway.gateway_id, "name": gateway.name, "place": gateway.place}
    return page.show("lorawan/gateway_edit.html", form=page.form(GatewayForm, values), gateway=gateway)


@router.post("/gateways/{id}/edit")
async def save(page: TownPage, id: UUID) -> Response:
    """Name the gateway and say where it is."""
    page.require(MANAGE)
    async with page.read() as ctx:
        gateway = await _find(ctx, id)
    form = await page.posted(GatewayForm)

    async def work(ctx: Ctx, value: GatewayForm) -> None:
        await devices.register_gateway(ctx, gateway.gateway_id, value.name, value.place)

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("gateways", id))
    return page.show("lorawan/gateway_edit.html", form=form, gateway=gateway)
