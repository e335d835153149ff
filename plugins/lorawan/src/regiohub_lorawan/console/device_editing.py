"""Changing and removing a device."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.api import Ctx, t
from regiohub.api.console import FormModel, TownPage, asked
from regiohub_lorawan.console import words
from regiohub_lorawan.console.device import load
from regiohub_lorawan.models.kinds import Origin
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import editing
from regiohub_lorawan.service.editing import DeviceChange

router = APIRouter()


class DeviceForm(FormModel):
    """A device as it shall be."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=200)
    origin: Origin = asked(t("Betrieb", "Run by"), choices=tuple(words.choices(words.ORIGINS)))
    description: str = asked(
        t("Was wird beobachtet?", "What is observed?"), default="", kind="textarea", max_length=2000
    )
    place: dict[str, Any] | None = asked(t("Ort", "Place"), default=None, kind="geometry")
    variables: list[str] = asked(
        t("Werte für den Decoder", "Values for the codec"),
        default=[],
        help=t("Je Zeile „Name=Wert“.", "One “name=value” per line."),
    )


@router.get("/devices/{id}/edit")
async def edit(page: TownPage, id: UUID) -> Response:
    """The form with the present values."""
    page.require(MANAGE)
    async with page.read() as ctx:
        device, _, thing, _ = await load(ctx, id)
    form = page.form(
        DeviceForm,
        {
            "name": device.name,
            "origin": device.origin,
            "description": thing.description or "",
            "place": thing.place,
            "variables": [f"{name}={value}" for name, value in device.variables.items()],
        },
    )
    return page.show("lorawan/device_edit.html", form=form, id=id, name=device.name)


@router.post("/devices/{id}/edit")
async def save(page: TownPage, id: UUID) -> Response:
    """Save the form."""
    page.require(MANAGE)
    form = await page.posted(DeviceForm)

    async def work(ctx: Ctx, value: DeviceForm) -> None:
        pairs = (line.partition("=") for line in value.variables)
        variables = {name.strip(): held.strip() for name, _, held in pairs if name.strip()}
        change = DeviceChange(value.name, value.origin, value.place, value.description, variables)
        await editing.update_device(ctx, id, change)

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("devices", id))
    return page.show("lorawan/device_edit.html", form=form, id=id, name=form.name.value)


@router.post("/devices/{id}/remove")
async def remove(page: TownPage, id: UUID) -> Response:
    """Remove the device, after a question that names what goes with it."""
    page.require(MANAGE)
    async with page.read() as ctx:
        device, _, _, streams = await load(ctx, id)
    if not await page.confirmed():
        count = len(streams)
        return page.ask(
            t(f"Gerät „{device.name}“ entfernen?", f"Remove the device “{device.name}”?"),
            [
                t(f"{count} Messreihen mit allen Messwerten werden gelöscht.", f"{count} series with all values go."),
                t("Nachrichten im Wortlaut bleiben bis zum Ende ihrer Frist.", "Messages stay until their time is up."),
            ],
            submit=t("Entfernen", "Remove"),
            back=page.url("devices", id),
        )
    await page.act(lambda ctx: editing.remove_device(ctx, id))
    return page.done(t("Das Gerät ist entfernt.", "The device is removed."), page.url("devices"))
