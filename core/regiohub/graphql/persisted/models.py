"""The table of registered documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import TenantTable


class PersistedDocument(TenantTable):
    """A document of a client (town app, portal) in a town. Two clients may register the same one; each has a row."""

    __tablename__ = "core_persisted_document"

    client: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(primary_key=True)
    document: Mapped[str]
    source: Mapped[str]
    registered_at: Mapped[datetime]
