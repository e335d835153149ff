"""The registered documents of all towns in memory: an operation never asks the database for its text."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from regiohub.db.database import Database
from regiohub.tenancy.info import TenantInfo
from regiohub.tenancy.registry import TenantRegistry

from .models import PersistedDocument


class PersistedDocuments:
    """Documents by town and hash.

    They are read again when anything about the town has changed, which registering does too: this process sees it at
    once, others within two seconds. Unknown hashes cost no statement.
    """

    def __init__(self, database: Database, tenants: TenantRegistry) -> None:
        self._database, self._tenants = database, tenants
        self._known: dict[int, tuple[TenantInfo | None, Mapping[str, str]]] = {}

    async def find(self, tenant: TenantInfo, hash: str) -> str | None:
        """The text of a document; None if nobody has registered it in this town."""
        town = self._tenants.by_id(tenant.id)
        known = self._known.get(tenant.id)
        if known is None or known[0] is not town:
            known = self._known[tenant.id] = (town, await self._load(tenant.id))
        return known[1].get(hash)

    async def _load(self, tenant: int) -> Mapping[str, str]:
        async with self._database.read(tenant) as session:
            rows = await session.execute(sa.select(PersistedDocument.hash, PersistedDocument.document).distinct())
            return {key: document for key, document in rows}  # noqa: C416 - typed rows
