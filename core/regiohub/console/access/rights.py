"""What a set of roles allows in a town, right by right, for pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from regiohub.auth.permissions import Permission
from regiohub.auth.rights import permissions_of
from regiohub.auth.roles.catalogue import assignable, title_of
from regiohub.console.page import Page
from regiohub.texts import Text


@dataclass(frozen=True, slots=True)
class Right:
    """A permission, and the roles among those held that give it."""

    permission: Permission
    by: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class RightsGroup:
    """The rights of the core or of one plugin."""

    title: Text
    rights: tuple[Right, ...]


def rights_of(page: Page, roles: Collection[str]) -> Sequence[RightsGroup]:
    """All rights that the town knows, with the roles that give each of them."""
    declared, town = page.platform.permissions(page.town.slug), page.town
    given = {role: permissions_of({role}, declared, town.roles) for role in sorted(roles)}
    titles = {role: title_of(page.platform, town, role) for role in given}

    def right(permission: Permission) -> Right:
        return Right(permission, tuple(titles[role] for role, held in given.items() if permission.id in held))

    return [
        RightsGroup(group.title, tuple(right(permission) for permission in group.permissions))
        for group in assignable(page.platform, town)
    ]
