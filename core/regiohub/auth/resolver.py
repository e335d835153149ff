"""From the Authorization header to the principal of a request."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from .claims import Claims
from .permissions import Permission
from .principal import ANONYMOUS, Principal
from .rights import principal_of
from .roles.town import NO_ROLES, TownRoles
from .tokens import TokenRefused, TokenValidator

DeclaredPermissions = Callable[[str | None], Iterable[Permission]]
"""Permissions in force in a town: the core's and those of the plugins that are on there.

The same object again means that nothing has changed.
"""
RolesOfTown = Callable[[str | None], TownRoles]
"""The own roles and groups of a town as they are now."""
_REMEMBERED: Final = 4096


class PrincipalResolver:
    """Says who calls. Rights follow the permissions and roles in force at each request: a change counts at once."""

    def __init__(
        self, validator: TokenValidator, declared: DeclaredPermissions, roles: RolesOfTown = lambda _slug: NO_ROLES
    ) -> None:
        self._validator = validator
        self._declared = declared
        self._roles = roles
        self._known: OrderedDict[tuple[int, str | None], tuple[Claims, Iterable[Permission], TownRoles, Principal]] = (
            OrderedDict()
        )

    async def resolve(self, token: str | None, tenant: str | None) -> Principal:
        """The caller with this bearer token in a town (``None``: at the region); without a token ``ANONYMOUS``.

        Raises ``TokenRefused`` for a token that does not count: a caller who sends one is never silently anonymous.
        """
        if token is None:
            return ANONYMOUS
        claims, issuer = await self._validator.validate(token, tenant)
        declared, roles = self._declared(tenant), self._roles(tenant)
        key = (id(claims), tenant)
        known = self._known.get(key)
        # The entry holds the claims, so that their identity cannot pass to others.
        if known is not None and known[0] is claims and known[1] is declared and known[2] is roles:
            self._known.move_to_end(key)
            return known[3]
        principal = principal_of(claims, tenant=tenant, declared=declared, roles=roles, speaks_for_region=issuer.region)
        self._known[key] = (claims, declared, roles, principal)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return principal


def bearer_token(header: str | None) -> str | None:
    """The token of an ``Authorization`` header, ``None`` without one.

    Raises ``TokenRefused`` for another scheme or an empty token: a mistake must not turn into an anonymous call.
    """
    if header is None or not header.strip():
        return None
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenRefused("not a bearer token")
    return token.strip()
