"""The people of a town: who may see, invite and remove them, and give them roles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from regiohub.audit import pseudonym
from regiohub.auth.claims import Claims
from regiohub.auth.permissions import REGION_TOWNS, STAFF_ROLES, TENANT_ADMIN, TENANT_MEMBERS
from regiohub.auth.principal import Principal, PrincipalKind
from regiohub.auth.roles.catalogue import Role, may_give, role_named, roles_of, title_of
from regiohub.auth.roles.explain import Explanation, Step, explain
from regiohub.auth.roles.service import TooMuch
from regiohub.auth.roles.town import default_roles
from regiohub.errors import Conflict, Forbidden, InvalidInput, Unauthenticated
from regiohub.mail import Mail
from regiohub.mail.addresses import checked_address
from regiohub.texts import t

from .access import identity_admin
from .port import IdentityAdmin, Invited, Member, MemberState, NewMember

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx
    from regiohub.tenancy.info import TenantInfo

MOST_CHARACTERS: Final = 100


class LastAdmin(Conflict):
    """Nobody would be left who administers the town."""

    code = "LAST_ADMIN"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Das ist die letzte Person mit der Administration dieser Kommune. Bitte zuerst eine andere bestimmen.",
                "This is the last person who administers this town. Please appoint somebody else first.",
            )
        )


@dataclass(frozen=True, slots=True)
class Staff:
    """A member with the roles that he has in this town."""

    member: Member
    roles: frozenset[str]


async def staff_of(ctx: Ctx) -> Sequence[Staff]:
    """All members of the town by name. Raises ``Forbidden``, or the faults of the login server."""
    ctx.require(TENANT_MEMBERS)
    admin = identity_admin(ctx.platform)
    return [_staff(ctx.tenant, member) for member in await admin.list_members(ctx.tenant.slug)]


async def staff_member(ctx: Ctx, member: str) -> Staff:
    """One member. Raises ``Forbidden``, ``UnknownMember``, or the faults of the login server."""
    ctx.require(TENANT_MEMBERS)
    return _staff(ctx.tenant, await identity_admin(ctx.platform).find_member(ctx.tenant.slug, member))


async def invite(ctx: Ctx, email: str, first_name: str, last_name: str, roles: Collection[str]) -> Staff:
    """Invite a person with these roles. Who has no account gets one and a mail to set a password.

    A regional admin may appoint a town's admins, and nothing else.

    :raises Forbidden: the caller may not invite, or not with these roles (``TooMuch``).
    :raises InvalidInput: a bad address, a name too long, no role or an unknown one.
    :raises AlreadyMember: the person belongs to the town.
    """
    names = frozenset(roles)
    if not ctx.can(TENANT_MEMBERS):
        _require_region(ctx, names)
    wanted = [_known_role(ctx, name) for name in sorted(names)]
    if not wanted:
        raise InvalidInput(t("Bitte mindestens eine Rolle wählen.", "Please choose at least one role."), field="roles")
    if ctx.can(TENANT_MEMBERS):
        _check_may_give(ctx, wanted)
    person = NewMember(
        email=checked_address(email),
        first_name=_short(first_name, "firstName"),
        last_name=_short(last_name, "lastName"),
        groups=frozenset(role.group for role in wanted),
    )
    admin = identity_admin(ctx.platform)
    invited = await admin.invite(ctx.tenant.slug, person)
    await _write_to(ctx, invited)
    await ctx.audit(
        "tenant.member_invited", kind="person", id=_mark(ctx, admin, invited.member.id),
        after={"roles": [role.name for role in wanted]},
    )  # fmt: skip
    return _staff(ctx.tenant, invited.member)


async def remind(ctx: Ctx, member: str) -> Staff:
    """Repeat the invitation of a person who has not signed in yet. Raises ``Forbidden``, ``NotInvited``."""
    ctx.require(TENANT_MEMBERS)
    admin = identity_admin(ctx.platform)
    invited = await admin.remind(ctx.tenant.slug, member)
    await _write_to(ctx, invited)
    await ctx.audit("tenant.member_reminded", kind="person", id=_mark(ctx, admin, member))
    return _staff(ctx.tenant, invited.member)


async def grant(ctx: Ctx, member: str, role: str) -> Staff:
    """Give a member a role. Raises ``Forbidden``, ``TooMuch``, ``UnknownMember``, ``InvalidInput``."""
    ctx.require(TENANT_MEMBERS)
    wanted = _known_role(ctx, role)
    _check_may_give(ctx, [wanted])
    admin = identity_admin(ctx.platform)
    await admin.find_member(ctx.tenant.slug, member)
    await ctx.audit("tenant.role_granted", kind="person", id=_mark(ctx, admin, member), after={"role": wanted.name})
    await admin.grant(ctx.tenant.slug, member, wanted.group)
    return _staff(ctx.tenant, await admin.find_member(ctx.tenant.slug, member))


async def revoke(ctx: Ctx, member: str, role: str) -> Staff:
    """Take a role from a member. Raises like ``grant``, and ``LastAdmin``.

    What another of his groups still carries stays his.
    """
    ctx.require(TENANT_MEMBERS)
    gone = _known_role(ctx, role)
    _check_may_give(ctx, [gone])
    admin = identity_admin(ctx.platform)
    await admin.find_member(ctx.tenant.slug, member)
    if TENANT_ADMIN in {role, *ctx.tenant.roles.carried_by(gone.group)}:
        await _check_not_last(ctx, admin, member)
    await ctx.audit("tenant.role_revoked", kind="person", id=_mark(ctx, admin, member), before={"role": gone.name})
    await admin.revoke(ctx.tenant.slug, member, gone.group)
    return _staff(ctx.tenant, await admin.find_member(ctx.tenant.slug, member))


async def remove(ctx: Ctx, member: str) -> None:
    """End a person's membership. Rights end with the present token, within minutes.

    Raises ``Forbidden``, ``TooMuch`` for somebody with more rights than the caller, ``LastAdmin``, ``UnknownMember``.
    """
    ctx.require(TENANT_MEMBERS)
    admin = identity_admin(ctx.platform)
    staff = _staff(ctx.tenant, await admin.find_member(ctx.tenant.slug, member))
    known = (role_named(ctx.platform, ctx.tenant, name) for name in sorted(staff.roles))
    _check_may_give(ctx, [role for role in known if role is not None])
    if TENANT_ADMIN in staff.roles:
        await _check_not_last(ctx, admin, member)
    await ctx.audit(
        "tenant.member_removed", kind="person", id=_mark(ctx, admin, member), before={"roles": sorted(staff.roles)}
    )
    await admin.remove_member(ctx.tenant.slug, member)


async def explain_member(ctx: Ctx, member: str, action: str) -> tuple[Member, Explanation]:
    """Whether a member may do something, and why, with the state of the account. Raises like ``staff_member``."""
    found = (await staff_member(ctx, member)).member
    answer = explain(ctx.platform, ctx.tenant, claims_of(ctx, found), action)
    if found.state is MemberState.DISABLED:
        words = t(
            "Das Konto ist gesperrt: Niemand kann sich damit anmelden.", "The account is disabled: nobody can sign in."
        )
        return found, replace(answer, allowed=False, sources=(), steps=(Step(False, words), *answer.steps))
    if found.state is MemberState.INVITED:
        words = t("Die Person hat sich noch nie angemeldet.", "The person has never signed in.")
        return found, replace(answer, steps=(Step(None, words), *answer.steps))
    return found, answer


def giveable(ctx: Ctx) -> Sequence[Role]:
    """The roles that the caller may give here."""
    return [role for role in roles_of(ctx.platform, ctx.tenant) if may_give(ctx.principal, role)]


def claims_of(ctx: Ctx, member: Member) -> Claims:
    """What a token of this member would say about this town: for explanations, not for access."""
    carried = frozenset[str]().union(*(default_roles(group) for group in member.groups))
    return Claims(
        issuer=identity_admin(ctx.platform).issuer,
        subject=member.id,
        expires_at=ctx.now(),
        name=member.name,
        staff={ctx.tenant.slug: carried & STAFF_ROLES},
        groups={ctx.tenant.slug: member.groups},
    )


def _staff(town: TenantInfo, member: Member) -> Staff:
    carried = frozenset[str]().union(*(default_roles(group) for group in member.groups))
    return Staff(member, town.roles.of(carried & STAFF_ROLES, member.groups))


def _require_region(ctx: Ctx, roles: frozenset[str]) -> None:
    if not ctx.can(REGION_TOWNS):
        raise Unauthenticated() if ctx.principal.subject is None else Forbidden()
    if roles != frozenset({TENANT_ADMIN}):
        raise Forbidden(
            t(
                "Die Region bestimmt nur die Administration einer Kommune; alle anderen Rollen vergibt die Kommune.",
                "The region only appoints a town's admins; the town itself gives all other roles.",
            ),
            field="roles",
        )


def _known_role(ctx: Ctx, name: str) -> Role:
    role = role_named(ctx.platform, ctx.tenant, name)
    if role is None:
        raise InvalidInput(t(f"Die Rolle {name} gibt es hier nicht.", f"There is no role {name} here."), field="roles")
    return role


def _check_may_give(ctx: Ctx, roles: Sequence[Role]) -> None:
    """A role is given by its group: whatever else the town has that group carry is given with it."""
    for role in roles:
        if not may_give(ctx.principal, role):
            raise TooMuch(role.title, field="roles")
        for name in sorted(ctx.tenant.roles.carried_by(role.group) - {role.name}):
            other = role_named(ctx.platform, ctx.tenant, name)
            # One that cannot be given now may mean a lot once its plugin is on again.
            whole = ctx.principal.is_system or TENANT_ADMIN in ctx.principal.roles
            if not (may_give(ctx.principal, other) if other else whole):
                raise TooMuch(title_of(ctx.platform, ctx.tenant, name), field="roles")


async def _check_not_last(ctx: Ctx, admin: IdentityAdmin, member: str) -> None:
    """Two admins who remove each other at the same moment come one after the other."""
    await ctx.session.lock("core.members", "admins")
    for other in await admin.list_members(ctx.tenant.slug):
        admins = TENANT_ADMIN in _staff(ctx.tenant, other).roles
        if admins and other.id != member and other.state is MemberState.ACTIVE:
            return
    raise LastAdmin


async def _write_to(ctx: Ctx, invited: Invited) -> None:
    if invited.mailed:
        return
    member = invited.member
    titles = [title_of(ctx.platform, ctx.tenant, role) for role in sorted(_staff(ctx.tenant, member).roles)]
    await ctx.mail(
        Mail(
            to=member.email,
            template="core/invitation",
            data={
                "name": member.name,
                "town": ctx.tenant.name,
                "roles": [title.get(ctx.tenant.language) for title in titles],
                "link": f"{ctx.platform.settings.base_url}/console/{ctx.tenant.slug}/",
            },
            locale="en" if ctx.tenant.language == "en" else "de",
        )
    )


def _mark(ctx: Ctx, admin: IdentityAdmin, member: str) -> str:
    """The pseudonym under which the log also knows what this person does."""
    person = Principal(PrincipalKind.PERSON, subject=member, issuer=admin.issuer)
    return pseudonym(ctx.platform.settings.key, person) or ""


def _short(value: str, field: str) -> str:
    text = " ".join(value.split())
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(
            t(f"Bitte höchstens {MOST_CHARACTERS} Zeichen.", f"At most {MOST_CHARACTERS} characters, please."),
            field=field,
        )
    return text
