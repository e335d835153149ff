"""Why somebody may do something in a town, or what is missing: each step in words, the decision by the one rule.

The decision is taken by ``principal_of``, as for every request; this module only finds out where it comes from.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from regiohub.auth.claims import Claims
from regiohub.auth.permissions import (
    CITIZEN,
    MACHINE,
    PUBLIC,
    REGION_ROLES,
    SIGNED_IN,
    STAFF_ROLES,
    TENANT_PERMISSIONS,
    Permission,
)
from regiohub.auth.rights import ForeignTenant, permissions_of, principal_of
from regiohub.texts import Text, t

from .catalogue import roles_of, title_of
from .town import OWN, default_roles

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at. ``good``: it gives the right, does not, or (``None``) is a remark."""

    good: bool | None
    text: Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer. ``sources``: names of the roles that give the right; ``roles``: all that the person has here."""

    allowed: bool
    action: str
    title: Text
    steps: tuple[Step, ...]
    sources: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


@dataclass(slots=True)
class _Case:
    platform: Platform
    town: TenantInfo
    claims: Claims
    steps: list[Step] = field(default_factory=list[Step])

    def note(self, good: bool | None, de: str, en: str) -> None:
        self.steps.append(Step(good, t(de, en)))

    def title(self, role: str) -> Text:
        return title_of(self.platform, self.town, role)


def explain(
    platform: Platform, town: TenantInfo, claims: Claims, action: str, *, speaks_for_region: bool = True
) -> Explanation:
    """Whether the holder of these claims may do ``action`` (an id such as ``booking.approve``) in a town, and why."""
    case = _Case(platform, town, claims)
    permission = _permission(case, action)
    if permission is None:
        return Explanation(False, action, Text(action, action), tuple(case.steps))
    try:
        principal = principal_of(
            claims, tenant=town.slug, declared=platform.permissions(town.slug), roles=town.roles,
            speaks_for_region=speaks_for_region,
        )  # fmt: skip
    except ForeignTenant:
        case.note(
            False,
            f"Dieser Zugang gilt für eine andere Kommune ({claims.machine_tenant}) und hier für nichts.",
            f"This access is for another town ({claims.machine_tenant}) and counts for nothing here.",
        )
        return Explanation(False, action, permission.title, tuple(case.steps))
    in_force = _in_force(case, permission)
    if claims.is_machine:
        sources = _machine(case, permission, principal.can(permission))
    else:
        sources = _person(case, permission, principal.roles, speaks_for_region=speaks_for_region)
    if not in_force:
        sources = ()
    return Explanation(
        principal.can(permission), action, permission.title, tuple(case.steps), sources, tuple(sorted(principal.roles))
    )


def _permission(case: _Case, action: str) -> Permission | None:
    known = {entry.id: entry for entry in (PUBLIC, SIGNED_IN, *TENANT_PERMISSIONS)}
    known |= {entry.id: entry for entries in REGION_ROLES.values() for entry in entries}
    for plugin in case.platform.plugins.healthy.values():
        known |= {entry.id: entry for entry in plugin.permissions}
    if action in known:
        return known[action]
    near = difflib.get_close_matches(action, known, n=3)
    hint_de, hint_en = (
        (f" Gemeint ist vielleicht: {', '.join(near)}.", f" Perhaps: {', '.join(near)}.") if near else ("", "")
    )
    record = next((r for r in case.platform.plugins.records if r.id == action.partition(".")[0]), None)
    if record is not None and not record.healthy:
        case.note(
            False,
            f"Das Plugin {record.id} arbeitet gerade nirgends (Quarantäne oder nicht zugelassen); damit gilt auch "
            "keines seiner Rechte.",
            f"The plugin {record.id} works nowhere at the moment (quarantine or not allowed); its rights do not count.",
        )
    else:
        case.note(
            False,
            f"Ein Recht „{action}“ gibt es nicht: Weder die Plattform noch ein Plugin kennt es.{hint_de}",
            f"There is no right “{action}”: neither the platform nor a plugin declares it.{hint_en}",
        )
    return None


def _in_force(case: _Case, permission: Permission) -> bool:
    plugin = case.platform.plugins.healthy.get(permission.id.partition(".")[0])
    if plugin is None or plugin.id in case.town.enabled:
        return True
    case.note(
        False,
        f"Das Plugin {plugin.title.de} ist in {case.town.short_name} ausgeschaltet. Solange gilt keines seiner Rechte, "
        "für niemanden.",
        f"The plugin {plugin.title.en} is off in {case.town.short_name}. As long as it is, none of its rights counts, "
        "for anybody.",
    )
    return False


def _person(case: _Case, permission: Permission, have: frozenset[str], *, speaks_for_region: bool) -> tuple[str, ...]:
    if permission in (PUBLIC, SIGNED_IN):
        case.note(
            True, f"{permission.title.de}: dafür braucht es keine Rolle.", f"{permission.title.en}: no role needed."
        )
        return (CITIZEN,)
    if permission.id.startswith("region."):
        return _regional(case, permission, speaks_for_region=speaks_for_region)
    _membership(case)
    _groups(case)
    sources = tuple(role for role in sorted(have) if _gives(case, role, permission))
    for role in sources:
        title = case.title(role)
        case.note(
            True,
            f"Die Rolle „{title.de}“ enthält das Recht „{permission.title.de}“.",
            f"The role “{title.en}” holds the right “{permission.title.en}”.",
        )
    if not sources:
        _lacking(case, permission, have)
    if not sources and case.claims.top_roles & REGION_ROLES.keys():
        case.note(
            None,
            "Eine Rolle der Region öffnet keine Daten einer Kommune.",
            "A regional role opens no town's data.",
        )
    return sources


def _membership(case: _Case) -> None:
    slug, name = case.town.slug, case.town.short_name
    if slug in case.claims.staff:
        case.note(True, f"Die Person gehört zu {name}.", f"The person belongs to {name}.")
        return
    case.note(
        False,
        f"Die Person gehört nicht zu {name}; sie ist hier nur angemeldet.",
        f"The person does not belong to {name}; here he or she is merely signed in.",
    )
    others = sorted(case.claims.staff)
    if others:
        case.note(
            None,
            f"Rollen in anderen Kommunen ({', '.join(others)}) zählen hier nicht.",
            f"Roles in other towns ({', '.join(others)}) do not count here.",
        )
    if case.claims.top_roles & STAFF_ROLES:
        case.note(
            None,
            "Rollen, die der Anmeldedienst ohne Kommune nennt, zählen nie.",
            "Roles that the login server names without a town never count.",
        )


def _groups(case: _Case) -> None:
    town = case.town
    for group in sorted(case.claims.groups.get(town.slug, ())):
        carried = town.roles.carried_by(group)
        known = [
            role for role in sorted(carried) if not role.startswith(OWN) or role.removeprefix(OWN) in town.roles.own
        ]
        said = carried != default_roles(group)
        how_de, how_en = (" (so von der Kommune festgelegt)", " (as the town has set)") if said else ("", "")
        if known:
            titles = [case.title(role) for role in known]
            de, en = ", ".join(title.de for title in titles), ", ".join(title.en for title in titles)
            case.note(None, f"Gruppe {group}: Rolle {de}{how_de}.", f"Group {group}: role {en}{how_en}.")
        else:
            case.note(None, f"Gruppe {group}: keine Rolle{how_de}.", f"Group {group}: no role{how_en}.")


def _gives(case: _Case, role: str, permission: Permission) -> bool:
    declared = case.platform.permissions(case.town.slug)
    return permission.id in permissions_of({role}, declared, case.town.roles)


def _lacking(case: _Case, permission: Permission, have: frozenset[str]) -> None:
    staff = sorted(have - {CITIZEN} - REGION_ROLES.keys())
    if staff:
        titles = [case.title(role) for role in staff]
        de, en = ", ".join(title.de for title in titles), ", ".join(title.en for title in titles)
        case.note(
            False,
            f"Keine ihrer Rollen ({de}) enthält das Recht „{permission.title.de}“.",
            f"None of the roles held ({en}) holds the right “{permission.title.en}”.",
        )
    elif case.town.slug in case.claims.staff:
        case.note(False, "Die Person hat hier keine Rolle.", "The person has no role here.")
    giving = [role.title for role in roles_of(case.platform, case.town) if permission.id in role.permissions]
    if giving:
        de, en = ", ".join(title.de for title in giving), ", ".join(title.en for title in giving)
        case.note(None, f"Das Recht geben diese Rollen: {de}.", f"These roles give the right: {en}.")


def _regional(case: _Case, permission: Permission, *, speaks_for_region: bool) -> tuple[str, ...]:
    mine = sorted(case.claims.top_roles & REGION_ROLES.keys())
    if mine and not speaks_for_region:
        case.note(
            False,
            "Der Anmeldedienst dieser Person darf nicht für die Region sprechen; ihre Rollen dort zählen nicht.",
            "This person's login server may not speak for the region; its regional roles do not count.",
        )
        return ()
    sources = tuple(role for role in mine if permission in REGION_ROLES[role])
    for role in sources:
        title = case.title(role)
        case.note(
            True, f"Die Rolle „{title.de}“ enthält dieses Recht der Region.",
            f"The role “{title.en}” holds this right of the region.",
        )  # fmt: skip
    if not sources:
        titles = [case.title(role) for role in REGION_ROLES if permission in REGION_ROLES[role]]
        de, en = ", ".join(title.de for title in titles), ", ".join(title.en for title in titles)
        case.note(
            False,
            f"Das ist ein Recht der Region. Keine Rolle einer Kommune gibt es, nur: {de}.",
            f"This is a right of the region. No town's role gives it, only: {en}.",
        )
    return sources


def _machine(case: _Case, permission: Permission, allowed: bool) -> tuple[str, ...]:
    roles = ", ".join(sorted(case.claims.client_roles)) or "–"
    case.note(
        None, f"Ein Zugang für Programme mit den Rollen: {roles}.", f"An access for programs with the roles: {roles}."
    )
    if allowed:
        case.note(True, "Sie reichen für dieses Recht.", "They suffice for this right.")
        return (MACHINE,)
    if permission == SIGNED_IN:
        case.note(False, "Das dürfen nur Menschen.", "Only people may do this.")
    elif MACHINE not in permission.roles:
        case.note(False, "Dieses Recht ist für Programme nicht geöffnet.", "This right is not open to programs.")
    else:
        case.note(False, "Dafür fehlt dem Zugang eine Rolle.", "The access lacks a role for this.")
    return ()
