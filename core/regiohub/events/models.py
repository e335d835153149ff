"""Tables of the outbox and of scheduled jobs."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import TenantModel, TenantTable
from regiohub.db.keys import unique


class EntryKind(StrEnum):
    """What an outbox entry asks for."""

    EVENT = "event"
    TASK = "task"
    MAIL = "mail"


class EntryState(StrEnum):
    """Where an outbox entry stands."""

    PENDING = "pending"
    """Due at ``due_at``; being worked on if that was moved ahead by a worker's claim."""
    WAITING = "waiting"
    """Its plugin is off or missing; it goes on when the plugin is back."""
    DONE = "done"
    DEAD = "dead"
    """Given up after too many attempts; an operator decides (``regiohub outbox``)."""


class HandledResult(StrEnum):
    """How a handler finished with an event."""

    DONE = "done"
    OFF = "off"
    """Not delivered: the handler's plugin was off for the town."""


class OutboxEntry(TenantModel):
    """Work that a committed transaction asked for: the truth about what still has to happen."""

    __tablename__ = "core_outbox"

    kind: Mapped[EntryKind]
    name: Mapped[str]
    version: Mapped[int] = mapped_column(sa.Integer())
    payload: Mapped[dict[str, Any]]
    key: Mapped[str | None]
    state: Mapped[EntryState]
    attempts: Mapped[int] = mapped_column(sa.Integer())
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]

    __table_args__ = (
        # The name of a task comes with its plugin's prefix, so that keys of two plugins never meet.
        unique("kind", "name", "key"),
        sa.Index(
            "ix_core_outbox_due",
            "tenant_id",
            "due_at",
            postgresql_where=sa.text("state = 'pending'"),
            sqlite_where=sa.text("state = 'pending'"),
        ),
        sa.Index(
            "ix_core_outbox_unfinished",
            "tenant_id",
            "state",
            postgresql_where=sa.text("state <> 'done'"),
            sqlite_where=sa.text("state <> 'done'"),
        ),
    )


class Handled(TenantTable):
    """Mark that a handler is through with an event, written in the transaction of the handler's own writes."""

    __tablename__ = "core_handled"

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    handler: Mapped[str] = mapped_column(primary_key=True)
    result: Mapped[HandledResult]
    at: Mapped[datetime]

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["tenant_id", "entry_id"], ["core_outbox.tenant_id", "core_outbox.id"], ondelete="CASCADE"
        ),
    )


class JobState(TenantTable):
    """When a scheduled job runs next in a town, and how its last run went."""

    __tablename__ = "core_job"

    name: Mapped[str] = mapped_column(primary_key=True)
    next_at: Mapped[datetime]
    running_until: Mapped[datetime | None]
    """Until when the run under way belongs to its worker, who renews it; after it the job is due again."""
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    runs: Mapped[int] = mapped_column(sa.Integer())
    failures: Mapped[int] = mapped_column(sa.Integer())
    """Failed runs in a row."""
    error: Mapped[str | None]
