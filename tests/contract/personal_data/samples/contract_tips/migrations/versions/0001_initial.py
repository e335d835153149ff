"""Topics, tips, photos."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None

TABLES = ("tips_topic", "tips_tip", "tips_photo")


def upgrade() -> None:
    """Create them."""
    ops.create_tenant_table("tips_topic", sa.Column("title", sa.Text(), nullable=False))
    ops.create_tenant_table(
        "tips_tip",
        sa.Column("topic_id", ops.Guid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", ops.Json, nullable=False),
        *ops.timestamps(),
        ops.reference("topic_id", "tips_topic"),
    )
    ops.create_index("tips_tip", "topic_id")
    ops.create_tenant_table(
        "tips_photo",
        sa.Column("tip_id", ops.Guid(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=True),
        ops.reference("tip_id", "tips_tip"),
    )
    ops.create_index("tips_photo", "tip_id")
    for table in TABLES:
        ops.guard(table)


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        ops.drop_tenant_table(table)
