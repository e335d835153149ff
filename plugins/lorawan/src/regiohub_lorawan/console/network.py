"""The radio network as its operator sees it: traffic, coverage, gateways, each chart with its table."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import case, func, select
from starlette.responses import Response

from regiohub.api import t
from regiohub.api.console import Cell, Column, Listing, Page, TownPage
from regiohub_lorawan.console import spans, words
from regiohub_lorawan.console.spans import ChosenSpan, FirstDay, LastDay, SpanWord
from regiohub_lorawan.models import Device, Gateway, GatewayHour
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.permissions import MANAGE, VIEW
from regiohub_lorawan.service import operation
from regiohub_lorawan.service.operation import FactorShare, Traffic

router = APIRouter()
_HOURS_UNTIL = timedelta(days=8)
_RECENT = timedelta(hours=24)
_CHARTS = ("traffic", "faults", "factors")

_TRAFFIC = Listing(
    "traffic",
    t("Verkehr", "Traffic"),
    columns=(
        Column("at", t("Ab", "From"), lambda r: r.starts_at, sort=lambda r: r.starts_at),
        Column("uplinks", t("Nachrichten", "Uplinks"), lambda r: r.uplinks, sort=lambda r: r.uplinks, numeric=True),
        Column("lost", t("Verloren", "Lost"), lambda r: r.lost, sort=lambda r: r.lost, numeric=True),
        Column("alone", t("Nur ein Gateway", "One gateway only"), lambda r: r.alone, numeric=True),
        Column("repeated", t("Doppelt", "Repeated"), lambda r: r.repeated, numeric=True),
        Column("failed", t("Nicht dekodierbar", "Not decoded"), lambda r: r.failed, numeric=True),
        Column("airtime", t("Sendezeit (s)", "Airtime (s)"), lambda r: round(r.airtime_ms / 1000, 1), numeric=True),
    ),
    order="-at",
    empty=t("In diesem Zeitraum gab es keinen Verkehr.", "There was no traffic in this span."),
    per_page=10,
)
_FACTORS = Listing(
    "factors",
    t("Spreizfaktoren", "Spreading factors"),
    columns=(
        Column("factor", t("Spreizfaktor", "Spreading factor"), lambda r: factor_label(r)),
        Column("uplinks", t("Nachrichten", "Uplinks"), lambda r: r.uplinks, numeric=True),
        Column("airtime", t("Sendezeit (s)", "Airtime (s)"), lambda r: round(r.airtime_ms / 1000, 1), numeric=True),
    ),
    empty=t("In diesem Zeitraum gab es keinen Verkehr.", "There was no traffic in this span."),
)
_WEAK = Listing(
    "weak",
    t("Geräte mit schwachem Signal", "Devices with a weak signal"),
    columns=(
        Column("name", t("Gerät", "Device"), lambda r: r.name, sort=Device.name, link=lambda r: f"devices/{r.id}"),
        Column("signal", t("Signal", "Signal"), words.signal, sort=Device.snr_db),
        Column("seen", t("Zuletzt gehört", "Last heard"), lambda r: r.last_seen_at, sort=Device.last_seen_at),
    ),
    order="signal",
    empty=t("Kein Gerät sendet an der Grenze.", "No device sends at the limit."),
)


def factor_label(share: FactorShare) -> Any:
    """SF7 to SF12, or that nobody told."""
    return f"SF{share.spreading_factor}" if share.spreading_factor else t("nicht genannt", "not told")


def _gateway_name(row: Any) -> Cell:
    note = None if row.Gateway.registered else t("nur in Nachrichten genannt", "named in uplinks only")
    return Cell(row.Gateway.name, note=note)


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


_GATEWAYS = Listing(
    "gateways",
    t("Gateways", "Gateways"),
    columns=(
        Column("name", t("Gateway", "Gateway"), _gateway_name, sort=Gateway.name, link=lambda r: f"gateways/{r[0].id}"),
        Column("seen", t("Zuletzt gehört", "Last heard"), lambda r: r.Gateway.last_seen_at, sort=Gateway.last_seen_at),
        Column("uplinks", t("Nachrichten, 24 h", "Uplinks, 24 h"), lambda r: r.uplinks or 0, numeric=True),
        Column("best", t("Bestes Signal (dBm)", "Best signal (dBm)"), lambda r: _whole(r.best), numeric=True),
        Column("mean", t("Mittel (dBm)", "Mean (dBm)"), lambda r: _whole(r.mean), numeric=True),
        Column("place", t("Ort", "Place"), lambda r: words.coordinates(r.Gateway.place)),
    ),
    order="-seen",
    last=Gateway.id,
    empty=t("Noch hat kein Gateway etwas gehört.", "No gateway has heard anything yet."),
)


@router.get("/network")
async def network(page: TownPage, span: SpanWord = "", first: FirstDay = "", last: LastDay = "") -> Response:
    """Figures, charts and lists of a span."""
    page.require(VIEW)
    wanted = _span(page, span, first, last)
    now = page.speaker.now
    recent = operation.hour_before(now, 24)
    heard = (
        select(
            GatewayHour.gateway_id,
            func.sum(GatewayHour.uplinks).label("uplinks"),
            func.max(GatewayHour.rssi_best).label("best"),
            (func.sum(GatewayHour.rssi_total) / func.nullif(func.sum(GatewayHour.uplinks), 0)).label("mean"),
        )
        .where(GatewayHour.bucket >= recent)
        .group_by(GatewayHour.gateway_id)
        .subquery()
    )
    stations = select(Gateway, heard.c.uplinks, heard.c.best, heard.c.mean).outerjoin(
        heard, heard.c.gateway_id == Gateway.gateway_id
    )
    weak = select(Device).where(Device.snr_db < -7.5, Device.last_seen_at >= now - timedelta(days=7))
    async with page.read() as ctx:
        counts = (
            await ctx.session.execute(
                select(
                    func.count(),
                    func.count(Device.silent_since),
                    func.sum(case((Device.last_seen_at >= now - _RECENT, 1), else_=0)),
                ).select_from(Device)
            )
        ).one()
        day = await operation.total(ctx, recent, now)
        hours = await operation.traffic(ctx, wanted.start, wanted.stop, _step(wanted))
        shares = await operation.factors(ctx, wanted.start, wanted.stop)
        gateways = await page.list(ctx, _GATEWAYS, stations)
        weakest = await page.list(ctx, _WEAK, weak)
        traffic = await page.list(None, _TRAFFIC, hours)
        factors = await page.list(None, _FACTORS, shares)
    return page.show(
        "lorawan/network.html", counts=counts, day=day, gateways=gateways, weak=weakest, traffic=traffic,
        factors=factors, span=wanted, tabs=spans.tabs(wanted, page.url("network") + "?"),
        charts={name: page.url("network", f"{name}.json", f"?{wanted.query}") for name in _CHARTS},
        may_manage=page.can(MANAGE),
    )  # fmt: skip


def _span(page: Page, span: str, first: str, last: str) -> ChosenSpan:
    chosen = spans.chosen(page, span, first, last)
    # Whole hours: the counts are kept per hour.
    return ChosenSpan(operation.hour_before(chosen.start, 0), chosen.stop, chosen.word, chosen.first, chosen.last)


def _step(span: ChosenSpan) -> Step:
    return Step.HOUR if span.stop - span.start <= _HOURS_UNTIL else Step.DAY


@router.get("/network/traffic.json")
async def traffic_chart(page: TownPage, span: SpanWord = "", first: FirstDay = "", last: LastDay = "") -> Response:
    """Uplinks per hour or day."""
    rows = await _traffic_rows(page, _span(page, span, first, last))
    label = t("Nachrichten", "Uplinks").get(page.language)
    return page.json(_bars(rows, [(label, [row.uplinks for row in rows])]))


@router.get("/network/faults.json")
async def faults_chart(page: TownPage, span: SpanWord = "", first: FirstDay = "", last: LastDay = "") -> Response:
    """What was lost, heard by one gateway only, or not decoded."""
    rows = await _traffic_rows(page, _span(page, span, first, last))
    lines = [
        (t("Verloren", "Lost"), [row.lost for row in rows]),
        (t("Nur von einem Gateway gehört", "Heard by one gateway only"), [row.alone for row in rows]),
        (t("Nicht dekodierbar", "Not decoded"), [row.failed for row in rows]),
    ]
    return page.json(_bars(rows, [(words_.get(page.language), values) for words_, values in lines], kind="line"))


@router.get("/network/factors.json")
async def factors_chart(page: TownPage, span: SpanWord = "", first: FirstDay = "", last: LastDay = "") -> Response:
    """Uplinks per spreading factor."""
    page.require(VIEW)
    wanted = _span(page, span, first, last)
    async with page.read() as ctx:
        shares = await operation.factors(ctx, wanted.start, wanted.stop)
    label = t("Nachrichten", "Uplinks").get(page.language)
    bars = {"label": label, "unit": "", "values": [share.uplinks for share in shares], "kind": "bar"}
    return page.json({"labels": [page.speaker.say(factor_label(share)) for share in shares], "series": [bars]})


async def _traffic_rows(page: Page, wanted: ChosenSpan) -> Sequence[Traffic]:
    page.require(VIEW)
    async with page.read() as ctx:
        return await operation.traffic(ctx, wanted.start, wanted.stop, _step(wanted))


def _bars(rows: Sequence[Traffic], lines: Sequence[tuple[str, list[int]]], *, kind: str = "bar") -> dict[str, Any]:
    return {
        "times": [row.starts_at.timestamp() for row in rows],
        "series": [{"label": label, "unit": "", "values": values, "kind": kind} for label, values in lines],
    }
