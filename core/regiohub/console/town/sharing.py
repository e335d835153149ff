"""What the town gives to the region and to other towns: consents, their withdrawal, and who has read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import Response

from regiohub.audit import AuditEntry, AuditFilter, matching
from regiohub.auth.permissions import TENANT_AUDIT, TENANT_SHARING
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.console.rights import MissingRight
from regiohub.errors import NotFound
from regiohub.sharing import REGION, Consent, NewConsent, grant, revoke
from regiohub.tenancy.models import Origin
from regiohub.texts import Text, t

router = APIRouter()


class ConsentForm(FormModel):
    """A consent to grant."""

    dataset: str = asked(t("Daten", "Dataset"), kind="choice")
    reader: str = asked(t("An", "To"), kind="choice")
    purpose: str = asked(
        t("Zweck", "Purpose"),
        kind="textarea",
        min_length=1,
        max_length=4000,
        help=t("Wofür der Empfänger die Daten verwenden darf.", "What the reader may use the data for."),
    )
    legal_basis: str = asked(
        t("Rechtsgrundlage", "Legal basis"),
        min_length=1,
        max_length=4000,
        help=t("Zum Beispiel ein Beschluss oder eine Vereinbarung.", "For example a decision or an agreement."),
    )
    valid_from: date = asked(t("Ab", "From"))
    valid_until: date | None = asked(
        t("Bis", "Until"), default=None, help=t("Leer: bis zum Widerruf.", "Empty: until it is withdrawn.")
    )


@router.get("/sharing")
async def show(page: TownPage) -> Response:
    """All consents, those in force first."""
    _require_reading(page)
    statement = sa.select(Consent)
    if not page.request.query_params.get("sharing.withdrawn"):
        statement = statement.where(Consent.revoked_at.is_(None))
    async with page.read() as ctx:
        found = await page.list(ctx, _listing(page), statement)
    return page.show("town/sharing.html", found=found, may_share=page.can(TENANT_SHARING))


@router.get("/sharing/new")
async def new(page: TownPage) -> Response:
    """The form of a new consent."""
    page.require(TENANT_SHARING)
    return _form_page(page, page.form(ConsentForm, {"valid_from": _today(page), "reader": REGION}))


@router.post("/sharing/new")
async def add(page: TownPage) -> Response:
    """Grant it."""
    page.require(TENANT_SHARING)
    form = await page.posted(ConsentForm)
    if await page.submit(form, lambda ctx, value: grant(ctx, NewConsent(**value.model_dump()))):
        return page.done(t("Die Freigabe gilt.", "The consent is in force."), page.town_url("sharing"))
    return _form_page(page, form)


@router.post("/sharing/{id}/withdraw")
async def withdraw(page: TownPage, id: UUID) -> Response:
    """Withdraw it, after a question that names who loses what."""
    page.require(TENANT_SHARING)
    back = page.town_url("sharing")
    async with page.read() as ctx:
        row = await ctx.session.find(Consent, id)
    if row is None or row.revoked_at is not None:
        raise NotFound
    if not await page.confirmed():
        data, reader = _datasets(page).get(row.dataset, Text(row.dataset, row.dataset)), _reader(page, row.reader)
        lost = [
            t(
                f"{reader.de} liest „{data.de}“ von {page.town.short_name} ab sofort nicht mehr.",
                f"{reader.en} no longer reads “{data.en}” of {page.town.short_name}, from now on.",
            ),
            t(f"Der Zweck war: {row.purpose}", f"Its purpose was: {row.purpose}"),
            t("Was schon gelesen wurde, holt das nicht zurück.", "What has been read already is not brought back."),
        ]
        if row.origin is Origin.FILE:
            lost.append(
                t(
                    "Die Datei der Kommune stellt diese Freigabe nicht wieder her.",
                    "The town's file does not bring this consent back.",
                )
            )
        question = t("Diese Freigabe widerrufen?", "Withdraw this consent?")
        return page.ask(question, lost, submit=t("Widerrufen", "Withdraw"), back=back)
    await page.act(lambda ctx: revoke(ctx, id))
    return page.done(t("Die Freigabe ist widerrufen.", "The consent has been withdrawn."), back)


@router.get("/sharing/reads")
async def reads(page: TownPage) -> Response:
    """Who has read which shared data, how often: one entry per reader, dataset and minute of reading."""
    _require_reading(page)
    statement = matching(AuditFilter(action="tenant.sharing_read"))
    async with page.read() as ctx:
        found = await page.list(ctx, _reads(page), statement)
    return page.show("town/sharing_reads.html", found=found)


def _require_reading(page: Page) -> None:
    if not (page.can(TENANT_SHARING) or page.can(TENANT_AUDIT)):
        raise MissingRight(TENANT_SHARING)


def _form_page(page: Page, form: Form[ConsentForm]) -> Response:
    form.choices("dataset", list(_datasets(page, on_only=True).items()))
    towns = [town for town in page.platform.tenants.all() if town.id != page.town.id]
    form.choices("reader", [(REGION, t("die Region", "the region")), *((town.slug, town.name) for town in towns)])
    return page.show("town/sharing_form.html", form=form)


def _datasets(page: Page, *, on_only: bool = False) -> Mapping[str, Text]:
    only = page.town.enabled if on_only else None
    return {part.value.id: part.value.title for part in page.platform.plugins.collect("register_datasets", only)}


def _reader(page: Page, reader: str) -> Text:
    if reader == REGION:
        return t("Die Region", "The region")
    town = page.platform.tenants.get(reader)
    return Text(town.short_name, town.short_name) if town else Text(reader, reader)


def _listing(page: Page) -> Listing:
    datasets, today = _datasets(page), _today(page)

    def dataset(row: Consent) -> Cell:
        return Cell(datasets.get(row.dataset, row.dataset), note=row.dataset)

    def state(row: Consent) -> Cell:
        if row.revoked_at is not None:
            return Cell(t("widerrufen", "withdrawn"), badge="plain", note=row.revoked_at)
        if row.valid_from > today:
            return Cell(t("künftig", "to come"), badge="info")
        if row.valid_until is not None and row.valid_until < today:
            return Cell(t("abgelaufen", "expired"), badge="plain")
        return Cell(t("gilt", "in force"), badge="good")

    return Listing(
        "sharing",
        t("Freigaben", "Consents"),
        columns=(
            Column("dataset", t("Daten", "Dataset"), dataset, sort=Consent.dataset),
            Column("reader", t("An", "To"), lambda row: _reader(page, row.reader), sort=Consent.reader),
            Column("from", t("Seit", "Since"), lambda row: row.valid_from, sort=Consent.valid_from),
            Column(
                "until",
                t("Bis", "Until"),
                lambda row: row.valid_until or t("auf Widerruf", "until withdrawn"),
                sort=Consent.valid_until,
            ),
            Column(
                "basis",
                t("Grundlage und Zweck", "Basis and purpose"),
                lambda row: Cell(row.legal_basis, note=row.purpose),
            ),
            Column("purpose", t("Zweck", "Purpose"), lambda row: row.purpose, export_only=True),
            Column("state", t("Stand", "State"), state),
        ),
        filters=(
            Filter.choice(
                "dataset", t("Daten", "Dataset"), tuple(datasets.items()), lambda value: Consent.dataset == value
            ),
            Filter.text("reader", t("An", "To"), lambda value: Consent.reader.icontains(value, autoescape=True)),
            Filter.flag("withdrawn", t("Nur widerrufene", "Withdrawn only"), lambda _: Consent.revoked_at.is_not(None)),
        ),
        order="dataset",
        empty=t("Diese Kommune gibt noch keine Daten frei.", "This town shares no data yet."),
    )


def _reads(page: Page) -> Listing:
    datasets = _datasets(page)

    def said(row: AuditEntry, name: str) -> Any:
        return (row.after or {}).get(name)

    return Listing(
        "reads",
        t("Gelesene Daten", "Data that was read"),
        columns=(
            Column("at", t("Zeit", "Time"), lambda row: row.at, sort=AuditEntry.id),
            Column("dataset", t("Daten", "Dataset"), lambda row: datasets.get(row.object_id or "", row.object_id)),
            Column("reader", t("Gelesen von", "Read by"), lambda row: _reader(page, str(said(row, "reader")))),
            Column("reads", t("Abrufe", "Requests"), lambda row: said(row, "reads"), numeric=True),
        ),
        filters=(
            Filter.choice(
                "dataset", t("Daten", "Dataset"), tuple(datasets.items()), lambda value: AuditEntry.object_id == value
            ),
        ),
        order="-at",
        last=AuditEntry.id,
        empty=t("Noch hat niemand freigegebene Daten gelesen.", "Nobody has read shared data yet."),
    )


def _today(page: Page) -> date:
    return page.speaker.now.astimezone(page.speaker.zone).date()
