"""People and organizations of the region: how many belong to each town, and who administers a new one."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.admin.region import TownPeople, people_of_towns
from regiohub.auth.admin.service import invite
from regiohub.auth.permissions import REGION_READ, REGION_TOWNS, TENANT_ADMIN
from regiohub.console.dependencies import RegionPage
from regiohub.console.forms import FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.errors import DomainError, NotFound
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import t

router = APIRouter()
_TOWN = t("Kommune dieser Plattform", "Town of this platform")


class Appointment(FormModel):
    """Somebody who is to administer a town."""

    email: str = asked(t("E-Mail-Adresse", "E-mail address"), kind="email", max_length=254)
    first_name: str = asked(t("Vorname", "First name"), min_length=1, max_length=100)
    last_name: str = asked(t("Nachname", "Last name"), min_length=1, max_length=100)


@router.get("/people")
async def people(page: RegionPage) -> Response:
    """All towns with the number of people who work for them."""
    page.require(REGION_READ)
    found = await page.list(None, _listing(page), list(await people_of_towns(page.platform, page.person)))
    return page.show("access/organizations.html", towns=found)


@router.get("/people/{slug}/appoint")
async def appointment(page: RegionPage, slug: str) -> Response:
    """The form to appoint an admin."""
    page.require(REGION_TOWNS)
    return page.show("access/appoint.html", form=page.form(Appointment), appointed=_town(page, slug))


@router.post("/people/{slug}/appoint")
async def appoint(page: RegionPage, slug: str) -> Response:
    """Invites somebody as admin of a town."""
    page.require(REGION_TOWNS)
    town = _town(page, slug)
    form = await page.posted(Appointment)
    if form.value is not None:
        value = form.value
        scope = page.platform.scope(town, principal=page.person, locale=page.language)
        try:
            await scope.run(lambda ctx: invite(ctx, value.email, value.first_name, value.last_name, [TENANT_ADMIN]))
        except DomainError as error:
            form.fail(error)
        else:
            words = t(
                f"{value.first_name} {value.last_name} ist als Administration von {town.short_name} eingeladen.",
                f"{value.first_name} {value.last_name} is invited to administer {town.short_name}.",
            )
            return page.done(words, page.console_url("region", "people"))
    return page.show("access/appoint.html", form=form, appointed=town)


def _town(page: Page, slug: str) -> TenantInfo:
    town = page.platform.tenants.get(slug)
    if town is None:
        raise NotFound
    return town


def _listing(page: Page) -> Listing:
    def members(row: TownPeople) -> Cell | int:
        if row.members is None:
            return Cell(
                t("fehlt beim Anmeldedienst", "missing at the login server"), badge="warn",
                note=t("anlegen mit: regiohub identity bootstrap", "create with: regiohub identity bootstrap"),
            )  # fmt: skip
        return row.members

    def link(row: TownPeople) -> str | None:
        may = row.is_town and row.members is not None and page.can(REGION_TOWNS)
        return page.console_url("region", "people", row.slug, "appoint") if may else None

    return Listing(
        "people",
        t("Personen und Organisationen", "People and organizations"),
        columns=(
            Column("name", t("Kommune", "Town"), lambda row: row.name, sort=lambda row: row.name),
            Column("slug", t("Kürzel", "Short name"), lambda row: row.slug, sort=lambda row: row.slug),
            Column(
                "members", t("Personen", "People"), members, numeric=True,
                sort=lambda row: -1 if row.members is None else row.members,
            ),
            Column(
                "kind", t("Art", "Kind"),
                lambda row: _TOWN if row.is_town else t("nur beim Anmeldedienst", "only at the login server"),
                sort=lambda row: row.is_town,
            ),
            Column(
                "appoint", t("Administration", "Administration"),
                lambda row: t("Person bestimmen", "Appoint a person") if link(row) else None, link=link,
            ),
        ),
        filters=(
            Filter.text("q", t("Kommune", "Town"), lambda value: lambda row: value.casefold() in row.name.casefold()),
            Filter.flag(
                "missing", t("nur fehlende", "only missing ones"), lambda _: lambda row: row.members is None
            ),
        ),
        order="name",
        empty=t("Noch keine Kommune.", "No town yet."),
    )  # fmt: skip
