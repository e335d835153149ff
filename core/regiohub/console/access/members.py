"""The people of a town: list, invitation, one person with roles and rights, removal."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.auth.admin.port import MemberState
from regiohub.auth.admin.service import (
    Staff,
    giveable,
    grant,
    invite,
    remind,
    remove,
    revoke,
    staff_member,
    staff_of,
)
from regiohub.auth.permissions import TENANT_MEMBERS
from regiohub.auth.roles.catalogue import Role, roles_of, title_of
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell, Column, Filter, Listing, Tone
from regiohub.console.page import Page
from regiohub.errors import InvalidInput
from regiohub.texts import Text, t

from .rights import rights_of
from .tabs import tabs_of

router = APIRouter()

STATES: Final[dict[MemberState, tuple[Text, Tone]]] = {
    MemberState.ACTIVE: (t("aktiv", "active"), "good"),
    MemberState.INVITED: (t("eingeladen", "invited"), "info"),
    MemberState.DISABLED: (t("gesperrt", "disabled"), "bad"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A role that a person has; ``removable``: it comes from the role's own group, and the caller may take it."""

    name: str
    title: Text
    text: Text | None
    removable: bool


class Invitation(FormModel):
    """An invitation."""

    email: str = asked(
        t("E-Mail-Adresse", "E-mail address"), kind="email", max_length=254,
        help=t("Dorthin geht die Einladung.", "The invitation goes there."),
    )  # fmt: skip
    first_name: str = asked(t("Vorname", "First name"), min_length=1, max_length=100)
    last_name: str = asked(t("Nachname", "Last name"), min_length=1, max_length=100)
    roles: list[str] = asked(t("Rollen", "Roles"), kind="several", default=[])


@router.get("/members")
async def members(page: TownPage) -> Response:
    """Everybody who belongs to the town."""
    page.require(TENANT_MEMBERS)
    async with page.read() as ctx:
        found = await page.list(ctx, _listing(page), list(await staff_of(ctx)))
    return page.show("access/members.html", people=found, tabs=tabs_of(page))


@router.get("/members/invite")
async def invitation(page: TownPage) -> Response:
    """The form of an invitation."""
    page.require(TENANT_MEMBERS)
    return await _show_invitation(page, page.form(Invitation))


@router.post("/members/invite")
async def send_invitation(page: TownPage) -> Response:
    """Invites somebody."""
    page.require(TENANT_MEMBERS)
    form = await page.posted(Invitation)
    invited: list[Staff] = []

    async def work(ctx: Any, value: Invitation) -> None:
        invited[:] = [await invite(ctx, value.email, value.first_name, value.last_name, value.roles)]

    if await page.submit(form, work):
        member = invited[0].member
        return page.done(
            t(f"{member.name} ist eingeladen.", f"{member.name} is invited."),
            page.town_url("access", "members", member.id),
        )
    return await _show_invitation(page, form)


@router.get("/members/{member}")
async def person(page: TownPage, member: str) -> Response:
    """One person: roles, and what they allow."""
    page.require(TENANT_MEMBERS)
    async with page.read() as ctx:
        staff = await staff_member(ctx, member)
        may_give = {role.name for role in giveable(ctx)}
        titles = {role: title_of(page.platform, page.town, role) for role in staff.roles}
    offered = roles_of(page.platform, page.town)
    known = {role.name: role for role in offered}
    held = [
        Held(name, title, known[name].text if name in known else None, _removable(staff, known.get(name), may_give))
        for name, title in sorted(titles.items(), key=lambda entry: entry[1].get(page.language).casefold())
    ]
    return page.show(
        "access/member.html", staff=staff, state=STATES[staff.member.state], held=held, tabs=tabs_of(page),
        offered=[role for role in offered if role.name in may_give and role.name not in staff.roles],
        rights=rights_of(page, staff.roles),
    )  # fmt: skip


@router.post("/members/{member}/grant")
async def give(page: TownPage, member: str) -> Response:
    """Gives a role."""
    role = _role(page)
    await page.act(lambda ctx: grant(ctx, member, role))
    return page.done(t("Die Rolle ist vergeben.", "The role is granted."), page.town_url("access", "members", member))


@router.post("/members/{member}/revoke")
async def take(page: TownPage, member: str) -> Response:
    """Takes a role."""
    role = _role(page)
    await page.act(lambda ctx: revoke(ctx, member, role))
    return page.done(
        t("Die Rolle ist entzogen.", "The role is taken away."), page.town_url("access", "members", member)
    )


@router.post("/members/{member}/remind")
async def repeat(page: TownPage, member: str) -> Response:
    """Repeats the invitation."""
    await page.act(lambda ctx: remind(ctx, member))
    return page.done(
        t("Die Einladung ist noch einmal unterwegs.", "The invitation is on its way once more."),
        page.town_url("access", "members", member),
    )


