"""The identity part of one platform object, put together from its settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from regiohub.settings import Settings

from .dev import DEV_PATH, DevIssuer, dev_issuer_allowed
from .registry import IssuerRegistry, configured_issuers
from .resolver import DeclaredPermissions, PrincipalResolver, RolesOfTown
from .roles.town import NO_ROLES
from .tokens import TokenValidator


@dataclass(frozen=True, slots=True)
class Identity:
    """The issuers that count, the validator of their tokens, and the built-in issuer where it runs."""

    issuers: IssuerRegistry
    validator: TokenValidator
    dev: DevIssuer | None

    def resolver(self, declared: DeclaredPermissions, roles: RolesOfTown = lambda _slug: NO_ROLES) -> PrincipalResolver:
        """The resolver of principals: ``declared`` gives the permissions in force in a town, ``roles`` its roles."""
        return PrincipalResolver(self.validator, declared, roles)

    async def close(self) -> None:
        """Ends what still runs in the background."""
        await self.issuers.close()


def issuers_of(settings: Settings, tenant: str) -> frozenset[str]:
    """The issuers that may speak for a town, the built-in one included. Raises ``DevIssuerRefused``."""
    named = {entry.issuer for entry in settings.issuers if not {"*", tenant}.isdisjoint(entry.tenants)}
    return frozenset(named | ({settings.base_url + DEV_PATH} if dev_issuer_allowed(settings) else set()))


def build_identity(settings: Settings, now: Callable[[], datetime]) -> Identity:
    """Identity as the settings say. Raises ``DevIssuerRefused`` for test tokens in production."""
    issuers = configured_issuers(settings)
    dev = DevIssuer.from_settings(settings, now)
    if dev is not None:
        issuers.add(dev.as_trusted())
    validator = TokenValidator(
        issuers,
        now,
        leeway=settings.token_leeway,
        max_bytes=settings.token_max_bytes,
        allow_dev=not settings.is_production,
    )
    return Identity(issuers, validator, dev)
