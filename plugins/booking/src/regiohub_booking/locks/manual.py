"""A key and a person: the caretaker's list is the lock."""

from collections.abc import Sequence

from regiohub.api import TenantScope, Text, t
from regiohub_booking.locks.contract import Door, GrantAnswer, GrantRequest, LockCapabilities


class ManualHandover:
    """Nothing to switch: the caretaker sees each booking with its hand-over times on the list and brings the key.

    Works in villages without internet, and always answers.
    """

    name = "manual"
    capabilities = LockCapabilities()

    @property
    def title(self) -> Text:
        """Name shown to staff."""
        return t("Schlüsselübergabe durch die Hausbetreuung", "Key handed over by the caretaker")

    async def doors(self, scope: TenantScope) -> Sequence[Door]:
        """Doors are named freely at the resource."""
        del scope
        return ()

    async def grant(self, scope: TenantScope, request: GrantRequest) -> GrantAnswer:
        """The list follows by itself."""
        del scope, request
        return GrantAnswer()

    async def reschedule(self, scope: TenantScope, request: GrantRequest) -> GrantAnswer:
        """The list follows by itself."""
        del scope, request
        return GrantAnswer()

    async def revoke(self, scope: TenantScope, reference: str, vendor_reference: str | None) -> None:
        """The list follows by itself."""
        del scope, reference, vendor_reference

    async def read_back(self, scope: TenantScope, reference: str) -> GrantRequest | None:
        """Nothing is kept elsewhere."""
        del scope, reference
        return None
