"""Which demo content a town holds."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    ops.create_tenant_table(
        "core_demo",
        sa.Column("plugin", sa.Text(), primary_key=True),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("loaded_at", ops.UtcDateTime(), nullable=False),
        id=False,
    )
    ops.guard("core_demo")


def downgrade() -> None:
    """Drop it."""
    ops.drop_tenant_table("core_demo")
