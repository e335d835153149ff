"""Who is calling, and what he may do in the town (or region) he is calling."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from .permissions import PUBLIC, SIGNED_IN, Permission


class PrincipalKind(StrEnum):
    """What sort of caller it is."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    MACHINE = "machine"
    REGIONAL = "regional"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller within one town; the same token gives another principal in another town.

    ``subject`` is the issuer's identifier of the person or client. ``tenant`` is the slug that the rights hold for,
    ``None`` at the region. ``permissions`` are ids (``booking.approve``). After ``expires_at`` nothing of it holds.
    """

    kind: PrincipalKind
    subject: str | None = None
    name: str | None = None
    email: str | None = None
    tenant: str | None = None
    roles: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    expires_at: datetime | None = None
    issuer: str | None = None

    @property
    def is_signed_in(self) -> bool:
        """Whether a person stands behind the call: what "any signed-in person may" is not for machines."""
        return self.kind in (PrincipalKind.PERSON, PrincipalKind.REGIONAL) and self.subject is not None

    @property
    def is_system(self) -> bool:
        """Whether the platform itself acts: jobs, handlers, the command line."""
        return self.kind is PrincipalKind.SYSTEM

    def can(self, permission: Permission) -> bool:
        """Whether this caller may do it. The platform itself may do everything."""
        if self.is_system or permission == PUBLIC:
            return True
        if permission == SIGNED_IN:
            return self.is_signed_in
        return permission.id in self.permissions

    def is_expired(self, now: datetime) -> bool:
        """Whether the token behind it has ended (open subscriptions ask this)."""
        return self.expires_at is not None and self.expires_at <= now


ANONYMOUS: Final = Principal(PrincipalKind.ANONYMOUS)
"""A caller without a token."""
SYSTEM: Final = Principal(PrincipalKind.SYSTEM, subject="system", name="Regio.hub")
"""The platform itself."""
