"""Roles: the core's, those of plugins, and the town's own with their editor."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.permissions import TENANT_ROLES
from regiohub.auth.roles.catalogue import Role, assignable, role_named, roles_of
from regiohub.auth.roles.service import change_role, create_role, delete_role
from regiohub.auth.roles.town import OWN
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.errors import NotFound
from regiohub.texts import t

from .rights import rights_of
from .tabs import tabs_of

router = APIRouter()

_TITLE: Final = t("Bezeichnung", "Title")


class RoleForm(FormModel):
    """Title and rights of an own role."""

    title: str = asked(_TITLE, min_length=1, max_length=100)
    title_en: str = asked(t("Bezeichnung auf Englisch", "Title in English"), min_length=1, max_length=100)
    permissions: list[str] = asked(t("Rechte", "Rights"), kind="several", default=[])


class NewRole(RoleForm):
    """A new own role."""

    key: str = asked(
        t("Kürzel", "Key"), min_length=3, max_length=40,
        help=t(
            "Kleine Buchstaben, Ziffern, Bindestriche, zum Beispiel: presse. Es bleibt, wie es ist.",
            "Small letters, digits, hyphens, for example: press. It cannot be changed later.",
        ),
    )  # fmt: skip


@router.get("/roles")
async def roles(page: TownPage) -> Response:
    """All roles that people can have here."""
    page.require(TENANT_ROLES)
    found = await page.list(None, _listing(page), list(roles_of(page.platform, page.town)))
    return page.show("access/roles.html", roles=found, tabs=tabs_of(page))


@router.get("/roles/new")
async def new_role(page: TownPage) -> Response:
    """The form of a new role."""
    page.require(TENANT_ROLES)
    return _show_form(page, page.form(NewRole), None)


@router.post("/roles/new")
async def create(page: TownPage) -> Response:
    """Makes a role."""
    form = await page.posted(NewRole)
    if await page.submit(form, lambda ctx, v: create_role(ctx, v.key, t(v.title, v.title_en), v.permissions)):
        return page.done(t("Die Rolle ist angelegt.", "The role is created."), page.town_url("access", "roles"))
    return _show_form(page, form, None)


@router.get("/roles/{name}")
async def role(page: TownPage, name: str) -> Response:
    """One role: what it allows; an own one with its editor."""
    page.require(TENANT_ROLES)
    found = _found(page, name)
    if not found.is_own:
        return page.show("access/role.html", role=found, rights=rights_of(page, {found.name}), tabs=tabs_of(page))
    own = page.town.roles.own[found.key]
    initial = {"title": own.title.de, "title_en": own.title.en, "permissions": sorted(own.permissions)}
    return _show_form(page, page.form(RoleForm, initial), found)


@router.post("/roles/{name}")
async def change(page: TownPage, name: str) -> Response:
    """Changes an own role."""
    found = _found(page, name)
    form = await page.posted(RoleForm)
    if await page.submit(form, lambda ctx, v: change_role(ctx, found.key, t(v.title, v.title_en), v.permissions)):
        return page.done(t("Gespeichert.", "Saved."), page.town_url("access", "roles"))
    return _show_form(page, form, found)


@router.post("/roles/{name}/delete")
async def delete(page: TownPage, name: str) -> Response:
    """Deletes an own role, once it is confirmed."""
    page.require(TENANT_ROLES)
    found = _found(page, name)
    if not await page.confirmed():
        return page.ask(
            t(f"Die Rolle „{found.title.de}“ löschen?", f"Delete the role “{found.title.en}”?"),
            [
                t("Wer sie hat, verliert sie.", "Whoever has it loses it."),
                t(
                    f"Die Gruppe {found.group} verschwindet beim Anmeldedienst.",
                    f"The group {found.group} vanishes at the login server.",
                ),
            ],
            submit=t("Löschen", "Delete"),
            back=page.town_url("access", "roles", name),
        )
    await page.act(lambda ctx: delete_role(ctx, found.key))
    return page.done(t("Die Rolle ist gelöscht.", "The role is deleted."), page.town_url("access", "roles"))


def _found(page: Page, name: str) -> Role:
    found = role_named(page.platform, page.town, name)
    if found is None:
        raise NotFound(t("Diese Rolle gibt es hier nicht.", "There is no such role here."))
    return found


def _show_form(page: Page, form: Form[NewRole] | Form[RoleForm], role: Role | None) -> Response:
    dormant = sorted(role.dormant) if role else []
    return page.show(
        "access/role_form.html", form=form, role=role, groups=assignable(page.platform, page.town), dormant=dormant,
        tabs=tabs_of(page),
    )  # fmt: skip


def _listing(page: Page) -> Listing:
    def words(row: Role) -> str:
        return row.title.get(page.language)

    return Listing(
        "roles",
        t("Rollen", "Roles"),
        columns=(
            Column(
                "title", t("Rolle", "Role"), lambda row: Cell(row.title, note=row.text),
                sort=words,
                link=lambda row: page.town_url("access", "roles", row.name),
            ),
            Column("name", t("Name", "Name"), lambda row: row.name, export_only=True),
            Column("group", t("Gruppe", "Group"), lambda row: row.group, sort=lambda row: row.group),
            Column(
                "permissions", t("Rechte", "Rights"), lambda row: len(row.permissions),
                sort=lambda row: len(row.permissions), numeric=True,
            ),
        ),
        filters=(
            Filter.text("q", t("Rolle", "Role"), lambda value: lambda row: value.casefold() in words(row).casefold()),
            Filter.flag("own", t("nur eigene", "own only"), lambda _: lambda row: row.name.startswith(OWN)),
        ),
    )  # fmt: skip
