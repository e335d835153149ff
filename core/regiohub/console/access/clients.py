"""Access for programs: list, a new one, a new secret, the end. A secret is shown in one answer and never again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.admin.access import identity_admin
from regiohub.auth.admin.clients import (
    KINDS,
    ClientKind,
    KindWords,
    clients_of,
    create_client,
    kind_of,
    remove_client,
    renew_secret,
)
from regiohub.auth.admin.faults import UnknownClient
from regiohub.auth.admin.port import MachineClient, NewSecret, client_id
from regiohub.auth.permissions import TENANT_CLIENTS
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text, t

from .tabs import tabs_of

router = APIRouter()

_OTHER = t("auf anderem Weg angelegt", "made in another way")


def _with_text(words: KindWords) -> Text:
    return t(f"{words.title.de}: {words.text.de}", f"{words.title.en}: {words.text.en}")


class ClientForm(FormModel):
    """A new access."""

    purpose: str = asked(
        t("Name", "Name"), min_length=3, max_length=40,
        help=t(
            "Kleine Buchstaben, Ziffern, Bindestriche, zum Beispiel: buerger-app.",
            "Small letters, digits, hyphens, for example: town-app.",
        ),
    )  # fmt: skip
    kind: ClientKind = asked(
        t("Wofür", "What for"), kind="choice",
        choices=tuple((kind.value, _with_text(words)) for kind, words in KINDS.items()),
    )  # fmt: skip


@router.get("/clients")
async def clients(page: TownPage) -> Response:
    """All accesses of the town."""
    page.require(TENANT_CLIENTS)
    async with page.read() as ctx:
        found = await page.list(ctx, _listing(page), list(await clients_of(ctx)))
    return page.show("access/clients.html", clients=found, tabs=tabs_of(page))


@router.get("/clients/new")
async def new_client(page: TownPage) -> Response:
    """The form of a new access."""
    page.require(TENANT_CLIENTS)
    return _show_form(page, page.form(ClientForm))


@router.post("/clients/new")
async def create(page: TownPage) -> Response:
    """Makes an access and shows its secret, this once."""
    form = await page.posted(ClientForm)
    made: list[NewSecret] = []

    async def work(ctx: Ctx, value: ClientForm) -> None:
        made[:] = [await create_client(ctx, value.purpose, value.kind)]

    if await page.submit(form, work):
        return _show_secret(page, made[0])
    return _show_form(page, form)


@router.get("/clients/{client}")
async def one(page: TownPage, client: str) -> Response:
    """One access, and what can be done with it."""
    page.require(TENANT_CLIENTS)
    async with page.read() as ctx:
        found = next((entry for entry in await clients_of(ctx) if entry.id == client), None)
    if found is None:
        raise UnknownClient
    kind = kind_of(found)
    return page.show(
        "access/client.html", client=found, kind=KINDS[kind].title if kind else _OTHER,
        text=KINDS[kind].text if kind else None, tabs=tabs_of(page),
    )  # fmt: skip


@router.post("/clients/{purpose}/renew")
async def renew(page: TownPage, purpose: str) -> Response:
    """Gives an access a new secret, once it is confirmed, and shows it this once."""
    page.require(TENANT_CLIENTS)
    if not await page.confirmed():
        return page.ask(
            t(f"Das Geheimnis von „{purpose}“ erneuern?", f"Renew the secret of “{purpose}”?"),
            [
                t(
                    "Das bisherige Geheimnis gilt sofort nicht mehr; das Programm braucht das neue.",
                    "The present secret ends at once. The program needs the new one to go on.",
                )
            ],
            submit=t("Erneuern", "Renew"),
            back=page.town_url("access", "clients", client_id(page.town.slug, purpose)),
        )
    return _show_secret(page, await page.act(lambda ctx: renew_secret(ctx, purpose)))


@router.post("/clients/{purpose}/remove")
async def end(page: TownPage, purpose: str) -> Response:
    """Ends an access, once it is confirmed."""
    page.require(TENANT_CLIENTS)
    if not await page.confirmed():
        return page.ask(
            t(f"Den Zugang „{purpose}“ entfernen?", f"Remove the access “{purpose}”?"),
            [
                t(
                    "Das Programm kann sich nicht mehr anmelden; spätestens nach fünf Minuten ist Schluss.",
                    "The program can no longer sign in; within five minutes it is over.",
                ),
                t("Die Daten, die es geliefert hat, bleiben.", "The data that it has delivered stays."),
            ],
            submit=t("Entfernen", "Remove"),
            back=page.town_url("access", "clients", client_id(page.town.slug, purpose)),
        )
    await page.act(lambda ctx: remove_client(ctx, purpose))
    return page.done(t("Der Zugang ist entfernt.", "The access is removed."), page.town_url("access", "clients"))


def _show_form(page: Page, form: Form[ClientForm]) -> Response:
    return page.show("access/client_form.html", form=form, tabs=tabs_of(page), example=client_id(page.town.slug, "…"))


def _show_secret(page: Page, made: NewSecret) -> Response:
    issuer = identity_admin(page.platform).issuer
    where = f"{issuer}/token" if page.is_dev else f"{issuer}/protocol/openid-connect/token"
    return page.show("access/secret.html", made=made, token_url=where, tabs=tabs_of(page))


def _kind(purpose_roles: frozenset[str], title: Text | None) -> Cell:
    return Cell(title or _OTHER, note=", ".join(sorted(purpose_roles)) or None)


def _listing(page: Page) -> Listing:
    def kind_title(row: MachineClient) -> Text | None:
        kind = kind_of(row)
        return KINDS[kind].title if kind else None

    return Listing(
        "clients",
        t("Zugänge für Programme", "Access for programs"),
        columns=(
            Column(
                "purpose", t("Name", "Name"), lambda row: row.purpose, sort=lambda row: row.purpose,
                link=lambda row: page.town_url("access", "clients", row.id),
            ),
            Column("id", t("Kennung", "Identifier"), lambda row: row.id, sort=lambda row: row.id),
            Column(
                "kind", t("Wofür", "What for"), lambda row: _kind(row.roles, kind_title(row)),
                sort=lambda row: (kind_title(row) or _OTHER).get(page.language),
            ),
        ),
        filters=(
            Filter.text("q", t("Name", "Name"), lambda value: lambda row: value.casefold() in row.id.casefold()),
            Filter.choice(
                "kind", t("Wofür", "What for"), tuple((kind.value, words.title) for kind, words in KINDS.items()),
                lambda value: lambda row: kind_of(row) == value,
            ),
        ),
        order="purpose",
        empty=t("Noch kein Programm hat einen Zugang.", "No program has an access yet."),
    )  # fmt: skip
