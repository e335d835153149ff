"""Consents of all towns."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from regiohub.auth.permissions import REGION_READ
from regiohub.auth.principal import Principal
from regiohub.sharing.models import Consent

from .rights import require


def consents(person: Principal) -> sa.Select[Consent]:
    """All consents ever given, without order."""
    require(person, REGION_READ)
    return sa.select(Consent)


def in_force(day: date) -> Any:
    """Whether a consent gives anything on a day."""
    return sa.and_(
        Consent.revoked_at.is_(None),
        Consent.valid_from <= day,
        sa.or_(Consent.valid_until.is_(None), Consent.valid_until >= day),
    )
