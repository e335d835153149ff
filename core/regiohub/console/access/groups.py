"""Groups of the town's organization, and the roles that they carry here."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.admin.access import identity_admin
from regiohub.auth.permissions import TENANT_ROLES
from regiohub.auth.roles.catalogue import roles_of, title_of
from regiohub.auth.roles.service import reset_group_roles, set_group_roles
from regiohub.auth.roles.town import ADMINS
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Listing
from regiohub.console.page import Page
from regiohub.texts import Text, t

from .tabs import tabs_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with the roles that it carries; ``set``: the town has said so."""

    path: str
    roles: tuple[str, ...]
    set: bool


class GroupForm(FormModel):
    """A group and its roles."""

    group: str = asked(
        t("Gruppe", "Group"), max_length=500,
        help=t(
            "Als Pfad, so wie sie im Anmeldedienst oder im Verzeichnis der Kommune heißt: /amt-23.",
            "As a path, the way it is called at the login server or in the town's directory: /office-23.",
        ),
    )  # fmt: skip
    roles: list[str] = asked(
        t("Rollen, die diese Gruppe trägt", "Roles that this group carries"), kind="several", default=[]
    )


@router.get("/groups")
async def groups(page: TownPage) -> Response:
    """All groups, those at the login server and those that the town has set."""
    page.require(TENANT_ROLES)
    known = await identity_admin(page.platform).list_groups(page.town.slug)
    mapped = page.town.roles.groups
    rows = [
        GroupView(path, tuple(sorted(page.town.roles.carried_by(path))), path in mapped)
        for path in sorted({*known, *mapped})
    ]
    found = await page.list(None, _listing(page), rows)
    return page.show("access/groups.html", groups=found, tabs=tabs_of(page))


@router.get("/groups/edit")
async def edit(page: TownPage, group: str = "") -> Response:
    """The form of one group, or of one that is to come."""
    page.require(TENANT_ROLES)
    initial = {"group": group, "roles": sorted(page.town.roles.carried_by(group))}
    return _show_form(page, page.form(GroupForm, initial))


@router.post("/groups/edit")
async def save(page: TownPage) -> Response:
    """Says which roles a group carries."""
    form = await page.posted(GroupForm)
    if await page.submit(form, lambda ctx, value: set_group_roles(ctx, value.group, value.roles)):
        return page.done(t("Gespeichert.", "Saved."), page.town_url("access", "groups"))
    return _show_form(page, form)


@router.post("/groups/reset")
async def reset(page: TownPage) -> Response:
    """Lets a group carry what its path gives."""
    group = page.values().get("group", [""])[-1]
    await page.act(lambda ctx: reset_group_roles(ctx, group))
    return page.done(
        t(f"{group} trägt wieder, was ihr Name sagt.", f"{group} carries what its name says again."),
        page.town_url("access", "groups"),
    )


def _show_form(page: Page, form: Form[GroupForm]) -> Response:
    offered = [(role.name, role.title) for role in roles_of(page.platform, page.town)]
    known = {name for name, _ in offered}
    left: list[tuple[str, Text]] = [
        (name, title_of(page.platform, page.town, name)) for name in form.fields["roles"].values if name not in known
    ]
    form.choices("roles", [*offered, *left])
    group = form.fields["group"].value
    return page.show(
        "access/group_form.html", form=form, group=group, is_set=group in page.town.roles.groups, tabs=tabs_of(page)
    )


def _listing(page: Page) -> Listing:
    def words(row: GroupView) -> str:
        return ", ".join(title_of(page.platform, page.town, role).get(page.language) for role in row.roles)

    def link(row: GroupView) -> str | None:
        return None if row.path == ADMINS else page.town_url("access", "groups", f"edit?group={row.path}")

    return Listing(
        "groups",
        t("Gruppen", "Groups"),
        columns=(
            Column("path", t("Gruppe", "Group"), lambda row: row.path, sort=lambda row: row.path, link=link),
            Column("roles", t("Trägt die Rollen", "Carries the roles"), lambda row: words(row) or None, sort=words),
            Column(
                "set", t("Woher", "Why"),
                lambda row: Cell(t("von der Kommune festgelegt", "set by the town"), badge="info")
                if row.set
                else t("nach ihrem Namen", "by its name"),
                sort=lambda row: row.set,
            ),
        ),
        filters=(
            Filter.text("q", t("Gruppe", "Group"), lambda value: lambda row: value.casefold() in row.path.casefold()),
            Filter.flag("set", t("nur festgelegte", "only those set"), lambda _: lambda row: row.set),
        ),
        order="path",
        empty=t("Noch keine Gruppen.", "No groups yet."),
    )  # fmt: skip
