"""Providers: practices, clubs, services of care; whom the town writes to."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import func, or_, select
from starlette.responses import Response

from regiohub.api import Ctx, NotFound, t
from regiohub.api.console import Column, Filter, FormModel, Listing, TownPage, asked
from regiohub_health_directory.models import Organization, Phone, Service, VerificationRequest
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service.drafts import OrganizationDraft
from regiohub_health_directory.service.places import update_organization

from . import words
from .entries import entries_statement
from .entries import listing as entries_listing
from .entry_form import phone_line, phone_of

router = APIRouter()
_COUNT = (
    select(func.count())
    .where(Service.tenant_id == Organization.tenant_id, Service.organization_id == Organization.id)
    .correlate(Organization)
    .scalar_subquery()
)


def _named(part: str) -> Any:
    columns = (Organization.name, Organization.email)
    return or_(*(column.icontains(part, autoescape=True) for column in columns))


PROVIDERS = Listing(
    "providers",
    t("Anbieter", "Providers"),
    columns=(
        Column("name", t("Name", "Name"), lambda r: r.Organization.name, sort=Organization.name,
               link=lambda r: f"providers/{r.Organization.id}"),
        Column("email", t("E-Mail", "Mail"), lambda r: r.Organization.email, sort=Organization.email),
        Column("website", t("Webseite", "Web page"), lambda r: r.Organization.website),
        Column("count", t("Einträge", "Entries"), lambda r: r.count, numeric=True),
        Column("id", t("Kennung", "Identifier"), lambda r: str(r.Organization.id), export_only=True),
    ),
    filters=(
        Filter.text("q", t("Name oder E-Mail", "Name or mail"), _named),
        Filter.flag("mute", t("ohne E-Mail", "without mail"), lambda _: Organization.email.is_(None)),
    ),
    order="name",
    last=Organization.id,
    empty=t("Noch gibt es keine Anbieter.", "There are no providers yet."),
)  # fmt: skip


class ProviderForm(FormModel):
    """A provider."""

    name: str = asked(t("Name", "Name"), min_length=1, max_length=300)
    description: str | None = asked(t("Beschreibung", "Description"), default=None, kind="textarea", max_length=5000)
    email: str | None = asked(
        t("E-Mail", "Mail"), default=None, kind="email",
        help=t("Hierhin gehen Prüfmails; sie ist auch öffentlich sichtbar.",
               "Verification mails go here; it is visible to the public as well."),
    )  # fmt: skip
    website: str | None = asked(t("Webseite (mit https://)", "Web page (with https://)"), default=None)
    phones: list[str] = asked(t("Telefonnummern", "Phone numbers"), default=[], kind="lines", rows=3)


@router.get("/providers")
async def providers(page: TownPage) -> Response:
    """All providers."""
    page.require(MANAGE)
    async with page.read() as ctx:
        found = await page.list(ctx, PROVIDERS, select(Organization, _COUNT.label("count")))
    return page.show("health_directory/providers.html", providers=found)


@router.get("/providers/{id:uuid}")
async def provider(page: TownPage, id: UUID) -> Response:
    """One provider: its facts as a form, its entries, the letters to it."""
    page.require(MANAGE)
    async with page.read() as ctx:
        row = await _organization(ctx, id)
        phones = await ctx.session.scalars(select(Phone).where(Phone.organization_id == id).order_by(Phone.id))
        initial = {"name": row.name, "description": row.description, "email": row.email, "website": row.website,
                   "phones": [phone_line(phone) for phone in phones]}  # fmt: skip
        return await _show(page, ctx, row.name, id, page.form(ProviderForm, initial))


@router.post("/providers/{id:uuid}")
async def save(page: TownPage, id: UUID) -> Response:
    """Store a provider."""
    page.require(MANAGE)
    form = await page.posted(ProviderForm)

    async def work(ctx: Ctx, value: ProviderForm) -> None:
        draft = OrganizationDraft(name=value.name, description=value.description, email=value.email,
                                  website=value.website, phones=[phone_of(line) for line in value.phones])  # fmt: skip
        await update_organization(ctx, id, draft)

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("providers", id))
    async with page.read() as ctx:
        return await _show(page, ctx, form.name.value, id, form)


async def _show(page: TownPage, ctx: Ctx, name: str, id: UUID, form: Any) -> Response:
    entries = await page.list(ctx, entries_listing(ctx), entries_statement().where(Service.organization_id == id))
    letters = await ctx.session.scalars(
        select(VerificationRequest)
        .where(VerificationRequest.organization_id == id)
        .order_by(VerificationRequest.created_at.desc(), VerificationRequest.id)
        .limit(10)
    )
    return page.show("health_directory/provider.html", form=form, name=name, id=id, entries=entries,
                     letters=[(row, words.letter(row.state)) for row in letters])  # fmt: skip


async def _organization(ctx: Ctx, id: UUID) -> Organization:
    row = await ctx.session.find(Organization, id)
    if row is None:
        raise NotFound(field="id")
    return row
