"""The devices of the town: as a list, silent ones first, and on a map."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import ColumnElement, and_, case, or_, select
from starlette.responses import Response

from regiohub.api import t
from regiohub.api.console import Column, Filter, Listing, TownPage
from regiohub_lorawan.console import words
from regiohub_lorawan.models import Device, Thing
from regiohub_lorawan.permissions import MANAGE, VIEW
from regiohub_lorawan.service import places
from regiohub_lorawan.service.catalogue import profile_names

router = APIRouter()


_STATE = case((Device.silent_since.is_not(None), 0), (Device.error_code.is_not(None), 1), else_=2)
_STATES = {
    "silent": Device.silent_since.is_not(None),
    "faulty": Device.error_code.is_not(None),
    "unheard": Device.last_seen_at.is_(None),
    "sending": and_(Device.silent_since.is_(None), Device.error_code.is_(None), Device.last_seen_at.is_not(None)),
    "weak": and_(Device.snr_db.is_not(None), Device.snr_db < -7.5),
    "battery": Device.battery_percent < 20,
}
_COLUMNS = (
    Column("name", t("Name", "Name"), lambda r: r.name, sort=Device.name, link=lambda r: f"devices/{r.id}"),
    Column("eui", t("EUI", "EUI"), lambda r: r.dev_eui, export_only=True),
    Column("state", t("Zustand", "State"), lambda r: words.device_state(r), sort=_STATE),
    Column("seen", t("Zuletzt gehört", "Last heard"), lambda r: r.last_seen_at, sort=Device.last_seen_at),
    Column(
        "interval", t("Erwartet alle", "Expected every"), lambda r: words.interval(r.expected_interval_s),
        sort=Device.expected_interval_s,
    ),
    Column("signal", t("Signal", "Signal"), lambda r: words.signal(r), sort=Device.snr_db),
    Column("rssi", t("RSSI (dBm)", "RSSI (dBm)"), lambda r: r.rssi_dbm, numeric=True, export_only=True),
    Column("snr", t("SNR (dB)", "SNR (dB)"), lambda r: r.snr_db, numeric=True, export_only=True),
    Column("sf", t("Spreizfaktor", "SF"), lambda r: r.spreading_factor, numeric=True, export_only=True),
    Column("battery", t("Batterie", "Battery"), lambda r: words.battery(r), sort=Device.battery_percent),
    Column("origin", t("Betrieb", "Run by"), lambda r: words.ORIGINS[r.origin], export_only=True),
)  # fmt: skip


def _named(part: str) -> ColumnElement[bool]:
    squeezed = part.replace(":", "").replace("-", "").replace(" ", "").lower()
    return or_(Device.name.icontains(part, autoescape=True), Device.dev_eui.startswith(squeezed, autoescape=True))


def listing(profiles: list[tuple[UUID, str]]) -> Listing:
    """The list; profiles are named from what is known of them already, not by a join over thousands of rows."""
    names = dict(profiles)
    return Listing(
        "devices",
        t("Geräte", "Devices"),
        columns=(
            *_COLUMNS,
            Column(
                "profile",
                t("Profil", "Profile"),
                lambda r: names.get(r.profile_id),
                link=lambda r: f"profiles/{r.profile_id}",
            ),
        ),
        filters=(
            Filter.text("q", t("Name oder EUI", "Name or EUI"), _named),
            Filter.choice(
                "state",
                t("Zustand", "State"),
                (
                    ("silent", t("still", "silent")),
                    ("faulty", t("mit Fehler", "with an error")),
                    ("unheard", t("noch nie gehört", "never heard")),
                    ("sending", t("sendet", "sending")),
                    ("weak", t("schwaches Signal", "weak signal")),
                    ("battery", t("schwache Batterie", "low battery")),
                ),
                lambda value: _STATES[value],
            ),
            Filter.choice(
                "profile",
                t("Profil", "Profile"),
                [(str(id_), name) for id_, name in profiles],
                lambda value: Device.profile_id == UUID(value),
            ),
        ),
        order="state",
        last=Device.id,
        empty=t("Noch ist kein Gerät angemeldet.", "No device is registered yet."),
    )


@router.get("/devices")
async def devices(page: TownPage) -> Response:
    """List of all devices."""
    page.require(VIEW)
    async with page.read() as ctx:
        found = await page.list(ctx, listing(await profile_names(ctx)), select(Device))
    return page.show("lorawan/devices.html", devices=found, may_manage=page.can(MANAGE))


_PLACES = Listing(
    "places",
    t("Geräte mit Ort", "Devices with a place"),
    columns=(
        Column("name", t("Gerät", "Device"), lambda r: r.name, sort=Device.name, link=lambda r: f"devices/{r.id}"),
        Column("thing", t("Beobachtet", "Observes"), lambda r: r.thing, sort=Thing.name),
        Column("state", t("Zustand", "State"), words.device_state, sort=_STATE),
        Column("seen", t("Zuletzt gehört", "Last heard"), lambda r: r.last_seen_at, sort=Device.last_seen_at),
        Column("place", t("Ort", "Place"), lambda r: words.coordinates(r.place)),
    ),
    filters=(Filter.text("q", t("Name oder EUI", "Name or EUI"), _named),),
    order="name",
    last=Device.id,
    empty=t("Noch hat kein Gerät einen Ort.", "No device has a place yet."),
)


@router.get("/devices/map")
async def devices_map(page: TownPage) -> Response:
    """Map of devices and gateways; the list beside it names the same places."""
    page.require(VIEW)
    async with page.read() as ctx:
        found = await page.list(ctx, _PLACES, places.devices_statement())
        stations = await page.list(None, GATEWAY_PLACES, await places.gateways(ctx))
    return page.show("lorawan/map.html", places=found, gateways=stations)


GATEWAY_PLACES = Listing(
    "gateways",
    t("Gateways mit Ort", "Gateways with a place"),
    columns=(
        Column(
            "name", t("Gateway", "Gateway"), lambda r: r.name, sort=lambda r: r.name, link=lambda r: f"gateways/{r.id}"
        ),
        Column("seen", t("Zuletzt gehört", "Last heard"), lambda r: r.last_seen_at, sort=lambda r: r.last_seen_at),
        Column("place", t("Ort", "Place"), lambda r: words.coordinates(r.place)),
    ),
    order="name",
    empty=t("Noch hat kein Gateway einen Ort.", "No gateway has a place yet."),
)


@router.get("/devices.geojson")
async def geojson(page: TownPage) -> Response:
    """Devices and gateways with a place, for the map."""
    page.require(VIEW)
    async with page.read() as ctx:
        sensors, stations = await places.devices(ctx), await places.gateways(ctx)
    say, base = page.speaker.say, page.url("devices")
    features = [
        words.feature(
            row.place,
            title=row.name,
            text=f"{say(state.text)}, {words.quick_moment(row.last_seen_at, page.speaker.zone)}",
            url=f"{base}/{row.id}",
            kind=state.badge,
        )
        for row in sensors
        for state in (words.device_state(row),)
    ]
    features += [
        words.feature(row.place, title=row.name, text="Gateway", url=page.url("gateways", row.id), kind="info")
        for row in stations
    ]
    return page.json({"type": "FeatureCollection", "features": features})
