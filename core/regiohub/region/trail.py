"""The region's audit trail: what concerns the administration of towns, and what regional staff did in them."""

from __future__ import annotations

import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.auth.permissions import REGION_AUDIT
from regiohub.auth.principal import Principal, PrincipalKind

from .rights import require


def entries(person: Principal) -> sa.Select[AuditEntry]:
    """Entries of the core and of regional staff in all towns, without order.

    What a town's own staff do in its plugins stays in the town's log: the region administers, it does not look on.
    """
    require(person, REGION_AUDIT)
    return sa.select(AuditEntry).where(
        sa.or_(AuditEntry.plugin == "core", AuditEntry.actor_kind == PrincipalKind.REGIONAL)
    )
