"""Tables of the sample."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, geometry, index, reference, unique


class Well(TenantModel, Timestamps):
    """A well with its place."""

    __tablename__ = "wells_well"

    slug: Mapped[str]
    depth: Mapped[int]
    place: Mapped[dict[str, Any] | None] = geometry()

    __table_args__ = (unique("slug"), sa.CheckConstraint("depth > 0", name="depth"))


class Visit(TenantModel):
    """Somebody came to a well."""

    __tablename__ = "wells_visit"

    well_id: Mapped[UUID] = reference("wells_well")
    at: Mapped[datetime]

    __table_args__ = (index("wells_visit", "at"),)