@router.post("/members/{member}/remove")
async def end(page: TownPage, member: str) -> Response:
    """Ends a membership, once it is confirmed."""
    page.require(TENANT_MEMBERS)
    async with page.read() as ctx:
        staff = await staff_member(ctx, member)
    if not await page.confirmed():
        return page.ask(
            _question(page, staff), _consequences(staff), submit=t("Entfernen", "Remove"),
            back=page.town_url("access", "members", member),
        )  # fmt: skip
    await page.act(lambda ctx: remove(ctx, member))
    name = staff.member.name
    return page.done(
        t(f"{name} gehört nicht mehr dazu.", f"{name} no longer belongs here."), page.town_url("access", "members")
    )


def _removable(staff: Staff, role: Role | None, may_give: Collection[str]) -> bool:
    return role is not None and role.name in may_give and role.group in staff.member.groups


def _question(page: Page, staff: Staff) -> Text:
    name, town = staff.member.name, page.town.short_name
    return t(f"{name} aus {town} entfernen?", f"Remove {name} from {town}?")


def _consequences(staff: Staff) -> list[Text]:
    found = [
        t(
            "Alle Rollen in dieser Kommune enden, spätestens nach fünf Minuten auch in laufenden Sitzungen.",
            "All roles in this town end, within five minutes in open sessions too.",
        ),
        t(
            "Was die Person angelegt oder entschieden hat, bleibt erhalten.",
            "What the person has created or decided stays.",
        ),
    ]
    if staff.member.state is MemberState.INVITED:
        found.append(t("Die offene Einladung verfällt.", "The open invitation lapses."))
    elif staff.member.managed:
        found.append(
            t(
                "Das Konto kommt aus dem Verzeichnis der Kommune und wird beim Anmeldedienst gelöscht.",
                "The account comes from the town's directory and is deleted at the login server.",
            )
        )
    else:
        found.append(
            t(
                "Das Konto selbst bleibt bestehen, auch für andere Kommunen.",
                "The account itself stays, for other towns too.",
            )
        )
    return found


async def _show_invitation(page: Page, form: Form[Invitation]) -> Response:
    async with page.read() as ctx:
        form.choices("roles", [(role.name, _with_text(role.title, role.text)) for role in giveable(ctx)])
    return page.show("access/invite.html", form=form, tabs=tabs_of(page))


def _with_text(title: Text, text: Text) -> Text:
    return t(f"{title.de}: {text.de}", f"{title.en}: {text.en}")


def _role(page: Page) -> str:
    page.require(TENANT_MEMBERS)
    given = page.values().get("role", [""])[-1]
    if not given:
        raise InvalidInput(t("Bitte eine Rolle wählen.", "Please choose a role."), field="role")
    return given


def _listing(page: Page) -> Listing:
    titles = {role.name: role.title for role in roles_of(page.platform, page.town)}

    def words(row: Staff) -> str:
        found = [title_of(page.platform, page.town, name) for name in row.roles]
        return ", ".join(sorted(title.get(page.language) for title in found))

    def matches(value: str) -> Callable[[Staff], bool]:
        wanted = value.casefold()
        return lambda row: wanted in row.member.name.casefold() or wanted in row.member.email.casefold()

    return Listing(
        "members",
        t("Personen", "People"),
        columns=(
            Column(
                "name", t("Name", "Name"), lambda row: Cell(row.member.name, note=row.member.email),
                sort=lambda row: (row.member.last_name.casefold(), row.member.first_name.casefold()),
                link=lambda row: page.town_url("access", "members", row.member.id),
            ),
            Column("email", t("E-Mail", "E-mail"), lambda row: row.member.email, export_only=True),
            Column("roles", t("Rollen", "Roles"), lambda row: words(row) or None, sort=words),
            Column(
                "state", t("Zustand", "State"),
                lambda row: Cell(STATES[row.member.state][0], badge=STATES[row.member.state][1]),
                sort=lambda row: row.member.state.value,
            ),
        ),
        filters=(
            Filter.text("q", t("Name oder Adresse", "Name or address"), matches),
            Filter.choice(
                "role", t("Rolle", "Role"), tuple(titles.items()), lambda value: lambda row: value in row.roles
            ),
            Filter.choice(
                "state", t("Zustand", "State"), tuple((state.value, words) for state, (words, _) in STATES.items()),
                lambda value: lambda row: row.member.state.value == value,
            ),
        ),
        order="name",
        empty=t("Hier ist noch niemand.", "Nobody is here yet."),
    )  # fmt: skip
