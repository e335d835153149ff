"""What ``regiohub doctor`` asks the login servers: whether they answer, and whether they know the towns."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from .examination import Finding

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.settings import IssuerSettings

Check = Callable[["Platform"], Awaitable[list[Finding]]]


def identity_checks(platform: Platform) -> Sequence[Check]:
    """The checks that fit what is configured."""
    issuers: tuple[Check, ...] = (_issuers,) if platform.settings.issuers else ()
    return (*issuers, _organizations) if platform.settings.keycloak_url else issuers


async def _issuers(platform: Platform) -> list[Finding]:
    """Login servers: answering with keys."""
    return [await _issuer(entry, platform.settings.is_production) for entry in platform.settings.issuers]


async def _issuer(entry: IssuerSettings, production: bool) -> Finding:
    from regiohub.auth.fetch import remote_keys
    from regiohub.auth.keys import read_keys

    try:
        keys = read_keys(await remote_keys(entry, production=production)())
    except Exception as error:
        remedy = "Whoever holds a token goes on; check address and network. The platform starts all the same."
        return Finding("Login server", "error", f"{entry.issuer} gives no keys: {type(error).__name__}", remedy)
    if not keys:
        return Finding("Login server", "error", f"{entry.issuer} has no key for signatures that count here")
    if not entry.client_secret.get_secret_value():
        text = f"{entry.issuer} answers; nobody signs in to the console there"
        return Finding("Login server", "note", text, "To change that: client_secret in REGIOHUB_ISSUERS")
    return Finding("Login server", "ok", f"{entry.issuer} answers")


async def _organizations(platform: Platform) -> list[Finding]:
    """Organizations: one at the login server for each town."""
    from regiohub.auth.keycloak import open_realm
    from regiohub.auth.keycloak.organizations import organizations

    async with open_realm(platform.settings) as realm:
        known = await organizations(realm)
    missing = [town.slug for town in platform.tenants.all() if town.slug not in known]
    if missing:
        text = f"the login server does not know {', '.join(missing)}"
        return [Finding("Organizations", "warning", text, "Run: regiohub identity bootstrap")]
    return [Finding("Organizations", "ok", "the login server knows every town")]
