"""Who may enter a town's pages at all."""

from __future__ import annotations

from regiohub.console.page import Page
from regiohub.errors import Forbidden
from regiohub.texts import t


def require_staff(page: Page) -> None:
    """Raises ``Forbidden`` for people without any role in this town: what they may see stands on its public pages."""
    if not page.person.permissions:
        raise Forbidden(
            t(
                f"Sie haben in {page.town.short_name} keine Rolle.",
                f"You have no role in {page.town.short_name}.",
            )
        )
