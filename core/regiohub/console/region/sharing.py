"""Who gives which dataset to whom, since when, on what basis."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import REGION_READ
from regiohub.console.dependencies import RegionPage
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.region.sharing import consents, in_force
from regiohub.sharing.models import Consent
from regiohub.texts import Text, t

router = APIRouter()


def listing(page: Page) -> Listing:
    """The list, with the towns and datasets of this installation."""
    towns = {town.id: town for town in page.platform.tenants.all()}
    readers = {town.slug: town.short_name for town in towns.values()}
    datasets: dict[str, Text] = {c.value.id: c.value.title for c in page.platform.plugins.collect("register_datasets")}
    today = page.speaker.now.astimezone(page.speaker.zone).date()

    def state(row: Any) -> Cell:
        if row.revoked_at is not None:
            return Cell(t("widerrufen", "withdrawn"), badge="plain", note=row.revoked_at)
        if row.valid_from > today:
            return Cell(t("künftig", "to come"), badge="info")
        if row.valid_until is not None and row.valid_until < today:
            return Cell(t("abgelaufen", "expired"), badge="plain")
        return Cell(t("gilt", "in force"), badge="good")

    return Listing(
        "sharing",
        t("Freigaben", "Sharing"),
        columns=(
            Column("giver", t("Gibt", "Gives"), lambda row: towns[row.tenant_id].short_name),
            Column(
                "dataset",
                t("Daten", "Dataset"),
                lambda row: Cell(datasets.get(row.dataset, row.dataset), note=row.dataset),
                sort=Consent.dataset,
            ),
            Column(
                "reader",
                t("An", "To"),
                lambda row: (
                    t("die Region", "the region") if row.reader == "region" else readers.get(row.reader, row.reader)
                ),
                sort=Consent.reader,
            ),
            Column("from", t("Seit", "Since"), lambda row: row.valid_from, sort=Consent.valid_from),
            Column(
                "until",
                t("Bis", "Until"),
                lambda row: row.valid_until or t("auf Widerruf", "until withdrawn"),
                sort=Consent.valid_until,
            ),
            Column(
                "basis",
                t("Grundlage", "Legal basis"),
                lambda row: Cell(row.legal_basis, note=row.purpose),
                sort=Consent.legal_basis,
            ),
            Column("state", t("Stand", "State"), state),
        ),
        filters=(
            Filter.choice(
                "giver",
                t("Kommune", "Town"),
                [(town.slug, town.short_name) for town in towns.values()],
                lambda value: Consent.tenant_id == next(t.id for t in towns.values() if t.slug == value),
            ),
            Filter.choice(
                "dataset", t("Daten", "Dataset"), tuple(datasets.items()), lambda value: Consent.dataset == value
            ),
            Filter.choice(
                "reader",
                t("An", "To"),
                [("region", t("die Region", "the region")), *readers.items()],
                lambda value: Consent.reader == value,
            ),
            Filter.flag("active", t("Nur geltende", "In force only"), lambda _: in_force(today)),
        ),
        order="dataset",
        last=Consent.id,
        empty=t("Noch gibt keine Kommune Daten frei.", "No town shares any data yet."),
    )


@router.get("/sharing")
async def show(page: RegionPage) -> Response:
    """All consents."""
    page.require(REGION_READ)
    ids = [town.id for town in page.platform.tenants.all()]
    async with page.platform.database.read_across(ids, reason="consents of all towns") as session:
        found = await page.list(session, listing(page), consents(page.person))
    return page.show("region/sharing.html", found=found)
