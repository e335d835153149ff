"""What a lock adapter is: the vendor-neutral contract between booking and doors.

Plugins do not import each other. An adapter of another plugin has what stands here, in classes of its own, and raises
`regiohub.api.Unavailable` where ours raise LockUnreachable.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from regiohub.api import TenantScope, Text


class LockUnreachable(Exception):
    """The lock did not answer or refused. The grant stays due and is tried again with growing pauses."""


@dataclass(frozen=True, slots=True)
class LockCapabilities:
    """What a kind of lock can do.

    ``pin``: opens by a code; ``remote``: follows at once over the network; ``lead_time``: how long before the start a
    grant should be there (locks that fetch their codes now and then).
    """

    pin: bool = False
    remote: bool = False
    lead_time: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Door:
    """A door an adapter knows."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class GrantRequest:
    """Access for one booking.

    ``reference`` is ours and stays the same for the life of the booking: an adapter that sees it again changes what it
    has instead of adding a second grant. ``label`` is the booking's number, never a name. ``code`` is the code in force
    when the booking is moved, so that nobody has to learn a new one; it is left out of the object's printed form.
    """

    reference: str
    doors: tuple[str, ...]
    start: datetime
    end: datetime
    label: str
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class GrantAnswer:
    """What the lock did: its own reference, and the code once, when it has one."""

    vendor_reference: str | None = None
    code: str | None = field(default=None, repr=False)


class LockAdapter(Protocol):
    """A kind of lock. All methods are repeatable by ``reference`` and raise LockUnreachable when the lock is silent.

    ``scope`` gives the town and, by ``scope.settings(…)``, the settings of the plugin that brings the adapter.
    """

    @property
    def name(self) -> str:
        """Stable name that resources refer to, such as ``simulator``."""
        ...

    @property
    def title(self) -> Text:
        """Name shown to staff."""
        ...

    @property
    def capabilities(self) -> LockCapabilities:
        """What this kind of lock can do."""
        ...

    async def doors(self, scope: TenantScope) -> Sequence[Door]:
        """The doors the adapter reaches in this town."""
        ...

    async def grant(self, scope: TenantScope, request: GrantRequest) -> GrantAnswer:
        """Let the holder in from ``start`` to ``end``."""
        ...

    async def reschedule(self, scope: TenantScope, request: GrantRequest) -> GrantAnswer:
        """Move an existing grant; one the lock has lost is made anew."""
        ...

    async def revoke(self, scope: TenantScope, reference: str, vendor_reference: str | None) -> None:
        """Take the access back. A grant the lock does not know counts as revoked."""
        ...

    async def read_back(self, scope: TenantScope, reference: str) -> GrantRequest | None:
        """What the lock holds under our reference, or None; used to compare and repair."""
        ...
