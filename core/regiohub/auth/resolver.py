"""From the Authorization header to the principal of a request."""

from collections.abc import Callable, Iterable

from .permissions import Permission
from .principal import ANONYMOUS, Principal
from .rights import principal_of
from .tokens import TokenRefused, TokenValidator

DeclaredPermissions = Callable[[str | None], Iterable[Permission]]
"""Permissions in force in a town: the core's and those of the plugins that are on there."""


class PrincipalResolver:
    """Says who calls. Rights are worked out for each request anew, so that a switch of plugins counts at once."""

    def __init__(self, validator: TokenValidator, declared: DeclaredPermissions) -> None:
        self._validator = validator
        self._declared = declared

    async def resolve(self, token: str | None, tenant: str | None) -> Principal:
        """The caller with this bearer token in a town (``None``: at the region); without a token ``ANONYMOUS``.

        Raises ``TokenRefused`` for a token that does not count: a caller who sends one is never silently anonymous.
        """
        if token is None:
            return ANONYMOUS
        claims, issuer = await self._validator.validate(token, tenant)
        return principal_of(claims, tenant=tenant, declared=self._declared(tenant), speaks_for_region=issuer.region)


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
