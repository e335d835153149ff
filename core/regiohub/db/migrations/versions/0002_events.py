"""Outbox, marks of handled events, timetable of jobs."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    text, moment = sa.Text(), ops.UtcDateTime
    ops.create_tenant_table(
        "core_outbox",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("payload", ops.Json, nullable=False),
        sa.Column("key", text),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", moment(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("finished_at", moment()),
        sa.Column("error", text),
        ops.unique("kind", "name", "key"),
    )
    # Partial indexes: the finished entries are many and nobody looks for them.
    ops.execute("CREATE INDEX ix_core_outbox_due ON core_outbox (tenant_id, due_at) WHERE state = 'pending'")
    ops.execute("CREATE INDEX ix_core_outbox_unfinished ON core_outbox (tenant_id, state) WHERE state <> 'done'")
    ops.create_tenant_table(
        "core_handled",
        sa.Column("entry_id", ops.Guid(), primary_key=True),
        sa.Column("handler", text, primary_key=True),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("at", moment(), nullable=False),
        ops.reference("entry_id", "core_outbox"),
        id=False,
    )
    ops.create_tenant_table(
        "core_job",
        sa.Column("name", text, primary_key=True),
        sa.Column("next_at", moment(), nullable=False),
        sa.Column("running_until", moment()),
        sa.Column("started_at", moment()),
        sa.Column("finished_at", moment()),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("error", text),
        id=False,
    )
    for table in ("core_outbox", "core_handled", "core_job"):
        ops.guard(table)


def downgrade() -> None:
    """Drop them."""
    for table in ("core_job", "core_handled", "core_outbox"):
        ops.drop_tenant_table(table)
