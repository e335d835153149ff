"""Long work and how far it is."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Create the table."""
    text, moment = sa.Text(), ops.UtcDateTime
    ops.create_tenant_table(
        "core_work",
        sa.Column("kind", text, nullable=False),
        sa.Column("title_de", text, nullable=False),
        sa.Column("title_en", text, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("note_de", text),
        sa.Column("note_en", text),
        sa.Column("created_at", moment(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.Column("finished_at", moment()),
    )
    ops.create_index("core_work", "kind", "state")
    ops.guard("core_work")


def downgrade() -> None:
    """Drop it."""
    ops.drop_tenant_table("core_work")
