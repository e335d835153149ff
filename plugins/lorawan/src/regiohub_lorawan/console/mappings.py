"""What stands at a path of the decoded object: adding, changing and removing a value of a profile."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from sqlalchemy import select
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, t
from regiohub.api.console import FormModel, TownPage, asked
from regiohub_lorawan.models import Mapping
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service import profiles
from regiohub_lorawan.service.catalogue import MappingPlan

router = APIRouter()
PathQuery = Annotated[str, Query(max_length=300)]
FIELDS = MappingPlan.__slots__


class MappingFields(FormModel):
    """What a decoded path means."""

    path: str = asked(
        t("Pfad im dekodierten Objekt", "Path in the decoded object"),
        help=t("Zum Beispiel „temperature“ oder „probes[0].value“.", "For example “temperature” or “probes[0].value”."),
        min_length=1,
        max_length=300,
    )
    title: str = asked(t("Messwert", "Value"), help=t("So heißt er für Leserinnen und Leser.", "Its name for readers."))
    observed_property: str = asked(
        t("Merkmal", "Property"),
        help=t(
            "Ein festes Wort wie „air_temperature“; „battery_level“ und „battery_voltage“ zeigen die Batterie.",
            "A stable word such as “air_temperature”; “battery_level” and “battery_voltage” show the battery.",
        ),
        min_length=1,
        max_length=200,
    )
    unit: str = asked(
        t("Einheit (UCUM)", "Unit (UCUM)"),
        help=t("Zum Beispiel Cel, %, ug/m3, {people}.", "For example Cel, %, ug/m3, {people}."),
    )
    minimum: float | None = asked(t("Kleinster plausibler Wert", "Smallest plausible value"), default=None)
    maximum: float | None = asked(t("Größter plausibler Wert", "Largest plausible value"), default=None)
    expected_interval_s: int | None = asked(
        t("Erwarteter Abstand", "Expected interval"), default=None, unit="s", ge=1, le=31_536_000
    )

    def plan(self) -> MappingPlan:
        """As the service takes it."""
        return MappingPlan(**{name: getattr(self, name) for name in FIELDS})


@router.get("/profiles/{id}/value")
async def edit(page: TownPage, id: UUID, path: PathQuery = "") -> Response:
    """The form for a value: the one at a path, or a new one."""
    page.require(MANAGE)
    async with page.read() as ctx:
        profile = await profiles.find(ctx, id)
        wanted = select(Mapping).where(Mapping.profile_id == id, Mapping.path == path)
        mapping = await ctx.session.scalar(wanted) if path else None
    if path and mapping is None:
        raise NotFound
    form = page.form(MappingFields, {name: getattr(mapping, name) for name in FIELDS} if mapping else None)
    return page.show("lorawan/mapping.html", profile=profile, form=form, path=path)


@router.post("/profiles/{id}/value")
async def save(page: TownPage, id: UUID, path: PathQuery = "") -> Response:
    """Save the value."""
    page.require(MANAGE)
    form = await page.posted(MappingFields)

    async def work(ctx: Ctx, value: MappingFields) -> None:
        # The path names the value: one that is changed keeps its own.
        await profiles.save_mapping(ctx, id, replace(value.plan(), path=path or value.path))

    if await page.submit(form, work):
        words = t(
            "Gespeichert. Alle Geräte des Profils folgen ab jetzt; ältere Nachrichten lassen sich neu dekodieren.",
            "Saved. All devices of the profile follow from now on; older messages can be decoded again.",
        )
        return page.done(words, page.url("profiles", id))
    async with page.read() as ctx:
        profile = await profiles.find(ctx, id)
    return page.show("lorawan/mapping.html", profile=profile, form=form, path=path)


@router.post("/profiles/{id}/value/remove")
async def remove(page: TownPage, id: UUID) -> Response:
    """Remove a value that no series holds values of."""
    page.require(MANAGE)
    path = page.values().get("path", [""])[0]
    await page.act(lambda ctx: profiles.remove_mapping(ctx, id, path))
    return page.done(t("Der Wert ist entfernt.", "The value is removed."), page.url("profiles", id))
