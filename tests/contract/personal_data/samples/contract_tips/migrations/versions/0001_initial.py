"""Topics, tips, photos."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None

TABLES = ("letterbox_topic", "letterbox_tip", "letterbox_photo")


def upgrade() -> None:
    """Create them."""
    ops.create_tenant_table("letterbox_topic", sa.Column("title", sa.Text(), nullable=False))
    ops.create_tenant_table(
        "letterbox_tip",
        sa.Column("topic_id", ops.Guid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answers", ops.Json, nullable=False),
        *ops.timestamps(),
        ops.reference("topic_id", "letterbox_topic"),
    )
    ops.create_index("letterbox_tip", "topic_id")
    ops.create_tenant_table(
        "letterbox_photo",
        sa.Column("tip_id", ops.Guid(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=True),
        ops.reference("tip_id", "letterbox_tip"),
    )
    ops.create_index("letterbox_photo", "tip_id")
    for table in TABLES:
        ops.guard(table)


def downgrade() -> None:
    """Drop them."""
    for table in reversed(TABLES):
        ops.drop_tenant_table(table)
