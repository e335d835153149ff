"""A lock without hardware, for development, demo and tests."""

import secrets
from collections.abc import Sequence
from dataclasses import replace

from regiohub.api import TenantScope, Text, t
from regiohub_booking.locks.contract import Door, GrantAnswer, GrantRequest, LockCapabilities, LockUnreachable

DIGITS = "123456789"
CODE_LENGTH = 6
SILENT = "silent"


def new_code() -> str:
    """A random code of six digits without zero, which keypads of several vendors leave out."""
    return "".join(secrets.choice(DIGITS) for _ in range(CODE_LENGTH))


class SimulatedLock:
    """Keeps grants in memory. A door whose id begins with ``silent`` never answers, like a lock without network."""

    name = "simulator"
    capabilities = LockCapabilities(pin=True, remote=True)

    def __init__(self) -> None:
        self._grants: dict[tuple[str, str], GrantRequest] = {}

    @property
    def title(self) -> Text:
        """Name shown to staff."""
        return t("Simuliertes Schloss", "Simulated lock")

    async def doors(self, scope: TenantScope) -> Sequence[Door]:
        """Two doors in every town, the second of them silent."""
        return (Door("front", f"{scope.tenant.name}, front"), Door(SILENT, f"{scope.tenant.name}, silent"))

    async def grant(self, scope: TenantScope, request: GrantRequest) -> GrantAnswer:
        """Stores the grant; the same reference keeps its code."""
        _answers(request.doors)
        known = self._grants.get(self._key(scope, request.reference))
        code = request.code or (known.code if known else None) or new_code()
        self._grants[self._key(scope, request.reference)] = replace(request, code=code)
        return GrantAnswer(vendor_reference=f"sim-{request.reference}", code=code)

    async def reschedule(self, scope: TenantScope, request: GrantRequest) -> GrantAnswer:
        """The same as a grant: both are made by our reference."""
        return await self.grant(scope, request)

    async def revoke(self, scope: TenantScope, reference: str, vendor_reference: str | None) -> None:
        """Forgets the grant."""
        del vendor_reference
        known = self._grants.get(self._key(scope, reference))
        if known is not None:
            _answers(known.doors)
            del self._grants[self._key(scope, reference)]

    async def read_back(self, scope: TenantScope, reference: str) -> GrantRequest | None:
        """The stored grant."""
        return self._grants.get(self._key(scope, reference))

    @staticmethod
    def _key(scope: TenantScope, reference: str) -> tuple[str, str]:
        return scope.tenant.slug, reference


def _answers(doors: Sequence[str]) -> None:
    if any(door.startswith(SILENT) for door in doors):
        raise LockUnreachable("the simulated door is silent")
