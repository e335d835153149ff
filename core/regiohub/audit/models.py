"""The audit log: one table to which entries are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from regiohub.auth.principal import PrincipalKind
from regiohub.db.base import TenantModel
from regiohub.db.keys import index


class AuditEntry(TenantModel):
    """Who did what to which thing, and when.

    The words are kept as they were written, with name and version of the plugin: history stays readable when the
    plugin is gone. Persons appear as pseudonyms only; the database refuses to change or delete an entry.
    """

    __tablename__ = "core_audit"

    at: Mapped[datetime]
    actor_kind: Mapped[PrincipalKind]
    actor: Mapped[str | None]
    """Keyed pseudonym of the person or machine client; none for anonymous callers and the platform itself."""
    action: Mapped[str]
    object_kind: Mapped[str | None]
    object_id: Mapped[str | None]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    note: Mapped[str | None]
    text_de: Mapped[str]
    text_en: Mapped[str]
    plugin: Mapped[str]
    plugin_version: Mapped[str]

    __table_args__ = (index("core_audit", "object_kind", "object_id"), index("core_audit", "action"))
