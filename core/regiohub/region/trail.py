"""The region's audit trail: what concerns the administration of towns, whoever did it."""

from __future__ import annotations

import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.auth.permissions import REGION_AUDIT
from regiohub.auth.principal import Principal

from .rights import require


def entries(person: Principal) -> sa.Select[AuditEntry]:
    """Entries of the core in all towns, without order: all that regional staff may change is among them.

    What people do in a town's plugins stays in the town's log: the region administers, it does not look on.
    """
    require(person, REGION_AUDIT)
    return sa.select(AuditEntry).where(AuditEntry.plugin == "core")
