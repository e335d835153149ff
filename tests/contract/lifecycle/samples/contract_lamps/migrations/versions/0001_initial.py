"""Lamps."""

import sqlalchemy as sa

from regiohub.api.migrations import ops

revision = "0001"
down_revision = None


def upgrade() -> None:
    ops.create_tenant_table(
        "lamps_lamp",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("lit", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        ops.unique("slug"),
    )
    ops.guard("lamps_lamp")


def downgrade() -> None:
    ops.drop_tenant_table("lamps_lamp")
