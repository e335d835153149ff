"""A missing right, said so that the person knows whom to ask."""

from regiohub.auth.login import ConsoleSession
from regiohub.auth.permissions import CITIZEN, REGION_ROLES, Permission
from regiohub.auth.principal import Principal
from regiohub.errors import Forbidden
from regiohub.tenancy.info import TenantInfo
from regiohub.texts import Text, t


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


class NotStaff(Forbidden):
    """The person has no role in this town: its console is for its staff."""

    code = "NOT_STAFF"

    def __init__(self, town: TenantInfo) -> None:
        super().__init__(
            t(
                f"Diese Seiten sind für die Verwaltung: {town.name}. Ihr Konto hat dort keine Aufgabe.",
                f"These pages are for the administration: {town.name}. Your account has no role there.",
            )
        )


def is_staff(person: Principal) -> bool:
    """Whether the person works for the town at hand; a role at the region opens no town's console."""
    return bool(person.roles - {CITIZEN} - REGION_ROLES.keys())


def may_see_region(session: ConsoleSession) -> bool:
    """Whether the person works for the region."""
    return session.issuer.region and not session.claims.top_roles.isdisjoint(REGION_ROLES)
