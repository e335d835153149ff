"""The tabs above the pages about access: those that the person may open."""

from __future__ import annotations

from typing import Final

from regiohub.auth.permissions import TENANT_CLIENTS, TENANT_MEMBERS, TENANT_ROLES, Permission
from regiohub.console.page import Page
from regiohub.texts import Text, t

_TABS: Final[tuple[tuple[Text, str, Permission], ...]] = (
    (t("Personen", "People"), "members", TENANT_MEMBERS),
    (t("Rollen", "Roles"), "roles", TENANT_ROLES),
    (t("Gruppen", "Groups"), "groups", TENANT_ROLES),
    (t("Programme", "Programs"), "clients", TENANT_CLIENTS),
    (t("Wer darf was?", "Who may do what?"), "explain", TENANT_MEMBERS),
)


def tabs_of(page: Page) -> list[tuple[Text, str, bool]]:
    """Title, address, and whether it is the present one."""
    path = page.request.url.path
    found = [(title, page.town_url("access", part), permission) for title, part, permission in _TABS]
    return [
        (title, url, path == url or path.startswith(f"{url}/"))
        for title, url, permission in found
        if page.can(permission)
    ]
