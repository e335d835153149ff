"""A missing right, said so that the person knows whom to ask."""

from regiohub.auth.login import ConsoleSession
from regiohub.auth.permissions import REGION_ROLES, Permission
from regiohub.errors import Forbidden
from regiohub.texts import Text


class MissingRight(Forbidden):
    """The person lacks a permission; the page names it."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(
            Text(
                f"Dafür fehlt Ihnen das Recht „{permission.title.de}“.",
                f"You lack the right “{permission.title.en}” for this.",
            ),
            permission=permission.id,
        )


def may_see_region(session: ConsoleSession) -> bool:
    """Whether the person works for the region."""
    return session.issuer.region and not session.claims.top_roles.isdisjoint(REGION_ROLES)
