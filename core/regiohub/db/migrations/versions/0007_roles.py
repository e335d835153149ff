"""Roles that towns make themselves, and the roles that their groups carry."""

import sqlalchemy as sa

from regiohub.db.migrations import ops

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    ops.create_tenant_table(
        "core_role",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title_de", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("permissions", ops.Json, nullable=False),
        *ops.timestamps(),
        ops.unique("key"),
    )
    ops.guard("core_role")
    ops.create_tenant_table(
        "core_group_role",
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("roles", ops.Json, nullable=False),
        *ops.timestamps(),
        ops.unique("group"),
    )
    ops.guard("core_group_role")


def downgrade() -> None:
    """Drop them."""
    for table in ("core_group_role", "core_role"):
        ops.drop_tenant_table(table)
