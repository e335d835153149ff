"""Registering a device."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from regiohub.api import Ctx, t
from regiohub.api.console import Form, FormModel, TownPage, asked
from regiohub_lorawan.console import words
from regiohub_lorawan.models.kinds import Origin
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import devices
from regiohub_lorawan.service.catalogue import profile_names
from regiohub_lorawan.service.devices import DevicePlan

router = APIRouter()


class NewDevice(FormModel):
    """A device to be registered."""

    dev_eui: str = asked(
        t("EUI des Geräts", "EUI of the device"),
        help=t("16 Ziffern und Buchstaben, sie stehen auf dem Gerät.", "16 digits and letters, printed on the device."),
        min_length=16,
        max_length=40,
    )
    name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    profile_id: UUID = asked(t("Geräteprofil", "Device profile"), kind="choice")
    origin: Origin = asked(t("Betrieb", "Run by"), default=Origin.OFFICIAL, choices=tuple(words.choices(words.ORIGINS)))
    place: dict[str, Any] | None = asked(t("Ort", "Place"), default=None, kind="geometry")


@router.get("/devices/new")
async def new(page: TownPage, eui: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form; an EUI in the address is filled in."""
    page.require(MANAGE)
    return await _show(page, page.form(NewDevice, {"dev_eui": eui, "origin": Origin.OFFICIAL}))


@router.post("/devices/new")
async def register(page: TownPage) -> Response:
    """Register the device; its earlier messages are evaluated now."""
    page.require(MANAGE)
    form = await page.posted(NewDevice)
    made: list[UUID] = []

    async def work(ctx: Ctx, value: NewDevice) -> None:
        plan = DevicePlan(value.dev_eui, value.name, value.profile_id, place=value.place, origin=value.origin)
        made.append((await devices.register_device(ctx, plan)).id)

    if await page.submit(form, work):
        return page.done(t("Das Gerät ist angemeldet.", "The device is registered."), page.url("devices", made[-1]))
    return await _show(page, form)


async def _show(page: TownPage, form: Form[NewDevice]) -> Response:
    async with page.read() as ctx:
        profiles = await profile_names(ctx)
    form.choices("profile_id", [(str(id_), name) for id_, name in profiles])
    return page.show("lorawan/device_new.html", form=form, has_profiles=bool(profiles))
